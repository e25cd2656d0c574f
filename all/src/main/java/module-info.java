// SPDX-License-Identifier: Apache-2.0
/**
 * Nothing by itself: the artifact {@code processional} depends on the api, and at run time on engine, codec and
 * transports. A module requires {@code org.processional}, or this one, which is the same.
 */
module org.processional.all {
    requires transitive org.processional;
}
