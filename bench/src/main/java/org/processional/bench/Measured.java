// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.Serializable;
import java.util.Map;

/**
 * A row, measured in one JVM.
 *
 * @param row its name
 * @param samples what each entrant gave, by its name
 * @param missing why others gave nothing, by name
 */
record Measured(String row, Map<String, Sample> samples, Map<String, String> missing) implements Serializable {}
