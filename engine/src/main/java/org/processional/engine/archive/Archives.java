// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.processional.engine.Log;
import org.processional.engine.code.CodeCache;
import org.processional.engine.task.Daemons;

/**
 * The archives of class data of this user, for all processes: in {@code archives} beside the cache of shipped code. After
 * the third start of a {@linkplain ArchiveKey key}, of whichever processes, one is made in the background, by a JVM of
 * its own; the next slaves of that key start with it.
 *
 * <p>An archive is a gain or nothing: whatever fails here is noted at level debug, and slaves start without.
 *
 * <p><b>Threads:</b> any thread, and any number of processes at once. {@code flags} and {@code started} do not wait for
 * what takes long: that is done by daemons of lowest priority, one for each key.
 */
public final class Archives {
    /** System property: {@code false} for no archives. */
    public static final String PROPERTY = "processional.archives";

    /** System property: most bytes. */
    public static final String LIMIT_PROPERTY = "processional.archives.limit";

    private static final long LIMIT_BYTES = 256L << 20;
    private static final int STARTS = 3;

    private static final class Holder {
        static final Archives ARCHIVES = new Archives(new ArchiveFolder(
                CodeCache.rootOfUser().resolve("archives"), Long.getLong(LIMIT_PROPERTY, LIMIT_BYTES)));
    }

    private final ArchiveFolder folder;
    private final Object training = new Object(); // held by a daemon while a JVM runs: one at a time
    private final Set<String> busy = ConcurrentHashMap.newKeySet(); // names of keys that a daemon sees to
    private final Set<String> failed = ConcurrentHashMap.newKeySet(); // here; not tried again
    private final Set<String> checked = ConcurrentHashMap.newKeySet(); // here, and found whole

    /** Makes an archive. */
    @FunctionalInterface
    public interface Trainer {
        /**
         * Runs a JVM that writes an archive, and waits for its end.
         *
         * @param file what it shall write; deleted by the caller
         * @return whether it did
         */
        boolean train(Path file) throws IOException, InterruptedException;
    }

    Archives(ArchiveFolder folder) {
        this.folder = folder;
    }

    /** Whether this process uses archives: nothing forbids it, and there is a folder for them. */
    public static boolean isOn() {
        return !"false".equalsIgnoreCase(System.getProperty(PROPERTY))
                && CodeCache.rootOfUser().isAbsolute();
    }

    /** The archives of the user whose process this is. */
    public static Archives ofUser() {
        return Holder.ARCHIVES;
    }

    /** The flags with which a JVM uses the archive of a key; none if there is none. */
    public List<String> flags(ArchiveKey key) {
        Path archive = folder.find(key);
        if (archive == null) {
            return List.of();
        }
        if (!checked.contains(key.name())) {
            inBackground(key, new Work() {
                @Override
                public void run() throws IOException {
                    if (folder.check(key)) {
                        checked.add(key.name());
                    }
                }
            });
        }
        return key.kind().using(archive);
    }

    /** A JVM has started without an archive, and can do what it was started for. */
    public void started(ArchiveKey key, Trainer trainer) {
        if (failed.contains(key.name())) {
            return;
        }
        inBackground(key, new Work() {
            @Override
            public void run() throws IOException, InterruptedException {
                if (folder.find(key) == null && isTime(folder.count(key)) && !folder.hasFailed(key)) {
                    synchronized (training) {
                        make(key, trainer);
                    }
                }
            }
        });
    }

    /** At the third start, and where this process ends too soon each time, at the 6th, the 12th, and so on. */
    private static boolean isTime(long starts) {
        return starts % STARTS == 0 && Long.bitCount(starts / STARTS) == 1;
    }

    private void make(ArchiveKey key, Trainer trainer) throws IOException, InterruptedException {
        try (ArchiveFolder.Place place = folder.lock(key)) {
            if (place == null || folder.find(key) != null) {
                return; // another process was first
            }
            if (trainer.train(place.fresh())) {
                place.publish();
                Log.engine().debug("made {} for slaves to come", folder.file(key));
            } else {
                failed.add(key.name());
                folder.fail(key);
            }
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void inBackground(ArchiveKey key, Work work) {
        if (!busy.add(key.name())) {
            return;
        }
        Thread daemon = Daemons.make("processional-archive-" + key.name(), new Runnable() {
            @Override
            public void run() {
                try {
                    work.run();
                } catch (IOException | InterruptedException | RuntimeException e) {
                    failed.add(key.name());
                    Log.engine().debug("no archive of class data {}", folder.file(key), e);
                } finally {
                    busy.remove(key.name());
                }
            }
        });
        daemon.setPriority(Thread.MIN_PRIORITY);
        try {
            daemon.start();
        } catch (OutOfMemoryError e) { // no more threads: an archive is the least that is missing
            busy.remove(key.name());
        }
    }
}
