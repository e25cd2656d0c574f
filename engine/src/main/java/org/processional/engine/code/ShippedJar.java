// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.cert.Certificate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;

/**
 * A jar that a client has shipped, open until it is collected. It stays readable when its file is deleted; its URLs do not.
 *
 * <p><b>Threads:</b> any thread.
 */
final class ShippedJar {
    private final Manifest.Entry entry;
    private final URL url;
    private final JarFile jar;
    private final CodeSource source;

    ShippedJar(Manifest.Entry entry, Path file) {
        this.entry = entry;
        try {
            this.url = file.toUri().toURL();
            this.jar = new JarFile(file.toFile(), false, ZipFile.OPEN_READ, JarFile.runtimeVersion());
        } catch (IOException e) {
            throw new CodecException(
                    "cannot open " + file + ", which a client has shipped: " + e
                            + "; is it a jar in that client's class path?",
                    e);
        }
        this.source = new CodeSource(url, (Certificate[]) null);
    }

    /** As it was announced. */
    Manifest.Entry entry() {
        return entry;
    }

    URL url() {
        return url;
    }

    CodeSource source() {
        return source;
    }

    /** The bytes of an entry, the one for this version of Java; null if there is none. */
    byte @Nullable [] read(String name) throws IOException {
        JarEntry found = jar.getJarEntry(name);
        if (found == null) {
            return null;
        }
        try (InputStream in = jar.getInputStream(found)) {
            return in.readAllBytes();
        }
    }

    boolean has(String name) {
        return jar.getJarEntry(name) != null;
    }

    /** The URL of an entry, the one for this version of Java; null if there is none. */
    @Nullable
    URL find(String name) throws IOException {
        JarEntry found = jar.getJarEntry(name);
        if (found == null) {
            return null;
        }
        try {
            String path = new URI(null, null, "/" + found.getRealName(), null).getRawPath();
            return new URL(null, "jar:" + url + "!" + path, new Uncached());
        } catch (URISyntaxException e) {
            throw new IOException("no URL for " + name, e);
        }
    }

    /** What the manifest says of a package; null if it says nothing. */
    @Nullable
    String attribute(String packagePath, Attributes.Name name) throws IOException {
        java.util.jar.Manifest manifest = jar.getManifest();
        if (manifest == null) {
            return null;
        }
        Attributes own = manifest.getAttributes(packagePath);
        String value = own == null ? null : own.getValue(name);
        return value == null ? manifest.getMainAttributes().getValue(name) : value;
    }

    /** Opens jars for one use: the JDK would keep one open, and its content in memory, for the life of the process. */
    private static final class Uncached extends URLStreamHandler {
        @Override
        protected URLConnection openConnection(URL url) throws IOException {
            URLConnection connection = new URL(url.toExternalForm()).openConnection();
            connection.setUseCaches(false);
            return connection;
        }
    }
}
