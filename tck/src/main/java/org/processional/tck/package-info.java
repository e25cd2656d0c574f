// SPDX-License-Identifier: Apache-2.0
/** The rules of transports, codecs, launchers and of the whole, as test classes to extend; and a codec to read. */
package org.processional.tck;
