// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of an interface that returns nothing, and for which nobody waits: a call of a {@linkplain Proxy#as
 * stand-in} puts it into the queue of the object and returns. A
 * later call that is waited for may overtake it, where a thread of the owner waits in the same chain. What it throws is reported as of a task that nobody asked.
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OneWay {}
