// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

/** The owner of a service that decides nothing. */
public final class NoOwner implements Service.Owner {
    @Override
    public void left(int remaining) {}

    @Override
    public void detach() {}

    @Override
    public void persist() {}

    @Override
    public void stop() {}
}
