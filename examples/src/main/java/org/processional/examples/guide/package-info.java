// SPDX-License-Identifier: Apache-2.0
/** The code of the pages in {@code docs}: each block there is a piece of one of these files, which tests run. */
@org.jspecify.annotations.NullMarked
package org.processional.examples.guide;
