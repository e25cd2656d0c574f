// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import org.processional.spi.Launcher;
import org.processional.tck.LauncherRules;

/** The rules of launchers. */
class LocalLauncherTest extends LauncherRules {
    @Override
    protected Launcher launcher() {
        return new LocalLauncher();
    }
}
