// SPDX-License-Identifier: Apache-2.0
/** Archives of class data, which make slaves start sooner: what they are made for, and where they are kept. */
@org.jspecify.annotations.NullMarked
package org.processional.engine.archive;
