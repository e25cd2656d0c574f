// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.IOException;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.jar.Attributes;
import org.jspecify.annotations.Nullable;
import org.processional.ProcessionalException;
import org.processional.ShippedClass;
import org.processional.engine.Log;
import org.processional.engine.code.Manifest.Entry;
import org.processional.engine.code.Manifest.Kind;

/**
 * The classes and resources of one client, in a process that lacks them. What the parent has comes from the parent; the
 * rest is asked for at the client, with what it needs, and kept in the cache. What the client has not either is not asked
 * for again.
 *
 * <p>Of a class that is in two places of the client, the one in a jar that has come already is taken.
 *
 * <p>Nothing static refers to it: it is collected, and its files are closed, when the last object of its classes is gone.
 *
 * <p><b>Threads:</b> any thread, several at once. Locks, in this order: the JDK's for the name of a class, then that of
 * {@link ShippedCode}, which is held over round trips and never while a class is defined. An interrupt neither ends a
 * load nor gets lost.
 */
public final class ShippedLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final long pid;
    private final String client;
    private final ClassLoader parent;
    private final CodeSupply supply;
    private final Supplier<CodeCache> cache;
    private final Object making = new Object();
    private volatile @Nullable ShippedCode code; // made under making, by the first who misses something
    private final Queue<ShippedClass> shipped = new ConcurrentLinkedQueue<>();

    /**
     * Makes a loader.
     *
     * @param pid the process id of the client, which names it in messages, and this loader in stack traces
     * @param parent asked first
     * @param supply the way to the client
     * @param cache gives the one in which the contents are kept; asked when something is missing here
     */
    public ShippedLoader(long pid, ClassLoader parent, CodeSupply supply, Supplier<CodeCache> cache) {
        super("client " + pid, parent);
        this.pid = pid;
        this.client = "client " + pid;
        this.parent = parent;
        this.supply = supply;
        this.cache = cache;
    }

    /** What is known of the client's code. */
    private ShippedCode code() {
        ShippedCode known = code;
        if (known == null) {
            synchronized (making) {
                known = code;
                if (known == null) {
                    known = new ShippedCode(parent, supply, cache.get());
                    code = known;
                }
            }
        }
        return known;
    }

    /** What was defined so far, in that order. */
    public List<ShippedClass> shipped() {
        return List.copyOf(shipped);
    }

    /** How often the client was asked. */
    public long roundTrips() {
        return code().contents().roundTrips();
    }

    /** How many bytes of contents the client has sent; what was in the cache is not among them. */
    public long shippedBytes() {
        return code().contents().bytes();
    }

    /** The client may have now what it did not have: {@link CodeOrigin#offer} there has said so. Never waits. */
    public void forgetMissing() {
        ShippedCode known = code;
        if (known != null) {
            known.forgetMissing();
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        String resource = name.replace('.', '/') + ".class";
        if (NeverShipped.has(resource)) {
            throw new ClassNotFoundException(name + " is missing here; what is of the JDK or of Processional does not"
                    + " come from clients: start this process with a Java and a Processional that have it");
        }
        try (Uninterrupted region = new Uninterrupted()) {
            List<Entry> entries = code().locate(resource, region);
            if (entries.isEmpty()) {
                throw new ClassNotFoundException(name + " is neither in this process nor at " + client
                        + "; add it to the class path of one of them");
            }
            Entry entry = entries.get(0);
            return entry.kind() == Kind.JAR
                    ? defineFrom(code().jar(entry, region), name, resource)
                    : defineFrom(entry, name, region);
        } catch (ProcessionalException | IllegalStateException | IOException e) {
            throw new ClassNotFoundException(
                    name + " is not in this process, and it cannot be had from " + client + ": " + e.getMessage()
                            + "; keep the client connected while its code runs, or add the class to the class path of"
                            + " this process",
                    e);
        }
    }

    private Class<?> defineFrom(Entry entry, String name, Uninterrupted region) throws IOException {
        byte[] bytes = code().bytes(entry, region);
        CodeSource source = new CodeSource(code().url(entry), (Certificate[]) null);
        return define(name, bytes, entry.hash(), source);
    }

    private Class<?> defineFrom(ShippedJar jar, String name, String resource)
            throws IOException, ClassNotFoundException {
        byte[] bytes = jar.read(resource);
        if (bytes == null) {
            throw new ClassNotFoundException(name + " is not in " + jar.url() + ", although " + client
                    + " has it there; is it for another version of Java?");
        }
        int end = name.lastIndexOf('.');
        if (end > 0 && getDefinedPackage(name.substring(0, end)) == null) {
            definePackage(jar, name.substring(0, end));
        }
        return define(name, bytes, jar.entry().hash(), jar.source());
    }

    private Class<?> define(String name, byte[] bytes, Hash hash, CodeSource source) {
        Class<?> type = defineClass(name, bytes, 0, bytes.length, new ProtectionDomain(source, null, this, null));
        String location = String.valueOf(source.getLocation());
        shipped.add(new ShippedClass(name, hash.hex(), bytes.length, Instant.now(), location, pid));
        return type;
    }

    @SuppressWarnings("NullAway") // the JDK takes null for what is not known
    private void definePackage(ShippedJar jar, String name) throws IOException {
        String path = name.replace('.', '/') + "/";
        boolean sealed = "true".equalsIgnoreCase(jar.attribute(path, Attributes.Name.SEALED));
        try {
            definePackage(
                    name,
                    jar.attribute(path, Attributes.Name.SPECIFICATION_TITLE),
                    jar.attribute(path, Attributes.Name.SPECIFICATION_VERSION),
                    jar.attribute(path, Attributes.Name.SPECIFICATION_VENDOR),
                    jar.attribute(path, Attributes.Name.IMPLEMENTATION_TITLE),
                    jar.attribute(path, Attributes.Name.IMPLEMENTATION_VERSION),
                    jar.attribute(path, Attributes.Name.IMPLEMENTATION_VENDOR),
                    sealed ? jar.url() : null);
        } catch (IllegalArgumentException e) {
            if (getDefinedPackage(name) == null) { // else another thread was first
                throw e;
            }
        }
    }

    @Override
    protected @Nullable URL findResource(String name) {
        if (NeverShipped.isNoName(name) || NeverShipped.has(name)) {
            return null;
        }
        try (Uninterrupted region = new Uninterrupted()) {
            for (Entry entry : code().locate(name, region)) {
                URL url = url(entry, name, region);
                if (url != null) {
                    return url;
                }
            }
            return null;
        } catch (ProcessionalException | IllegalStateException | IOException e) {
            // a loader has no other way to say it than that there is none
            Log.engine().debug("the resource {} cannot be had from {}", name, client, e);
            return null;
        }
    }

    @Override
    protected Enumeration<URL> findResources(String name) throws IOException {
        if (NeverShipped.isNoName(name) || NeverShipped.has(name)) {
            return Collections.emptyEnumeration();
        }
        try (Uninterrupted region = new Uninterrupted()) {
            List<URL> urls = new ArrayList<>();
            List<Entry> entries = code().locate(name, region);
            code().fetch(entries, region);
            for (Entry entry : entries) {
                URL url = url(entry, name, region);
                if (url != null) {
                    urls.add(url);
                }
            }
            return Collections.enumeration(urls);
        } catch (ProcessionalException | IllegalStateException e) {
            throw new IOException("the resources " + name + " cannot be had from " + client + ": " + e.getMessage(), e);
        }
    }

    private @Nullable URL url(Entry entry, String name, Uninterrupted region) throws IOException {
        return entry.kind() == Kind.JAR ? code().jar(entry, region).find(name) : code().fileUrl(entry, region);
    }

    @Override
    public String toString() {
        return "ShippedLoader[" + client + "]";
    }
}
