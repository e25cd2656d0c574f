// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processional.SharedMemory;
import org.processional.SharedMemoryException;
import org.processional.engine.Log;
import org.processional.engine.task.Daemons;

/**
 * The segments that this process has open: each file once.
 *
 * <p>A file is given up when its last handle here is closed or everything that leads to it was dropped; if a reference to
 * it is on its way to another process then, it is kept until the reference has arrived or this process ends. What dead
 * processes left is removed when this process makes or opens its first segment.
 *
 * <p><b>Threads:</b> everything from any thread, under one lock; what is locked meanwhile is a file, or the table of
 * windows.
 */
public final class Segments {
    private static final String PREFIX = "processional-" + user() + "-";
    private static final Path DIRECTORY = findDirectory();
    private static final long PID = ProcessHandle.current().pid();
    private static final long START_MILLIS = ProcessHandle.current()
            .info()
            .startInstant()
            .map(Instant::toEpochMilli)
            .orElse(0L);
    private static final String OF_JVM = PREFIX + Long.toHexString(PID) + "-" + Long.toHexString(START_MILLIS) + "-";
    private static final String OF_ENGINE = // another class loader of this JVM may have an engine of its own
            OF_JVM + Integer.toHexString(System.identityHashCode(Segments.class)) + "-";
    private static final int LONGEST_NAME = 64;
    private static final int TRIES = 100;
    private static final long LOOK_NANOS = 20_000_000; // how often the sweeper looks for references that have arrived
    private static final int LAST_LOOK = 256; // sweeps after a loss, so 5 s: who was killed has ended by then

    private static final Map<Path, WeakReference<Segment>> OPEN = new HashMap<>(); // guarded by the class, as all below
    private static final Map<Path, SegmentFile> FILES = new HashMap<>(); // which this process has locked
    private static final List<SegmentFile> LINGERING = new ArrayList<>(); // given up, with references on their way
    private static final Set<String> MAKING = new HashSet<>(); // files on their way into FILES
    private static boolean started;
    private static boolean sweeping;
    private static int sinceLoss = LAST_LOOK; // sweeps; from the last look on nobody is awaited to be dead
    private static long made;
    private static WeakReference<@Nullable Segment> latest = new WeakReference<>(null); // to which a reference arrived

    private Segments() {}

    private static String user() {
        StringBuilder name = new StringBuilder();
        for (char c : System.getProperty("user.name", "user").toCharArray()) {
            name.append(isNameChar(c) ? c : '_');
        }
        return name.toString();
    }

    private static boolean isNameChar(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_';
    }

    /** The RAM file system, or where there is none the directory of temporary files. */
    private static Path findDirectory() {
        Path ram = Path.of("/dev/shm");
        return Files.isWritable(ram) ? ram : Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** Bytes that are free for segments. */
    static long usableBytes() {
        return DIRECTORY.toFile().getUsableSpace();
    }

    // ---- making and opening

    /** See {@link org.processional.Processional#sharedMemory(long)}. */
    public static SharedMemory create(long size) {
        return create(size, SegmentFile.Content.NONE);
    }

    /** Makes a segment of a content, and zeros behind it. */
    static MappedMemory create(long size, SegmentFile.Content content) {
        requirePositive(size);
        String name = freshName();
        try { // without the lock: to write every byte takes its time
            SegmentFile file = SegmentFile.create(DIRECTORY.resolve(name), size, content, START_MILLIS);
            synchronized (Segments.class) {
                return whole(add(file));
            }
        } catch (IOException e) {
            throw unusable(name, e);
        } finally {
            synchronized (Segments.class) {
                MAKING.remove(name);
            }
        }
    }

    private static synchronized String freshName() {
        start();
        String name = OF_ENGINE + ++made;
        MAKING.add(name);
        return name;
    }

    /** See {@link org.processional.Processional#sharedMemory(ByteBuffer)}. */
    public static SharedMemory create(ByteBuffer content) {
        return create(content.remaining(), SegmentFile.Content.of(content));
    }

    /** See {@link org.processional.Processional#sharedMemory(String, long)}. */
    public static SharedMemory named(String name, long size) {
        requirePositive(size);
        boolean valid = !name.isEmpty() && name.length() <= LONGEST_NAME;
        for (int i = 0; i < name.length() && valid; i++) {
            valid = isNameChar(name.charAt(i));
        }
        if (!valid) {
            throw new IllegalArgumentException("\"" + name + "\" cannot name shared memory: take 1 to " + LONGEST_NAME
                    + " letters, digits, dots, hyphens and underscores");
        }
        Path path = DIRECTORY.resolve(PREFIX + "named-" + name);
        try {
            return Undisturbed.run(() -> named(name, path, size));
        } catch (IOException e) {
            throw unusable(path.toString(), e);
        }
    }

    /** Others may make and remove it meanwhile; to make it takes its time, as long as the file grows. */
    private static MappedMemory named(String name, Path path, long size) throws IOException {
        long bytes = -1;
        boolean interrupted = false;
        try {
            for (int tries = 0; tries < TRIES; tries++) {
                MappedMemory memory = tryNamed(name, path, size);
                if (memory != null) {
                    return memory;
                }
                long now = path.toFile().length();
                if (now != bytes) {
                    bytes = now;
                    tries = 0;
                }
                LockSupport.parkNanos(Segments.class, LOOK_NANOS);
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        throw new SharedMemoryException("shared memory \"" + name + "\" can be neither made nor opened: whoever makes "
                + path + " does not go on; end that process, or take another name");
    }

    /** Opens it or makes it; null while another thread or process does. */
    private static @Nullable MappedMemory tryNamed(String name, Path path, long size) throws IOException {
        String file = String.valueOf(path.getFileName());
        synchronized (Segments.class) {
            start();
            if (MAKING.contains(file)) {
                return null;
            }
            Segment there = find(path);
            if (there != null && there.size() != size) {
                throw new SharedMemoryException("shared memory \"" + name + "\" has " + there.size() + " bytes, not "
                        + size + "; take its size, or another name");
            }
            if (there != null) {
                return whole(there);
            }
            MAKING.add(file);
        }
        try { // without the lock, as in create
            SegmentFile made = SegmentFile.create(path, size, SegmentFile.Content.NONE, START_MILLIS);
            synchronized (Segments.class) {
                return whole(add(made));
            }
        } catch (FileAlreadyExistsException e) {
            synchronized (Segments.class) {
                if (!FILES.containsKey(path)) {
                    removeIfDead(path); // whoever began to make it may have died over that
                }
            }
            return null;
        } finally {
            synchronized (Segments.class) {
                MAKING.remove(file);
            }
        }
    }

    /**
     * Opens the segment of a reference that has arrived.
     *
     * @param name the name of its file
     */
    static synchronized Segment arrived(String name) {
        Segment segment = existing(name);
        segment.file().header().arrive(1);
        latest = new WeakReference<>(segment);
        return segment;
    }

    /**
     * The segment of a reference that has arrived, if it is that of the one before: found by comparing bytes.
     *
     * @param from at the reference; behind its names afterwards
     * @return null, and nothing is read, if it is another
     */
    static synchronized @Nullable Segment arrivedAgain(ByteBuffer from) {
        Segment segment = latest.get();
        if (segment == null || !segment.isCurrent() || !segment.file().isNamedBy(from)) {
            return null;
        }
        SegmentFile file = segment.file();
        from.position(from.position() + file.names().length);
        file.header().arrive(1);
        return segment;
    }

    /** Does something with a segment that nobody may find, or give up, in the middle of it. */
    static synchronized <T> T locked(Supplier<T> work) {
        return work.get();
    }

    /** Opens a segment. */
    static synchronized MappedMemory open(String name) {
        return whole(existing(name));
    }

    private static Segment existing(String name) {
        start();
        Segment segment = find(path(name));
        if (segment == null) {
            throw gone(name);
        }
        return segment;
    }

    private static Path path(String name) {
        if (!name.startsWith("processional-") || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
            throw new SharedMemoryException("damaged message: \"" + name + "\" is no name of shared memory");
        }
        return DIRECTORY.resolve(name);
    }

    private static SharedMemoryException gone(String name) {
        return new SharedMemoryException("shared memory " + name + " is gone: every process that held it has closed it"
                + " or died; keep it open until the other process has it");
    }

    /** A segment that will be read once; null if this process has it. */
    static synchronized @Nullable PassingFile passing(String name) throws IOException {
        Path path = path(name);
        try {
            return FILES.containsKey(path) ? null : PassingFile.open(path);
        } catch (NoSuchFileException e) {
            throw gone(name);
        }
    }

    /**
     * Counts a reference as on its way.
     *
     * @throws SharedMemoryException if this process has given the segment up
     */
    static synchronized void depart(SegmentFile file, Flights flights) {
        if (!file.held) {
            throw new SharedMemoryException(file + " was closed; a view of it can be used, but not sent any more");
        }
        if (!flights.lost) {
            if (file.lost) {
                file.header().arrivedOnce();
            }
            file.header().departs();
            file.flights.add(flights);
        }
    }

    /** A reference that has arrived is not read. */
    static synchronized void giveBack(String name) {
        SegmentFile here = FILES.get(path(name));
        if (here != null) { // whoever has it here keeps it
            here.header().arrive(1);
            return;
        }
        try (MappedMemory memory = open(name)) {
            memory.segment().file().header().arrive(1);
        }
    }

    /** A reference that was counted as on its way is not. */
    static synchronized void forget(String name, Flights flights) {
        SegmentFile file = FILES.get(DIRECTORY.resolve(name));
        if (file != null && !flights.lost) {
            file.header().arrive(1);
        }
    }

    /**
     * Ends the flights to a process whose connection is lost. How many of them had not arrived is not known, so those to
     * a segment are ended together, with the last of the connections that references to it departed on. What the process
     * leaves if it is dead is removed soon.
     */
    static synchronized void lost(Flights flights) {
        flights.lost = true;
        if (!started) {
            return;
        }
        for (SegmentFile file : FILES.values()) {
            if (file.flights.remove(flights) && file.flights.isEmpty()) {
                SegmentHeader header = file.header();
                header.arrive(header.flights());
                file.lost = true;
            }
        }
        sinceLoss = 0;
        startSweeper();
    }

    /** The segment of a file; null if there is no such file any more. */
    private static @Nullable Segment find(Path path) {
        WeakReference<Segment> known = OPEN.get(path);
        Segment segment = known == null ? null : known.get();
        if (segment != null && segment.isCurrent()) {
            return segment;
        }
        SegmentFile here = FILES.get(path);
        if (here != null) { // it lingers, or was dropped and not cleaned yet
            LINGERING.remove(here);
            return add(here);
        }
        try {
            SegmentFile file = SegmentFile.open(path);
            return file == null ? null : add(file);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw unusable(path.toString(), e);
        }
    }

    private static Segment add(SegmentFile file) {
        Segment segment = new Segment(file);
        file.segments++;
        file.held = true;
        FILES.put(file.path(), file);
        OPEN.put(file.path(), new WeakReference<>(segment));
        return segment;
    }

    private static MappedMemory whole(Segment segment) {
        return segment.handle(0, segment.size());
    }

    private static void requirePositive(long size) {
        if (size <= 0) {
            throw new IllegalArgumentException("shared memory of " + size + " bytes; it needs 1 at least");
        }
    }

    private static SharedMemoryException unusable(String name, IOException e) {
        return new SharedMemoryException(
                "cannot use " + DIRECTORY + " for shared memory " + name + ": " + e.getMessage()
                        + "; this user must be able to make files there",
                e);
    }

    // ---- giving up

    /** A segment of a file is gone. */
    static synchronized void dropped(SegmentFile file) {
        file.segments--;
        giveUpUnused(file);
    }

    /** Nobody has a buffer of a window any more. */
    static synchronized void dropped(Windows.Window window) {
        window.file.windows.remove(window);
        giveUpUnused(window.file);
    }

    private static void giveUpUnused(SegmentFile file) {
        if (file.segments == 0 && file.windows.isEmpty()) {
            giveUp(file);
        }
    }

    /** Gives a file up, unless that was done: now, or when the last reference to it has arrived. */
    static synchronized void giveUp(SegmentFile file) {
        if (!file.held) {
            return;
        }
        file.held = false;
        OPEN.remove(file.path());
        if (awaitsArrivals(file)) {
            LINGERING.add(file);
            startSweeper();
        } else {
            leaveNow(file);
        }
    }

    /** Whether a reference is on its way that departed here. Who sent others keeps the file itself, or is dead. */
    private static boolean awaitsArrivals(SegmentFile file) {
        return !file.flights.isEmpty() && file.header().flights() > 0;
    }

    private static void leaveNow(SegmentFile file) {
        file.held = false;
        FILES.remove(file.path());
        try {
            file.leave();
        } catch (IOException e) {
            Log.engine().warn("shared memory in {} could not be given up: {}", file.path(), e.toString());
        }
    }

    /** A daemon that lives as long as something lingers, or the dead may have left something. */
    private static void startSweeper() {
        if (sweeping) {
            return;
        }
        sweeping = true;
        Thread sweeper = Daemons.make("processional-memory-sweeper", new Runnable() {
            @Override
            public void run() {
                while (sweep()) {
                    LockSupport.parkNanos(this, LOOK_NANOS);
                }
            }
        });
        sweeper.start();
    }

    /** Gives up what has arrived; false if nothing is left to wait for. */
    private static synchronized boolean sweep() {
        for (Iterator<SegmentFile> each = LINGERING.iterator(); each.hasNext(); ) {
            SegmentFile file = each.next();
            if (!awaitsArrivals(file)) {
                each.remove();
                leaveNow(file);
            }
        }
        if (sinceLoss < LAST_LOOK && Integer.bitCount(++sinceLoss) == 1 && !removeWhatTheDeadLeft()) {
            sinceLoss = LAST_LOOK;
        }
        sweeping = sinceLoss < LAST_LOOK || !LINGERING.isEmpty();
        return sweeping;
    }

    // ---- the life of the process

    private static void start() {
        if (started) {
            return;
        }
        started = true;
        Runtime.getRuntime().addShutdownHook(new Thread("processional-memory-exit") {
            @Override
            public void run() {
                leaveAll();
            }
        });
        removeWhatTheDeadLeft();
    }

    private static synchronized void leaveAll() {
        for (SegmentFile file : new ArrayList<>(FILES.values())) {
            leaveNow(file);
        }
        LINGERING.clear();
    }

    /** Whether others have segments, of which some may be left by the dead a moment later. */
    private static boolean removeWhatTheDeadLeft() {
        boolean others = false;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(DIRECTORY, PREFIX + "*")) {
            for (Path file : files) {
                if (!isInUse(file) && Files.isRegularFile(file)) {
                    others |= !removeIfDead(file);
                }
            }
        } catch (IOException e) {
            Log.engine().debug("the RAM file system cannot be looked through", e);
        }
        return others;
    }

    /** Whether this JVM may have a file open: it must not be opened again, see {@link SegmentFile}. */
    private static boolean isInUse(Path file) {
        String name = file.getFileName().toString();
        return FILES.containsKey(file)
                || MAKING.contains(name)
                || name.startsWith(OF_JVM) && !name.startsWith(OF_ENGINE);
    }

    private static boolean removeIfDead(Path file) {
        try {
            boolean removed = SegmentFile.removeIfDead(file);
            if (removed) {
                Log.engine().debug("removed {}, which dead processes left", file);
            }
            return removed;
        } catch (IOException e) {
            Log.engine().debug("{} cannot be removed", file, e);
            return false;
        }
    }
}
