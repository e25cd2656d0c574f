// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

/**
 * The first byte of each value in a body, and the kinds of definitions: the one place for the byte layout.
 *
 * <pre>
 * body        value | PRELUDE n:size value*n value | REST CRC-32 of what follows:i32 n:size stream
 * size        1 to 5 bytes, 7 bits each, low bits first
 * string      as {@link org.processional.spi.FrameOutput#putString}
 *
 * INT8 i8 | INT32 i32 | LONG8 i8 | LONG32 i32 | LONG64 i64 | BYTE i8 | SHORT i16 | CHAR u16 | FLOAT f32 | DOUBLE f64
 * STRING string | REFERENCE index:size | CLASS id:size | ENUM id:size
 * BOOLEANS..DOUBLES     n:size, then n big-endian elements
 * OBJECTS, STRINGS      n:size value*n
 * ARRAY                 id:size (class of the array) n:size value*n
 * LAMBDA                id:size value*captures
 * RECORD                id:size value*components
 * PLAIN                 id:size (a primitive in its width, big-endian, or a value)*fields
 * PROXY                 n:u8 byte*n (what stands for a proxy, shared memory, a large array)
 * BUFFER                order:u8 (1 for little-endian) n:size byte*n
 * ARRAY_LIST, HASH_SET, LINKED_HASH_SET, LIST_OF, LIST_NULLS, SET_OF    n:size value*n
 * HASH_MAP, MAP_OF      n:size (key value)*n
 * OPTIONAL              value (NULL for none)
 * BIG_INTEGER           n:size byte*n
 * BIG_DECIMAL           scale:i32 n:size byte*n
 * UUID                  i64 i64
 * INSTANT, DURATION     seconds:i64 nanos:i32
 * LOCAL_DATE            epoch day:i64
 * LOCAL_TIME            nano of day:i64
 * LOCAL_DATE_TIME       epoch day:i64 nano of day:i64
 *
 * definition  kind:u8 id:size payload
 * D_CLASS     name:string location:string
 * D_ENUM      class:string constant:string location:string
 * D_RECORD    class:string n:size (name:string type:string)*n location:string
 * D_LAMBDA    see {@link LambdaShape}
 * D_VERSION   class:string serialVersionUID:i64 location:string
 * D_PLAIN     n:size (class:string serialVersionUID:i64 location:string m:size (kind:u8 field:string)*m)*n
 *             of the class and its superclasses, up to the highest that is serializable; kind is one of ZBSCIJFD, or L
 *             for an object or an array. The values of PLAIN begin with those of the highest
 * </pre>
 *
 * All numbers are big-endian. Every object that has an identity (from STRING to UUID, PLAIN and BUFFER, without proxies' bytes, classes,
 * enums and java.time) takes the next index of its body when its first byte is written; REFERENCE names it again. The
 * values of a PRELUDE are written first so that what refers to them finds them: see {@link BodyWriter}.
 */
final class Tag {
    static final byte NULL = 0;
    static final byte FALSE = 1;
    static final byte TRUE = 2;
    static final byte BYTE = 3;
    static final byte SHORT = 4;
    static final byte CHAR = 5;
    static final byte INT8 = 6;
    static final byte INT32 = 7;
    static final byte LONG8 = 8;
    static final byte LONG32 = 9;
    static final byte LONG64 = 10;
    static final byte FLOAT = 11;
    static final byte DOUBLE = 12;
    static final byte STRING = 13;
    static final byte REFERENCE = 14;
    static final byte CLASS = 15;
    static final byte ENUM = 16;
    static final byte BOOLEANS = 17;
    static final byte BYTES = 18;
    static final byte SHORTS = 19;
    static final byte CHARS = 20;
    static final byte INTS = 21;
    static final byte LONGS = 22;
    static final byte FLOATS = 23;
    static final byte DOUBLES = 24;
    static final byte OBJECTS = 25;
    static final byte STRINGS = 26;
    static final byte ARRAY = 27;
    static final byte LAMBDA = 28;
    static final byte RECORD = 29;
    static final byte PROXY = 30;
    static final byte ARRAY_LIST = 31;
    static final byte HASH_SET = 32;
    static final byte LINKED_HASH_SET = 33;
    static final byte LIST_OF = 34;
    static final byte LIST_NULLS = 35;
    static final byte SET_OF = 36;
    static final byte HASH_MAP = 37;
    static final byte MAP_OF = 38;
    static final byte OPTIONAL = 39;
    static final byte BIG_INTEGER = 40;
    static final byte BIG_DECIMAL = 41;
    static final byte UUID = 42;
    static final byte INSTANT = 43;
    static final byte DURATION = 44;
    static final byte LOCAL_DATE = 45;
    static final byte LOCAL_TIME = 46;
    static final byte LOCAL_DATE_TIME = 47;
    static final byte PRELUDE = 48;
    static final byte REST = 49;
    static final byte BUFFER = 50;
    static final byte PLAIN = 51;

    /** Not in any body: the class is not serializable. */
    static final byte NONE = -1;

    static final byte D_CLASS = 1;
    static final byte D_ENUM = 2;
    static final byte D_RECORD = 3;
    static final byte D_LAMBDA = 4;
    static final byte D_VERSION = 5;
    static final byte D_PLAIN = 6;

    private Tag() {}

    /** Whether it is an array of primitives. */
    static boolean isPrimitives(byte tag) {
        return tag >= BOOLEANS && tag <= DOUBLES;
    }

    /** Whether other values may stand inside of a value, or it is made by somebody else. */
    static boolean isContainer(byte tag) {
        return tag >= OBJECTS && tag <= OPTIONAL || tag == PLAIN;
    }
}
