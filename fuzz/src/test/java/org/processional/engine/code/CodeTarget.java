// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.processional.ProcessionalException;
import org.processional.fuzz.Script;
import org.processional.fuzz.Target;
import org.processional.spi.FrameOutput;
import picocli.CommandLine;

/**
 * What is said of travelling code: manifests, requests for contents, contents, and what a client answers to them.
 *
 * <pre>part, by the tag modulo 4: 0 a manifest | 1 a request for contents | 2 contents | 3 a name that is asked for</pre>
 */
public final class CodeTarget implements Target {
    private final CodeOrigin origin = new CodeOrigin();

    /** What one client offers. */
    public CodeTarget() {
        origin.offer(CommandLine.class);
    }

    @Override
    public String name() {
        return "code";
    }

    @Override
    public List<byte[]> seeds() {
        String name = CommandLine.class.getName().replace('.', '/') + ".class";
        ByteBuffer manifest = origin.manifest(name);
        Manifest.Entry first = Manifest.read(manifest).entries().get(0);
        ByteBuffer request = new ContentRequest(
                        List.of(new ContentRequest.Part(first.hash(), 0), new ContentRequest.Part(first.hash(), 9)))
                .write();
        FrameOutput pieces = new FrameOutput(64, 1024);
        pieces.putSize(3);
        pieces.put(new byte[] {1, 2, 3}, 0, 3);
        pieces.putSize(0);
        return List.of(
                new Script.Writer().part(0, manifest).input(),
                new Script.Writer().part(1, request).input(),
                new Script.Writer().part(2, pieces.frame()).input(),
                new Script.Writer()
                        .part(3, name.getBytes(StandardCharsets.ISO_8859_1))
                        .part(3, "../x".getBytes(StandardCharsets.ISO_8859_1))
                        .part(3)
                        .input());
    }

    @Override
    public void run(byte[] input) {
        for (Script.Part part : Script.read(input)) {
            try {
                read(part);
            } catch (ProcessionalException e) {
                if (e.getMessage() == null) {
                    throw new AssertionError("no message", e);
                }
            }
        }
    }

    private void read(Script.Part part) {
        ByteBuffer from = part.buffer();
        switch (part.tag() % 4) {
            case 0 -> {
                Manifest manifest = Manifest.read(from);
                if (!Manifest.read(manifest.write()).equals(manifest)) {
                    throw new AssertionError(manifest + " is written as another");
                }
            }
            case 1 -> {
                ContentRequest request = ContentRequest.read(from);
                if (!ContentRequest.read(request.write()).equals(request)) {
                    throw new AssertionError(request + " is written as another");
                }
                origin.content(from);
            }
            case 2 -> {
                while (from.hasRemaining()) {
                    ContentRequest.nextPiece(from);
                }
            }
            default -> Manifest.read(origin.manifest(new String(part.bytes(), StandardCharsets.ISO_8859_1)));
        }
    }
}
