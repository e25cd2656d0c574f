// SPDX-License-Identifier: Apache-2.0
/** What tasks of threads and of processes have in common: the outcome, failures, and ways of waiting. */
package org.processional.engine.task;
