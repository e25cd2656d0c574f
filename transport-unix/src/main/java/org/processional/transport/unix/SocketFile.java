// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The file of a listening socket.
 *
 * <p>The socket is bound in a directory that nobody else can enter, made 0600 there, and renamed to its path: at no
 * moment can a stranger connect, and no moment is without a socket if a dead one is replaced. The directory is made
 * beside the path; if its name is too long for a socket then, in the directory for temporary files. If that is another
 * file system, the socket is bound at its path and restricted afterwards: until then only the check of the user at the
 * other end keeps strangers out.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class SocketFile {
    /** Name of a socket in the folder in which it is made. */
    static final String HIDDEN = "s";

    /** Names of hidden directories have four digits of base 36: with more, less paths would fit. */
    private static final int LEAST_NAME = 36 * 36 * 36;

    private static final int NAMES = 36 * LEAST_NAME - LEAST_NAME;

    private final Path path;
    private final @Nullable Object key; // device and inode; null where the file system has none

    private SocketFile(Path path) throws IOException {
        this.path = path;
        key = keyOf(path);
    }

    /** A socket that listens at its path, and its file. */
    record Bound(ListeningSocket socket, SocketFile file) {}

    /**
     * Binds a socket to a path, in place of a dead one if there is one. The interrupt flag must not be set.
     *
     * @throws IOException if somebody listens there, if something else is there, or if the directory is not usable
     */
    static Bound bind(Sockets sockets, SocketName name, Path path) throws IOException {
        Path directory = path.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IOException("cannot listen at " + name + ": there is no directory " + directory
                    + "; make it first, or choose another path");
        }
        try {
            BindLock lock = BindLock.acquire(path);
            try {
                return bindLocked(sockets, name, path, directory);
            } finally {
                lock.close();
            }
        } catch (AccessDeniedException e) {
            throw new IOException(
                    "cannot listen at " + name + ": no permission for " + e.getFile()
                            + "; choose a path in a directory of your own",
                    e);
        }
    }

    private static Bound bindLocked(Sockets sockets, SocketName name, Path path, Path directory) throws IOException {
        boolean stale = isStale(sockets, name, path);
        Bound bound = bindHidden(sockets, name, path, directory);
        if (bound == null) {
            bound = bindHidden(sockets, name, path, Path.of(System.getProperty("java.io.tmpdir")));
        }
        return bound == null ? bindOpenly(sockets, name, path, stale) : bound;
    }

    /** Deletes the file, if it is still the one that was bound here. */
    void remove() {
        try {
            if (key == null || key.equals(keyOf(path))) {
                Files.deleteIfExists(path);
                PrivateDirectory.discardIfSingle(path);
            }
        } catch (IOException e) {
            // somebody has deleted it, or closed the directory to us; a dead socket is replaced by the next listener
        }
    }

    /** Whether a dead socket is at a path; false if nothing is. */
    private static boolean isStale(Sockets sockets, SocketName name, Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (!OwnerOnly.isSocket(path)) {
            throw new IOException("cannot listen at " + name + ": " + path
                    + " is there and is no socket; remove it yourself, or choose another path");
        }
        boolean live;
        try {
            live = sockets.isLive(name);
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen at " + name + ": a socket is there which cannot be asked whether"
                            + " somebody listens (" + e.getMessage() + "); choose another path",
                    e);
        }
        if (live) {
            throw new IOException(
                    "address in use: somebody listens at " + name + "; stop it or choose another address");
        }
        return true;
    }

    /** Binds in a directory of our own and renames; null if the path would be too long, or to another file system. */
    private static @Nullable Bound bindHidden(Sockets sockets, SocketName name, Path path, Path place)
            throws IOException {
        if (!SocketName.fits(place.resolve(".xxxx/" + HIDDEN))) {
            return null;
        }
        Path hidden = makeDirectory(place);
        Path first = hidden.resolve(HIDDEN);
        ListeningSocket socket = null;
        Bound bound = null;
        try {
            socket = sockets.listen(name.at(first));
            OwnerOnly.restrict(first);
            Files.move(first, path, StandardCopyOption.ATOMIC_MOVE);
            bound = new Bound(socket, new SocketFile(path));
            return bound;
        } catch (AtomicMoveNotSupportedException e) {
            return null;
        } finally {
            if (bound == null && socket != null) {
                socket.close();
            }
            tidyUp(first, hidden);
        }
    }

    private static void tidyUp(Path first, Path hidden) {
        try {
            Files.deleteIfExists(first);
            Files.deleteIfExists(hidden);
        } catch (IOException e) {
            // a socket that is bound is worth more; whoever looks after the folder finds what is old
        }
    }

    private static Bound bindOpenly(Sockets sockets, SocketName name, Path path, boolean stale) throws IOException {
        if (stale) {
            Files.deleteIfExists(path);
        }
        ListeningSocket socket = sockets.listen(name);
        boolean done = false;
        try {
            OwnerOnly.restrict(path);
            Bound bound = new Bound(socket, new SocketFile(path));
            done = true;
            return bound;
        } finally {
            if (!done) {
                socket.close();
                Files.deleteIfExists(path);
            }
        }
    }

    private static Path makeDirectory(Path place) throws IOException {
        while (true) {
            int random = LEAST_NAME + ThreadLocalRandom.current().nextInt(NAMES);
            String digits = Integer.toString(random, Character.MAX_RADIX);
            try {
                return Files.createDirectory(place.resolve("." + digits), OwnerOnly.DIRECTORY);
            } catch (FileAlreadyExistsException e) {
                // another name then
            }
        }
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }
}
