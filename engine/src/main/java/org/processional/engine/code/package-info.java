// SPDX-License-Identifier: Apache-2.0
/**
 * Class shipping: a process that lacks a class gets it from the one that has it.
 *
 * <p>The way of a class: {@link org.processional.engine.code.ShippedLoader} misses it and asks for a manifest;
 * {@link org.processional.engine.code.CodeOrigin} in the other process finds it and lists what it needs;
 * {@link org.processional.engine.code.CodeCache} has most of that on disk; the rest is asked for by hash.
 */
package org.processional.engine.code;
