#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Two hosts, made of two network namespaces and a cable between them: `bin/processional serve` in one, the programs of the
# README that have a server in the other, with TLS and without; then the cable is cut. Run by `mvn -Pnetns -pl it -am verify`; needs root and
# iproute2. $1: home of the JDK, $2: target folder.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

home=$1
java=$home/bin/java
keytool=$home/bin/keytool
target=$2
id=$$
here=processional-a-$id
there=processional-b-$id
host=10.213.77.1
server=

fail() {
    printf 'netns: %s\n' "$*" >&2
    exit 1
}

[ "$(id -u)" -eq 0 ] || fail "network namespaces need root"
command -v ip > /dev/null || fail "no ip; install iproute2"

work=$(mktemp -d)
finish() {
    if [ -n "$server" ]; then
        kill "$server" 2> /dev/null || true
        wait "$server" 2> /dev/null || true
    fi
    ip netns del "$here" 2> /dev/null || true
    ip netns del "$there" 2> /dev/null || true
    rm -rf "$work"
}
trap finish EXIT

ip netns add "$here"
ip netns add "$there"
ip -n "$here" link add cable type veth peer name cable netns "$there"
ip -n "$here" addr add $host/24 dev cable
ip -n "$there" addr add 10.213.77.2/24 dev cable
ip -n "$here" link set cable up
ip -n "$there" link set cable up

cd "$work"
printf 'a password of this test\n' > password
for name in server client; do
    "$keytool" -genkeypair -alias $name -keyalg EC -dname CN=$name -ext san=ip:$host -keystore $name.p12 \
        -storetype PKCS12 -storepass:file password 2> /dev/null
    "$keytool" -exportcert -alias $name -keystore $name.p12 -storepass:file password -file $name.cer 2> /dev/null
    "$keytool" -importcert -noprompt -alias $name -file $name.cer -keystore $name-trust.p12 -storetype PKCS12 \
        -storepass:file password 2> /dev/null
done

serve() { # namespace, address
    exec ip netns exec "$1" env JAVA_HOME="$home" CLASSPATH="$target/test-classes:$root/tck/target/classes" "$root/bin/processional" serve -a "$2"
}

run() { # namespace, class, address
    exec ip netns exec "$1" "$java" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
        -cp "$target/test-classes:$root/tck/target/classes:$target/modulepath/*" "org.processional.it.$2" "$3"
}

expected='program 3: sum is 499999500000, product is 0
program 4: sum is 499999500000, product is 0'

listen() { # name, options
    address=
    : > listening
    : > lost
    (serve "$here" "tcp://$host:0?secret-file=secret&$2") > listening &
    server=$!
    for _ in $(seq 900); do
        address=$(sed -n 's/^listening at //p' listening)
        [ -z "$address" ] || break
        kill -0 "$server" 2> /dev/null || fail "$1: the server ended"
        sleep 0.1
    done
    [ -n "$address" ] || fail "$1: the server does not listen"
}

meet() { # name, options of the server, options of the client
    listen "$1" "$2"
    answer=$( (run "$there" FarClient "${address%%\?*}?secret-file=secret&$3") ) || fail "$1: the client failed"
    [ "$answer" = "$expected" ] || fail "$1: the client said: $answer"
    wait "$server" || fail "$1: the server ended with an error"
    server=
    printf 'netns: %s:\n%s\n' "$1" "$answer"
}

meet "plain text" plaintext=allowed plaintext=allowed
stores=password-file=password
meet "TLS" "tls=true&key-store=server.p12&trust-store=client-trust.p12&$stores" \
    "tls=true&key-store=client.p12&trust-store=server-trust.p12&$stores"
if (run "$there" FarClient "tcp://$host:1?secret-file=secret") 2> refused; then
    fail "a client without TLS was not refused"
fi
grep -q "plaintext=allowed" refused || fail "a client without TLS was told: $(cat refused)"
printf 'netns: without TLS it is refused\n'

# a host that is gone: $1 name, $2 client, $3 what it says, $4 seconds it may take
cut() {
    listen "$1" plaintext=allowed
    (JDK_JAVA_OPTIONS=-Dprocessional.silence=2000 # a sixth of the usual time; that of an idle connection is fixed
        export JDK_JAVA_OPTIONS
        run "$there" "$2" "${address%%\?*}?secret-file=secret&plaintext=allowed") > lost 2> words &
    client=$!
    for _ in $(seq 900); do
        grep -q waiting lost && break
        kill -0 "$client" 2> /dev/null || fail "$1: the client ended: $(cat words)"
        sleep 0.1
    done
    ip -n "$there" link set cable down
    begun=$SECONDS
    wait "$client" || fail "$1: the client failed: $(cat words)"
    took=$((SECONDS - begun))
    ip -n "$there" link set cable up
    grep -q "$3" lost || fail "$1: the client said: $(cat lost)"
    [ "$took" -le "$4" ] || fail "$1: it took $took s"
    kill "$server" 2> /dev/null || true # it may have found the same, and ended with its last client
    wait "$server" 2> /dev/null || true
    server=
    printf 'netns: %s: a host that is gone was found after %s s: %s\n' "$1" "$took" "$(tail -1 lost)"
}

cut "answers are awaited" FarLoss "its host has confirmed nothing for" 60
cut "idle" FarIdle "was lost" 120
