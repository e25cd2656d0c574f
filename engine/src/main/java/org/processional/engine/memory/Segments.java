// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
    private static final int TRIES = 100;
    private static final long LOOK_NANOS = 20_000_000; // how often the sweeper looks for references that have arrived
    private static final int LAST_LOOK = 256; // sweeps after a loss, so 5 s: who was killed has ended by then

    private static final Map<Path, WeakReference<Segment>> OPEN = new HashMap<>(); // guarded by the class, as all below
    private static final Map<Path, SegmentFile> FILES = new HashMap<>(); // which this process has locked
    private static final List<SegmentFile> LINGERING = new ArrayList<>(); // given up, with references on their way
    private static final Set<Path> MAKING = new HashSet<>(); // files on their way into FILES
    private static boolean started;
    private static boolean sweeping;
    private static int sinceLoss = LAST_LOOK; // sweeps; from the last look on nobody is awaited to be dead
    private static long made;
    private static WeakReference<@Nullable Segment> latest = new WeakReference<>(null); // to which a reference arrived

    private Segments() {}

    /** Bytes that are free for segments. */
    static long usableBytes() {
        return SegmentNames.DIRECTORY.toFile().getUsableSpace();
    }

    // ---- making and opening

    /** See {@link org.processional.Processional#sharedMemory(long)}. */
    public static SharedMemory create(long size) {
        return create(size, SegmentFile.Content.NONE);
    }

    /** Makes a segment of a content, and zeros behind it. */
    static MappedMemory create(long size, SegmentFile.Content content) {
        requirePositive(size);
        Path path = freshPath();
        try { // without the lock: to write every byte takes its time
            SegmentFile file = SegmentFile.create(path, size, content, SegmentNames.START_MILLIS);
            synchronized (Segments.class) {
                return whole(add(file));
            }
        } catch (IOException e) {
            throw unusable(path, e);
        } finally {
            synchronized (Segments.class) {
                MAKING.remove(path);
            }
        }
    }

    private static synchronized Path freshPath() {
        start();
        Path path = SegmentNames.numbered(++made);
        MAKING.add(path);
        return path;
    }

    /** See {@link org.processional.Processional#sharedMemory(ByteBuffer)}. */
    public static SharedMemory create(ByteBuffer content) {
        return create(content.remaining(), SegmentFile.Content.of(content));
    }

    /** See {@link org.processional.Processional#sharedMemory(String, long)}. */
    public static SharedMemory named(String name, long size) {
        requirePositive(size);
        Path path = SegmentNames.named(name);
        try {
            return Undisturbed.run(() -> named(name, path, size));
        } catch (IOException e) {
            throw unusable(path, e);
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
        synchronized (Segments.class) {
            start();
            if (MAKING.contains(path)) {
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
            MAKING.add(path);
        }
        try { // without the lock, as in create
            SegmentFile made = SegmentFile.create(path, size, SegmentFile.Content.NONE, SegmentNames.START_MILLIS);
            synchronized (Segments.class) {
                return whole(add(made));
            }
        } catch (FileAlreadyExistsException e) {
            synchronized (Segments.class) {
                if (!FILES.containsKey(path)) {
                    Leftovers.remove(path); // whoever began to make it may have died over that
                }
            }
            return null;
        } finally {
            synchronized (Segments.class) {
                MAKING.remove(path);
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
        Segment segment = find(SegmentNames.told(name));
        if (segment == null) {
            throw gone(name);
        }
        return segment;
    }

    private static SharedMemoryException gone(String name) {
        return new SharedMemoryException("shared memory " + name + " is gone from " + SegmentNames.DIRECTORY
                + ": every process that held it has closed it or died, or has another java.io.tmpdir; keep it open until"
                + " the other process has it");
    }

    /** A segment that will be read once; null if this process has it. */
    static synchronized @Nullable PassingFile passing(String name) throws IOException {
        Path path = SegmentNames.told(name);
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
            flights.use();
        }
    }

    /** Whether references that departed on some flights have not arrived, as far as the files tell. */
    static synchronized boolean areOnTheWay(Flights flights) {
        for (SegmentFile file : FILES.values()) {
            if (file.flights.contains(flights) && awaitsArrivals(file)) {
                return true;
            }
        }
        return false;
    }

    /** A reference that has arrived is not read. */
    static synchronized void giveBack(String name) {
        SegmentFile here = FILES.get(SegmentNames.told(name));
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
        SegmentFile file = FILES.get(SegmentNames.told(name));
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
            throw unusable(path, e);
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

    private static SharedMemoryException unusable(Path path, IOException e) {
        return new SharedMemoryException(
                "cannot use " + path + " for shared memory: " + e.getMessage()
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
        Thread sweeper = Daemons.make("processional-memory-sweeper", new Runnable() {
            @Override
            public void run() {
                while (sweep()) {
                    LockSupport.parkNanos(this, LOOK_NANOS);
                }
            }
        });
        try {
            sweeper.start();
            sweeping = true;
        } catch (OutOfMemoryError e) { // no more threads: what lingers is given up with the next, or at the end
            Log.engine().warn("shared memory is kept longer than needed", e);
        }
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
        if (sinceLoss < LAST_LOOK && Integer.bitCount(++sinceLoss) == 1 && !Leftovers.removeAll(Segments::isInUse)) {
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
        Thread exit = new Thread("processional-memory-exit") {
            @Override
            public void run() {
                leaveAll();
            }
        };
        try {
            Runtime.getRuntime().addShutdownHook(exit);
        } catch (IllegalStateException e) { // the JVM is ending already
            Log.engine().debug("what this process leaves of shared memory is removed by whoever comes next", e);
        }
        Leftovers.removeAll(Segments::isInUse);
    }

    private static synchronized void leaveAll() {
        for (SegmentFile file : new ArrayList<>(FILES.values())) {
            leaveNow(file);
        }
        LINGERING.clear();
    }

    /** Whether this JVM may have a file open: it must not be opened again, see {@link SegmentFile}. */
    private static boolean isInUse(Path file) {
        return FILES.containsKey(file) || MAKING.contains(file) || SegmentNames.isOfAnotherEngine(file);
    }
}
