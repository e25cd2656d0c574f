// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import org.processional.spi.CodecProvider;

/** The rules over Java serialization. */
class JavaCodecTest extends CodecRules {
    @Override
    protected CodecProvider provider() {
        return new JavaCodec();
    }
}
