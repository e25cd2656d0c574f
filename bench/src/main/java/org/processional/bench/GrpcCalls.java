// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A peer: gRPC, a fixed method that gives back the bytes it is given; over a Unix socket with epoll, or over TCP. The
 * server is in a JVM that the ways of a pair share.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class GrpcCalls implements AutoCloseable {
    private static final int MESSAGE_BYTES = 64;
    private static final int LONGEST_BYTES = 8 << 20;
    private static final int END_SECONDS = 5;
    private static final String SERVICE = "Echo";

    private static final MethodDescriptor<byte[], byte[]> ECHO = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "echo"))
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();

    private final ChildJvm child;
    private final @Nullable Path directory; // of the socket
    private final @Nullable EventLoopGroup loop;
    private final ManagedChannel channel;

    private GrpcCalls(String transport) throws IOException {
        if (transport.equals("unix")) {
            directory = Files.createTempDirectory("processional-bench-");
            Path socket = directory.resolve("grpc");
            child = ChildJvm.start(Child.class, socket.toString());
            child.line();
            loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
            channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                    .eventLoopGroup(loop)
                    .channelType(EpollDomainSocketChannel.class)
                    .usePlaintext()
                    .maxInboundMessageSize(LONGEST_BYTES)
                    .build();
        } else {
            directory = null;
            loop = null;
            child = ChildJvm.start(Child.class);
            int port = Integer.parseInt(child.line());
            channel = NettyChannelBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .usePlaintext()
                    .maxInboundMessageSize(LONGEST_BYTES)
                    .build();
        }
    }

    /** A short message. */
    static Way message(Pair pair, String transport) throws Exception {
        return echo(pair, transport, MESSAGE_BYTES);
    }

    /** A message of any length. */
    static Way echo(Pair pair, String transport, int length) throws Exception {
        ManagedChannel channel =
                pair.shared(GrpcCalls.class, "grpc-" + transport, () -> new GrpcCalls(transport)).channel;
        byte[] bytes = new byte[length];
        return new RmiCalls.Numbered(number -> {
            bytes[0] = (byte) number;
            byte[] back = ClientCalls.blockingUnaryCall(channel, ECHO, CallOptions.DEFAULT, bytes);
            return (long) back[0] + back.length;
        });
    }

    @Override
    public void close() {
        channel.shutdownNow();
        try {
            channel.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (loop != null) {
            loop.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS)
                    .awaitUninterruptibly(END_SECONDS, TimeUnit.SECONDS);
        }
        child.close();
        if (directory != null) {
            try {
                Files.deleteIfExists(directory.resolve("grpc"));
                Files.deleteIfExists(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Bytes as they are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The server. */
    static final class Child {
        private Child() {}

        /**
         * Runs until its standard input ends; writes a line with its port when it listens.
         *
         * @param args the path of a Unix socket, or nothing
         */
        public static void main(String[] args) throws IOException {
            NettyServerBuilder builder;
            if (args.length > 0) {
                EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
                builder = NettyServerBuilder.forAddress(new DomainSocketAddress(args[0]))
                        .channelType(EpollServerDomainSocketChannel.class)
                        .bossEventLoopGroup(loop)
                        .workerEventLoopGroup(loop);
            } else {
                builder = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            }
            Server server = builder.maxInboundMessageSize(LONGEST_BYTES)
                    .addService(ServerServiceDefinition.builder(SERVICE)
                            .addMethod(ECHO, ServerCalls.asyncUnaryCall((bytes, answer) -> {
                                answer.onNext(bytes);
                                answer.onCompleted();
                            }))
                            .build())
                    .build()
                    .start();
            System.out.write((server.getPort() + "\n").getBytes(StandardCharsets.US_ASCII));
            System.out.flush();
            System.in.transferTo(OutputStream.nullOutputStream()); // only its end counts
            server.shutdownNow();
            Runtime.getRuntime().halt(0);
        }
    }
}
