// SPDX-License-Identifier: Apache-2.0
/**
 * Sockets of the Unix domain: scheme {@code unix}.
 *
 * <p>Paths ({@code unix:/tmp/server}) use the channels of the JDK. Abstract names ({@code unix:@server}) and addresses
 * with {@code ?provider=jnr} use jnr-unixsocket, which is loaded for them alone. On the module path it must be resolved
 * by {@code --add-modules org.jnrproject.unixsocket}, and cannot go into a jlink image.
 *
 * @provides org.processional.spi.Transport
 */
@org.jspecify.annotations.NullMarked
module org.processional.transport.unix {
    requires jdk.net; // SO_PEERCRED: which user is at the other end
    requires org.processional;
    requires static org.jnrproject.constants; // error numbers of what the next two report
    requires static org.jnrproject.enxio; // its selector, read and write; static, because only abstract names need jnr
    requires static org.jnrproject.ffi; // types in signatures of enxio
    requires static org.jnrproject.jffi; // accept(2): jnr's own closes the listener when its thread is interrupted
    requires static org.jnrproject.unixsocket; // names, bind, connect and credentials
    requires static org.jspecify; // annotations only, nobody needs it at run time

    provides org.processional.spi.Transport with
            org.processional.transport.unix.UnixTransport;
}
