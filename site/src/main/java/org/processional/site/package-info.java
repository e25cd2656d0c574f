// SPDX-License-Identifier: Apache-2.0
/** Makes the site. */
@org.jspecify.annotations.NullMarked
package org.processional.site;
