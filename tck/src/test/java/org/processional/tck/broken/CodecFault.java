// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.broken;

/** What a codec does wrong, as {@link Fault} has it for transports. */
enum CodecFault {
    NONE,
    C01_MAKES_DURATIONS_LONGER,
    C02_ZEROES_DOUBLES,
    C03_FORGETS_A_FUNCTION,
    C04_LOSES_STACK_TRACES,
    C05_COPIES_WHAT_IS_SHARED,
    C06_READS_A_BODY_ONCE,
    C07_DEFINES_AGAIN_AND_AGAIN,
    C08_REPLACES_TWICE,
    C09_DOES_NOT_NAME_WHAT_CANNOT_TRAVEL,
    C10_USES_A_CLASS_LOADER_OF_ITS_OWN,
    C11_LOSES_THE_LAST_BYTE_OF_MANY,
    C12_CUTS_A_MESSAGE_THAT_IS_TOO_LONG,
    C13_FAILS_AT_128_BYTES,
    C14_FAILS_AT_A_WRONG_FIRST_BYTE,
    C15_FAILS_AT_A_WRONG_DEFINITION,
    C16_IS_OF_ONE_THREAD,
    C17_DOES_NOT_FORGET,
    C18_MOVES_A_BUFFER,
    C19_ASKS_ABOUT_NO_ARRAY,
    C20_EXPLAINS_OTHERWISE,
    C21_DOES_NOT_ASK_ABOUT_RECORDS,
    C22_DOES_NOT_ASK_ABOUT_LAMBDAS,
    C23_ASKS_TOO_LATE,
    C24_COUNTS_NO_ARRAY;

    /** The number of the rule: c01. */
    String rule() {
        return name().substring(0, 3).toLowerCase(java.util.Locale.ROOT);
    }
}
