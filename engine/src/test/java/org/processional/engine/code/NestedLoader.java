// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A loader as Spring Boot has it: of a jar within a jar, with URLs that only it can open. */
final class NestedLoader extends ClassLoader {
    private final Path outer;
    private final Map<String, byte[]> contents = new HashMap<>();

    NestedLoader(Path outer, byte[] inner) throws IOException {
        super(ClassLoader.getPlatformClassLoader());
        this.outer = outer;
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(inner))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                contents.put(entry.getName(), in.readAllBytes());
            }
        }
    }

    @Override
    protected URL findResource(String name) {
        byte[] content = contents.get(name);
        if (content == null) {
            return null;
        }
        try {
            return new URL(null, "jar:" + outer.toUri() + "!/BOOT-INF/lib/inner.jar!/" + name, new URLStreamHandler() {
                @Override
                protected URLConnection openConnection(URL url) {
                    return new URLConnection(url) {
                        @Override
                        public void connect() {}

                        @Override
                        public InputStream getInputStream() {
                            return new ByteArrayInputStream(content);
                        }
                    };
                }
            });
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
