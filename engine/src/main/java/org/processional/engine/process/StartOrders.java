// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.processional.Limits;
import org.processional.engine.task.Durations;
import org.processional.spi.Address;

/**
 * What a slave is told on its standard input when it starts: nothing of it is visible in the list of processes.
 *
 * @param address where to listen
 * @param name what the process is called
 * @param secret what its clients must know; empty for nothing
 * @param server whether it has many clients
 * @param detached whether it outlives its master
 * @param persistent whether it outlives its last client
 * @param credits requests that each client may have pending
 * @param startMillis how long to wait for the first client
 * @param closeMillis how long to wait at the end
 * @param initialClass class to run first; empty for none
 * @param code whether it takes code of its clients
 * @param transport the class of the transport, as the master has it
 * @param codec the class of the first codec that the master offers
 * @param training whether it is no slave, but makes an archive of class data at its end
 * @param selectors the class that makes selectors; empty to search for it
 * @param filter the pattern of what it takes; empty for none
 * @param limits how much it gives
 * @param log lowest level of the records that go to its master, as System.Logger.Level names it; empty for none
 * @param ownProvider whether SLF4J keeps the provider that the flags of the slave name
 */
record StartOrders(
        Address address,
        String name,
        String secret,
        boolean server,
        boolean detached,
        boolean persistent,
        int credits,
        long startMillis,
        long closeMillis,
        String initialClass,
        boolean code,
        String transport,
        String codec,
        boolean training,
        String selectors,
        String filter,
        Limits limits,
        String log,
        boolean ownProvider) {
    private static final int MAGIC = 0x50524f53; // PROS

    /** The same for a JVM that makes an archive: a slave that runs nothing of the user. */
    StartOrders forTraining(Address where) {
        return new StartOrders(
                where,
                name,
                secret,
                false,
                false,
                false,
                credits,
                startMillis,
                closeMillis,
                "",
                code,
                transport,
                codec,
                true,
                selectors,
                filter,
                limits,
                "",
                false);
    }

    void write(OutputStream stream) throws IOException {
        DataOutputStream out = new DataOutputStream(stream);
        out.writeInt(MAGIC);
        writeText(out, address.toString());
        writeText(out, name);
        writeText(out, secret);
        out.writeBoolean(server);
        out.writeBoolean(detached);
        out.writeBoolean(persistent);
        out.writeInt(credits);
        out.writeLong(startMillis);
        out.writeLong(closeMillis);
        writeText(out, initialClass);
        out.writeBoolean(code);
        writeText(out, transport);
        writeText(out, codec);
        out.writeBoolean(training);
        writeText(out, selectors);
        writeText(out, filter);
        out.writeInt(limits.connections());
        out.writeInt(limits.exports());
        out.writeInt(limits.threads());
        out.writeLong(limits.shippedBytes());
        out.writeLong(Durations.cut(limits.greeting()).toMillis());
        writeText(out, log);
        out.writeBoolean(ownProvider);
        out.flush();
    }

    /** A text of any length; {@code writeUTF} takes no more than 64 KiB, and a filter may be longer. */
    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        byte[] bytes = in.readNBytes(Math.max(0, length)); // which takes no more memory than what comes
        if (bytes.length != length) {
            throw new EOFException("the orders end too early");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static StartOrders read(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        if (in.readInt() != MAGIC) {
            throw new IOException("this class is started by Processional only; call Processional.slave()");
        }
        return new StartOrders(
                Address.parse(readText(in)),
                readText(in),
                readText(in),
                in.readBoolean(),
                in.readBoolean(),
                in.readBoolean(),
                in.readInt(),
                in.readLong(),
                in.readLong(),
                readText(in),
                in.readBoolean(),
                readText(in),
                readText(in),
                in.readBoolean(),
                readText(in),
                readText(in),
                new Limits(
                        in.readInt(),
                        in.readInt(),
                        in.readInt(),
                        in.readLong(),
                        Duration.ofMillis(Math.max(1, in.readLong()))),
                readText(in),
                in.readBoolean());
    }
}
