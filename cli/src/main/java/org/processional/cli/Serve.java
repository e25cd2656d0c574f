// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import static org.processional.Processional.serve;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processional.ServeOptions;
import org.processional.Server;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * Makes this process a server, or starts one in the background.
 *
 * <p><b>Threads:</b> main thread only; a signal closes the server from the thread of the JVM's shutdown.
 */
@Command(
        name = "serve",
        description = {
            "Serve clients at an address, until the last of them has left.",
            "What the clients' functions need comes from the class path, which CLASSPATH names, else from the clients.",
            "Whoever can connect can run any code; see docs/security.md before you give an address to anybody."
        },
        footer = {
            "",
            "Examples:",
            "  processional serve -a unix:/tmp/server            # until its last client has left, or Ctrl-C",
            "  processional serve -dp -a unix:/tmp/server        # in the background, until `processional stop`",
            "  CLASSPATH=app.jar processional serve -a tcp://127.0.0.1:4711 -m org.example.App"
        })
final class Serve implements Callable<Integer> {
    /** What the process says once clients can connect. */
    private static final String LISTENING = "listening at ";

    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    /** How often to look at what a process in the background has said. */
    private static final long LOOK_MILLIS = 20;

    @SuppressWarnings({"unused", "NullAway.Init"}) // picocli fills it
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills it
    @ParentCommand
    private Main main;

    @SuppressWarnings("NullAway.Init") // picocli fills it
    @Option(
            names = {"-a", "--address"},
            required = true,
            paramLabel = "ADDRESS",
            description = "Where to listen, such as unix:/tmp/server, or tcp://127.0.0.1:0 for a free port.")
    private String address;

    @Option(
            names = {"-m", "--main"},
            paramLabel = "CLASS",
            description = {
                "A class to initialize first, and whose main method is run then if it has one.",
                "Clients can connect when that has returned."
            })
    private @Nullable String initialClass;

    @Option(
            names = {"-p", "--persistent"},
            description = "Go on when the last client has left, until `processional stop`.")
    private boolean persistent;

    @Option(
            names = {"-d", "--detach"},
            description = {
                "Serve in the background; print the process id, and return when clients can connect.",
                "Where the address was left open (port 0), print what it has become too."
            })
    private boolean detach;

    @Option(
            names = "--no-code",
            description = "Take no classes from clients: their functions use what is on the class path here.")
    private boolean noCode;

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description = {
                "With -d: the file to which all goes that the process prints; it is begun anew.",
                "Left out: a new one among the temporary files, whose name is told."
            })
    private @Nullable Path log;

    @Option(
            names = "--tell",
            hidden = true, // the process in the background is told by who starts it
            paramLabel = "FILE",
            description = "An empty file, into which goes where the server listens, once it does.")
    private @Nullable Path told;

    @Mixin
    private final SecretOption secret = new SecretOption();

    @Override
    public Integer call() throws Exception {
        if (log != null && !detach) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--log is " + log
                            + ", but without -d all is printed here; add -d, or send the output to that file");
        }
        return detach ? startInBackground() : serveHere();
    }

    private int serveHere() throws Exception {
        if (initialClass != null) {
            initialize(initialClass);
        }
        PrintWriter out = spec.commandLine().getOut();
        ServeOptions.Builder options = ServeOptions.builder().code(!noCode).endsWithLastClient(!persistent);
        secret.give(options::secret);
        try (Server server = serve(address, options.build())) {
            Thread closer = new Thread(server::close, "processional-cli-closer");
            Runtime.getRuntime().addShutdownHook(closer);
            out.println(LISTENING + server.address());
            out.flush();
            if (told != null) {
                tell(told, server.address());
            }
            boolean unused = server.await(FOR_EVER);
        }
        return 0;
    }

    private static void tell(Path file, String address) throws IOException {
        try {
            Files.writeString(file, address + "\n", StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            return; // who started this process has gone
        }
    }

    private static void initialize(String name) throws Exception {
        Class<?> type;
        try {
            type = Class.forName(name, true, ClassLoader.getSystemClassLoader());
        } catch (ClassNotFoundException e) {
            throw new CommandException("class " + name + " is not on the class path; name its jar in CLASSPATH", e);
        } catch (LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CommandException("class " + name + " cannot be initialized: " + cause, e);
        }
        try {
            Method main = type.getMethod("main", String[].class);
            if (Modifier.isStatic(main.getModifiers())) {
                main.invoke(null, (Object) new String[0]);
            }
        } catch (NoSuchMethodException e) {
            return; // its initializer is all it has
        } catch (IllegalAccessException e) {
            throw new CommandException("main of class " + name + " is not accessible; make the class public", e);
        } catch (InvocationTargetException e) {
            throw new CommandException("main of class " + name + " failed: " + e.getCause(), e);
        }
    }

    private int startInBackground() throws IOException, InterruptedException {
        List<String> command = JavaProgram.command("org.processional.cli", Main.class.getName(), List.of());
        command.addAll(List.of("serve", "--address=" + address));
        if (initialClass != null) {
            command.add("--main=" + initialClass);
        }
        if (persistent) {
            command.add("--persistent");
        }
        if (noCode) {
            command.add("--no-code");
        }
        if (main.isVerbose()) {
            command.add("--verbose");
        }
        String sameSecret = secret.again();
        if (sameSecret != null) {
            command.add(sameSecret);
        }
        Path file = log == null ? Files.createTempFile("processional-serve-", ".log") : log;
        Path place = Files.createTempFile("processional-serve-", ".address");
        command.add("--tell=" + place);
        CommandLine line = spec.commandLine();
        try {
            Process process = start(command, file);
            String listening = awaitListening(process, place);
            if (listening == null) {
                line.getErr().print(said(file));
                line.getErr().flush();
                if (log == null) {
                    Files.delete(file);
                }
                return CommandLine.ExitCode.SOFTWARE;
            }
            line.getErr().println("processional: the server logs to " + file);
            line.getOut().println(process.pid());
            if (address.endsWith(":0") || address.contains(":0?")) {
                line.getOut().println(LISTENING + listening);
            }
            return CommandLine.ExitCode.OK;
        } finally {
            Files.deleteIfExists(place);
        }
    }

    private static Process start(List<String> command, Path log) throws IOException {
        try {
            Files.newOutputStream(log).close(); // the system would name the program where it is the log
        } catch (IOException e) {
            throw new CommandException("the log " + log + " cannot be written: " + e, e);
        }
        Process process = new ProcessBuilder(JavaProgram.detached(command))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        process.getOutputStream().close();
        return process;
    }

    /** Waits until the process has written where it listens; null if it ends before. */
    private static @Nullable String awaitListening(Process process, Path place)
            throws IOException, InterruptedException {
        while (true) {
            boolean alive = process.isAlive(); // before a last look
            String listening = Files.readString(place);
            if (listening.endsWith("\n")) { // else it is not all of it
                return listening.strip();
            }
            if (!alive) {
                return null;
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /** The log as far as it is, where it is a file that keeps it; that the last character may be half of one does no harm. */
    private static String said(Path log) throws IOException {
        return Files.isRegularFile(log) ? new String(Files.readAllBytes(log), Charset.defaultCharset()) : "";
    }
}
