// SPDX-License-Identifier: Apache-2.0
/** What users write: {@link org.processional.Processional} and the types it hands out. */
package org.processional;
