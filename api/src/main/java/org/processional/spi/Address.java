// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.processional.ConnectionException;

/**
 * Where a process can be reached: {@code scheme:path[?option=value[&option=value]]}.
 *
 * <p>Two short forms are understood: a bare {@code /path} means {@code unix:/path}, a bare {@code host:port} means
 * {@code tcp://host:port}. The text is kept as it was given, so that {@link #toString()} can be handed to another
 * program.
 *
 * @param scheme the transport's scheme, in lower case
 * @param target everything between the scheme's colon and the options: a path, {@code @name}, {@code //host:port}
 * @param options the options behind the question mark, in their order
 * @since 0.1
 */
public record Address(String scheme, String target, Map<String, String> options) {
    /** Refuses an empty scheme or target. */
    public Address {
        if (scheme.isEmpty() || target.isEmpty()) {
            throw new ConnectionException("address \"" + scheme + ":" + target + "\" has no "
                    + (scheme.isEmpty() ? "scheme" : "target") + "; write for example unix:/tmp/server");
        }
        options = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /**
     * Reads an address.
     *
     * @param text a URI, a bare absolute path, or a bare {@code host:port}
     * @return the address
     * @throws ConnectionException if the text is no address; the message names the text and the accepted forms
     */
    public static Address parse(String text) {
        if (text.startsWith("/")) {
            return parse("unix:" + text);
        }
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw malformed(text);
        }
        String head = text.substring(0, colon);
        String rest = text.substring(colon + 1);
        if (isPort(rest) && head.indexOf('?') < 0) {
            return new Address("tcp", "//" + text, Map.of());
        }
        if (!isScheme(head)) {
            throw malformed(text);
        }
        int question = rest.indexOf('?');
        String target = question < 0 ? rest : rest.substring(0, question);
        if (target.isEmpty()) {
            throw malformed(text);
        }
        Map<String, String> options = question < 0 ? Map.of() : options(text, rest.substring(question + 1));
        return new Address(head.toLowerCase(java.util.Locale.ROOT), target, options);
    }

    private static Map<String, String> options(String text, String query) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String pair : split(query)) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw new ConnectionException(
                        "option \"" + pair + "\" of address \"" + text + "\" is not of the form name=value");
            }
            options.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return options;
    }

    private static List<String> split(String query) {
        List<String> pairs = new ArrayList<>();
        int start = 0;
        for (int end = query.indexOf('&'); end >= 0; end = query.indexOf('&', start)) {
            pairs.add(query.substring(start, end));
            start = end + 1;
        }
        pairs.add(query.substring(start));
        return pairs;
    }

    private static boolean isPort(String text) {
        for (int i = 0; i < text.length(); i++) { // no stream: this is on the way of a slave that starts
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isScheme(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isLetter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!isLetter && !isDigit(c) && c != '+' && c != '-' && c != '.') {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static ConnectionException malformed(String text) {
        return new ConnectionException("\"" + text
                + "\" is not an address; write scheme:target (unix:/path, unix:@name, tcp://host:port),"
                + " a bare /path, or a bare host:port");
    }

    /** The address in its full form, as {@link #parse} reads it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(scheme).append(':').append(target);
        char separator = '?';
        for (Map.Entry<String, String> option : options.entrySet()) {
            text.append(separator).append(option.getKey()).append('=').append(option.getValue());
            separator = '&';
        }
        return text.toString();
    }
}
