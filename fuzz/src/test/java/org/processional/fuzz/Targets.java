// SPDX-License-Identifier: Apache-2.0
package org.processional.fuzz;

import java.util.List;
import org.processional.cli.CommandLineTarget;
import org.processional.codec.jboss.CodecTarget;
import org.processional.engine.code.CodeTarget;
import org.processional.engine.memory.MemoryTarget;
import org.processional.engine.peer.AnswersTarget;
import org.processional.engine.peer.HandshakeTarget;
import org.processional.engine.peer.RequestsTarget;
import org.processional.spi.channel.StreamTarget;
import org.processional.transport.shm.RingTarget;

/**
 * All targets.
 *
 * <p><b>Threads:</b> stateless.
 */
final class Targets {
    private Targets() {}

    static List<Target> all() {
        return List.of(
                new AddressTarget(),
                new CommandLineTarget(),
                new StreamTarget(),
                new RingTarget(),
                new HandshakeTarget(),
                CodecTarget.river(),
                CodecTarget.serial(),
                new RequestsTarget(),
                new AnswersTarget(),
                new CodeTarget(),
                new MemoryTarget());
    }

    static Target named(String name) {
        return all().stream()
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no target is named \"" + name + "\"; there are "
                        + all().stream().map(Target::name).toList()));
    }
}
