// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.ClientOptions;
import org.processional.spi.Address;
import org.processional.spi.Providers;
import org.processional.spi.Transport;
import org.processional.tck.EngineRules;

/** The contracts of the engine over transports and codecs of all modules: what the kit's in-memory run has, for real. */
@Tag("alone") // it serves at one port again and again
@ParameterizedClass(name = "{0}")
@MethodSource("combinations")
class EngineTest extends EngineRules {
    /** A transport and a codec. */
    record Combination(String transport, String codec) {}

    @Parameter
    Combination combination;

    static List<Combination> combinations() {
        if (!Rounds.FULL) {
            return List.of(new Combination("unix", "river"), new Combination("blocking", "java"));
        }
        List<Combination> all = new ArrayList<>();
        for (String transport : List.of("unix", "shm", "tcp", "blocking")) {
            for (String codec : List.of("river", "serial", "java")) {
                all.add(new Combination(transport, codec));
            }
        }
        return all;
    }

    @TempDir
    private static Path folder;

    @Override
    protected String address() {
        boolean isNetwork = List.of("tcp", "blocking").contains(combination.transport());
        return freshAddress() + (isNetwork ? "?secret-file=" + folder.resolve("secret") : "");
    }

    private Address freshAddress() {
        try {
            return Providers.find(Transport.class).providers().stream()
                    .filter(transport -> transport.scheme().equals(combination.transport()))
                    .findFirst()
                    .orElseThrow()
                    .freshAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected ClientOptions clientOptions() {
        return ClientOptions.builder().codec(combination.codec()).build();
    }

    @Override
    protected int rounds(int full) {
        return Rounds.of(full);
    }
}
