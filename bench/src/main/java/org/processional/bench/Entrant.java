// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

/**
 * One of those that a row compares.
 *
 * @param role what it stands for
 * @param name what it is, for people; a name occurs once in a row
 * @param maker opens it
 */
record Entrant(Role role, String name, Way.Maker maker) {
    static final String OURS = "Processional";

    static Entrant limit(String name, Way.Maker maker) {
        return new Entrant(Role.LIMIT, name, maker);
    }

    static Entrant floor(String name, Way.Maker maker) {
        return new Entrant(Role.FLOOR, name, maker);
    }

    static Entrant ours(Way.Maker maker) {
        return new Entrant(Role.OURS, OURS, maker);
    }

    static Entrant peer(String name, Way.Maker maker) {
        return new Entrant(Role.PEER, name, maker);
    }

    static Entrant other(String name, Way.Maker maker) {
        return new Entrant(Role.OTHER, name, maker);
    }

    static Entrant more(String name, Way.Maker maker) {
        return new Entrant(Role.MORE, name, maker);
    }
}
