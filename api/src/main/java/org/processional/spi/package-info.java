// SPDX-License-Identifier: Apache-2.0
/** What transports, codecs, launchers and the engine implement. Users of the library need {@code org.processional} only. */
package org.processional.spi;
