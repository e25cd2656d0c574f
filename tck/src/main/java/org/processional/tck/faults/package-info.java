// SPDX-License-Identifier: Apache-2.0
/**
 * The fault harness: a transport that wraps another and spoils its connections, callers that do what users do, and a check
 * of what became of it. Everything is drawn from a seed.
 */
package org.processional.tck.faults;
