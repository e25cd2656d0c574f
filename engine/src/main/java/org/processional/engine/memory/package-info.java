// SPDX-License-Identifier: Apache-2.0
/** Memory that processes of one host share: {@link org.processional.engine.memory.Segments} is the way in. */
package org.processional.engine.memory;
