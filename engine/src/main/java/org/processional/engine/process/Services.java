// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.ProviderException;
import org.processional.engine.Log;
import org.processional.spi.Address;
import org.processional.spi.CodecProvider;
import org.processional.spi.Launcher;
import org.processional.spi.Providers;
import org.processional.spi.Transport;

/**
 * The transports, codecs and launchers of this process, the best first.
 *
 * <p><b>Threads:</b> from any thread; found once.
 */
final class Services {
    /** What there is, found when it is first asked for: a slave that starts does without. */
    private static final class All {
        static final List<Transport> TRANSPORTS = new ArrayList<>();
        static final List<CodecProvider> CODECS = new ArrayList<>();
        static final List<Throwable> FAILURES = new ArrayList<>();

        static {
            Providers.Found<Transport> transports = Providers.find(Transport.class);
            TRANSPORTS.addAll(transports.providers());
            TRANSPORTS.sort((a, b) -> Integer.compare(b.priority(), a.priority()));
            Providers.Found<CodecProvider> codecs = Providers.find(CodecProvider.class);
            CODECS.addAll(codecs.providers());
            CODECS.sort((a, b) -> Integer.compare(b.priority(), a.priority()));
            FAILURES.addAll(transports.failures());
            FAILURES.addAll(codecs.failures());
            for (Throwable failure : FAILURES) {
                Log.engine().warn("a provider failed to load; the others are used", failure);
            }
        }

        private All() {}
    }

    private static final List<String> OURS = List.of("shm", "unix", "tcp");

    private Services() {}

    /** The transport of an address. */
    static Transport transport(Address address) {
        return transport(address.scheme(), " of address \"" + address + "\"");
    }

    /**
     * The transport of an address, in a slave.
     *
     * @param provider the class that its master has for it, and this process most probably too
     */
    static Transport transport(Address address, String provider) {
        Transport known = Providers.find(Transport.class, provider);
        return known != null && known.scheme().equals(address.scheme()) ? known : transport(address);
    }

    /**
     * The codecs to offer to a master alone: the one that it will choose, or where this process has not got it all.
     *
     * @param provider the class of the first codec that the master offers
     */
    static List<CodecProvider> codecsOfMaster(String provider) {
        CodecProvider known = Providers.find(CodecProvider.class, provider);
        return known != null ? List.of(known) : codecs(null);
    }

    /** The transport of a scheme, which the user named somewhere. */
    static Transport transport(String scheme, String where) {
        List<String> schemes = new ArrayList<>();
        for (Transport transport : All.TRANSPORTS) {
            if (transport.scheme().equals(scheme)) {
                return transport;
            }
            schemes.add(transport.scheme());
        }
        String cure = OURS.contains(scheme)
                ? "add module org.processional.transport." + scheme + " (artifact processional-transport-" + scheme
                        + ")"
                : "write one of these, or add the module that provides it";
        throw withFailures(new ProviderException("no transport for scheme \"" + scheme + "\"" + where
                + "; module path and class path have " + schemes + "; " + cure));
    }

    /** All transports, the best first. */
    static List<Transport> transports() {
        return Collections.unmodifiableList(All.TRANSPORTS);
    }

    /**
     * The codecs to offer, the best first.
     *
     * @param name the only one to offer; null for all
     */
    static List<CodecProvider> codecs(@Nullable String name) {
        List<CodecProvider> chosen = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (CodecProvider codec : All.CODECS) {
            names.add(codec.name());
            if (name == null || codec.name().equals(name)) {
                chosen.add(codec);
            }
        }
        if (chosen.isEmpty()) {
            throw withFailures(new ProviderException(
                    name == null
                            ? "no codec on the module path or class path; add module org.processional.codec.jboss"
                                    + " (artifact processional-codec-jboss)"
                            : "no codec \"" + name + "\"; module path and class path have " + names));
        }
        return chosen;
    }

    /** What starts slaves, for who starts one. */
    private static final class Launchers {
        static final Providers.Found<Launcher> FOUND = Providers.find(Launcher.class);

        private Launchers() {}
    }

    /**
     * The launcher of slaves.
     *
     * @param name its name; null for the best
     */
    static Launcher launcher(@Nullable String name) {
        List<String> names = new ArrayList<>();
        Launcher best = null;
        for (Launcher launcher : Launchers.FOUND.providers()) {
            names.add(launcher.name());
            boolean fits = name == null || launcher.name().equals(name);
            if (fits && (best == null || launcher.priority() > best.priority())) {
                best = launcher;
            }
        }
        if (best == null) {
            throw withFailures(
                    new ProviderException((name == null ? "no launcher" : "no launcher \"" + name + "\"")
                            + "; module path and class path have " + names),
                    Launchers.FOUND.failures());
        }
        return best;
    }

    /** Adds why other transports and codecs did not load. */
    static ProviderException withFailures(ProviderException missing) {
        return withFailures(missing, All.FAILURES);
    }

    private static ProviderException withFailures(ProviderException missing, List<Throwable> failures) {
        StringBuilder message = new StringBuilder(String.valueOf(missing.getMessage()));
        for (Throwable failure : failures) {
            message.append("; one failed to load: ").append(root(failure).getMessage());
        }
        ProviderException told = new ProviderException(message.toString());
        failures.forEach(told::addSuppressed);
        return told;
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = root.getCause(); cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return root;
    }
}
