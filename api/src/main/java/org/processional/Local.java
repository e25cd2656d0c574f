// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a default method of an interface that a {@linkplain Proxy#as stand-in} runs where it is called, in place of
 * where the object lives. The other methods that it calls run there.
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Local {}
