// SPDX-License-Identifier: Apache-2.0
/** A stranger: requires the api, and exports and opens nothing. */
module org.example.outsider {
    requires org.processional;
}
