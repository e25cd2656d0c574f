// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which transport a slave gets, in a JVM whose class path has fakes beside {@code unix}. */
@Timeout(120)
class TransportChoiceTest {
    @TempDir
    Path fakes;

    /** Runs {@link Chooser} to its end; what it prints, its log included. */
    private String run(Predicate<String> keep, List<Class<?>> transports, List<String> flags, String... arguments)
            throws IOException, InterruptedException {
        Path services = Files.createDirectories(fakes.resolve("META-INF/services"));
        Files.write(
                services.resolve("org.processional.spi.Transport"),
                transports.stream().map(Class::getName).toList());
        String path = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("processional-tck") && !entry.contains("processional-it-blocking"))
                .filter(keep)
                .collect(Collectors.joining(File.pathSeparator));
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-Dorg.slf4j.simpleLogger.log.org.processional.engine=debug");
        line.addAll(flags);
        line.addAll(List.of("-cp", path + File.pathSeparator + fakes, Chooser.class.getName()));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    private static final List<Class<?>> ALL = List.of(
            FakeTransport.Mirror.class,
            FakeTransport.Shy.class,
            FakeTransport.Broken.class,
            FakeTransport.Full.class,
            FakeTransport.Absent.class);

    private static final Predicate<String> WITHOUT_SHM = entry -> !entry.contains("transport-shm");

    private String run(List<String> flags, String... arguments) throws IOException, InterruptedException {
        return run(WITHOUT_SHM, ALL, flags, arguments);
    }

    @Test
    void theBestThatWorksIsTakenAndTheLogSaysWhyNotABetterOne() throws Exception {
        assertThat(run(List.of()))
                .contains("transport unix: unix:/")
                .contains("[absent: no room for it, full: asked for an address, broken: broken by design]")
                .containsPattern("(?m)^unix 1$");
    }

    @Test
    void theOptionComesFirstThenTheProperty() throws Exception {
        String property = "-Dprocessional.transport=mirror";
        assertThat(run(List.of(property))).containsPattern("(?m)^mirror 1$").contains("the system property");
        assertThat(run(List.of(property), "unix")).containsPattern("(?m)^unix 1$");
        assertThat(run(List.of(), "mirror")).containsPattern("(?m)^mirror 1$");
    }

    @Test
    void whatWasNamedAndCannotBeUsedIsNotReplaced() throws Exception {
        assertThat(run(List.of(), "absent"))
                .contains("ConnectionException: no address for a slave")
                .contains("of the option transport: absent: no room for it");
        assertThat(run(List.of("-Dprocessional.transport=pigeon")))
                .contains("ProviderException: no transport for scheme \"pigeon\" of the system property")
                .contains("[absent, full, broken, unix, tcp, mirror, shy]")
                .contains("write one of these, or add the module that provides it");
    }

    @Test
    void whereNoneWorksAllReasonsAreTold() throws Exception {
        Predicate<String> withoutUnix = entry -> !entry.contains("transport-");
        assertThat(run(withoutUnix, ALL, List.of()))
                .contains("ConnectionException: no transport can be used here: absent: no room for it;"
                        + " full: asked for an address; broken: broken by design; mirror: no transport unix to mirror");
        assertThat(run(withoutUnix, List.of(FakeTransport.Shy.class), List.of()))
                .contains("ProviderException: no transport on the module path or class path")
                .contains("processional-transport-unix");
    }

    @Test
    void sharedMemoryNeedsARamDisk() throws Exception {
        String property = "-Dprocessional.shm.directory=" + fakes.resolve("none");
        assertThat(run(entry -> true, List.of(), List.of(property), "shm"))
                .contains("of the option transport: shm: there is no RAM disk at " + fakes.resolve("none"));
        assertThat(run(entry -> true, List.of(), List.of(), "shm")).containsPattern("(?m)^shm 1$");
    }

    @Test
    void aMissingCodecIsNamed() throws Exception {
        assertThat(run(entry -> !entry.contains("codec-jboss"), List.of(), List.of()))
                .contains("ProviderException: no codec on the module path or class path")
                .contains("processional-codec-jboss");
    }

    @Test
    void aMissingEngineIsNamed() throws Exception {
        assertThat(run(entry -> !entry.contains("engine"), List.of(), List.of()))
                .contains("ProviderException: no engine")
                .contains("processional-engine");
    }

    @Test
    void aProviderThatDoesNotLoadIsReportedAndTheOthersAreUsed() throws Exception {
        assertThat(run(WITHOUT_SHM, List.of(FakeTransport.class), List.of()))
                .contains("a provider failed to load; the others are used")
                .contains("FakeTransport")
                .containsPattern("(?m)^unix 1$");
    }
}
