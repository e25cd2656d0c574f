// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Follows {@code this} through the code of a method: where it comes to, on whatever way the code may take. Of everything
 * else it is known at most which variable it was just loaded from.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class CodeWalk {
    /** Nothing of interest. */
    static final byte OTHER = 0;

    /** {@code this}. */
    static final byte THIS = 1;

    /** An object around {@code this}: of an inner class, the one in which it was made. */
    static final byte OUTER = 2;

    /** What is in a local variable, unless it is one of those above: this plus its slot, as far as there are bytes. */
    private static final byte LOCAL = 3;

    private static final byte NO_SLOT = -1;

    // opcodes, JVMS 6.5
    private static final int ILOAD = 0x15;
    private static final int ALOAD = 0x19;
    private static final int ILOAD_0 = 0x1a;
    private static final int ALOAD_3 = 0x2d;
    private static final int ASTORE = 0x3a;
    private static final int ASTORE_0 = 0x4b;
    private static final int POP = 0x57;
    private static final int POP2 = 0x58;
    private static final int DUP = 0x59;
    private static final int SWAP = 0x5f;
    private static final int IFEQ = 0x99;
    private static final int GOTO = 0xa7;
    private static final int JSR = 0xa8;
    private static final int RET = 0xa9;
    private static final int TABLESWITCH = 0xaa;
    private static final int LOOKUPSWITCH = 0xab;
    private static final int RETURN = 0xb1;
    private static final int GETSTATIC = 0xb2;
    private static final int PUTSTATIC = 0xb3;
    private static final int GETFIELD = 0xb4;
    private static final int PUTFIELD = 0xb5;
    private static final int INVOKEVIRTUAL = 0xb6;
    private static final int INVOKESTATIC = 0xb8;
    private static final int INVOKEINTERFACE = 0xb9;
    private static final int INVOKEDYNAMIC = 0xba;
    private static final int ATHROW = 0xbf;
    private static final int CHECKCAST = 0xc0;
    private static final int WIDE = 0xc4;
    private static final int MULTIANEWARRAY = 0xc5;
    private static final int IFNULL = 0xc6;
    private static final int GOTO_W = 0xc8;

    /** By opcode: how many slots of the stack it takes, and how many it gives; or that it is one of those above. */
    private static final String EFFECTS = "0001010101010101010202010101020201010101020102010201010101010202"
            + "0202010101010202020201010101212221222121212110201020--1010101020"
            + "2020201010101020202020--------30403040303030301020--------------"
            + "2142214221422142214221422142214221422142112211222132213221322142"
            + "2142214200121112212122111212212221111111412121414110101010101020"
            + "202020202020200001001010102010201000------------------0111111110"
            + "--111010----10100001";

    /** By opcode: length of the instruction, or 0 if it varies. */
    private static final String LENGTHS = "1111111111111111232332222211111111111111111111111111112222211111"
            + "1111111111111111111111111111111111111111111111111111111111111111"
            + "1111311111111111111111111333333333333333320011111133333335532311"
            + "3311043355";

    /** Whether a value is this, or around it. */
    static boolean isThis(byte value) {
        return value == THIS || value == OUTER;
    }

    /** The slot of the local variable that a value comes from; -1 if that is not clear. */
    static int slot(byte value) {
        return value >= LOCAL ? value - LOCAL : NO_SLOT;
    }

    /** Told what happens to {@code this}, and which lambdas are made; more than once if there is more than one way. */
    interface Visitor {
        /** A field of it is read or written. */
        void field(ClassContent.Member field, byte of, boolean read);

        /** A method is called, of it or with it. */
        void call(ClassContent.Member method, boolean isStatic, byte[] arguments);

        /** A lambda, or whatever else is linked at run time, is made. */
        void dynamic(ClassContent.Dynamic made, int offset, byte[] captured);

        /** Something else is done with it. */
        void escapes(byte value);
    }

    private final ClassContent content;
    private final ClassContent.Method method;
    private final Visitor visitor;
    private final byte[] code;
    private final byte[] locals; // the most that a slot may hold, anywhere in the method
    private final byte[][] known; // the stack before each instruction that was reached
    private final ArrayDeque<Integer> waiting = new ArrayDeque<>();
    private byte[] stack = new byte[64];
    private int depth;

    private CodeWalk(ClassContent content, ClassContent.Method method, byte[] arguments, Visitor visitor) {
        this.content = content;
        this.method = method;
        this.visitor = visitor;
        this.code = method.code;
        this.known = new byte[code.length][];
        this.locals = new byte[Math.max(method.maxLocals, arguments.length)];
        for (int i = 0; i < arguments.length; i++) {
            locals[i] = isThis(arguments[i]) ? arguments[i] : OTHER;
        }
    }

    /**
     * Walks through a method.
     *
     * @param content its class
     * @param method the method
     * @param arguments what it is called with, by slot; the rest is of no interest
     * @param visitor is told
     * @throws RuntimeException if the code is strange
     */
    static void walk(ClassContent content, ClassContent.Method method, byte[] arguments, Visitor visitor) {
        new CodeWalk(content, method, arguments, visitor).run();
    }

    private void run() {
        if (code.length == 0) {
            return;
        }
        reach(0);
        depth = 1; // a handler begins with the exception alone
        for (int handler : method.handlers) {
            stack[0] = OTHER;
            reach(handler);
        }
        while (!waiting.isEmpty()) {
            int at = waiting.remove();
            byte[] before = known[at];
            depth = before.length;
            stack = Arrays.copyOf(before, Math.max(64, depth + 16));
            step(at);
        }
    }

    /** Says that an instruction is reached with the present stack. */
    private void reach(int at) {
        byte[] before = known[at];
        if (before == null) {
            known[at] = Arrays.copyOf(stack, depth);
            waiting.add(at);
            return;
        }
        if (before.length != depth) {
            throw new IllegalArgumentException("two ways to instruction " + at + " differ in their stacks");
        }
        boolean news = false;
        for (int i = 0; i < depth; i++) {
            byte both = join(before[i], stack[i]);
            if (both != before[i]) {
                before[i] = both;
                news = true;
            }
        }
        if (news) {
            waiting.add(at);
        }
    }

    /** What a value is that is one thing on one way, and another one on another. */
    private static byte join(byte a, byte b) {
        if (a == b) {
            return a;
        }
        byte from = isThis(a) ? a : OTHER;
        byte to = isThis(b) ? b : OTHER;
        return from > to ? from : to;
    }

    private byte load(int slot) {
        byte held = locals[slot];
        return held != OTHER || slot > Byte.MAX_VALUE - LOCAL ? held : (byte) (LOCAL + slot);
    }

    private void step(int at) {
        int opcode = unsigned(at);
        int length = LENGTHS.charAt(opcode) - '0';
        switch (opcode) {
            case ILOAD, ILOAD + 1, ILOAD + 2, ILOAD + 3, ALOAD -> push(load(unsigned(at + 1)), given(opcode));
            case ASTORE -> store(unsigned(at + 1));
            case ASTORE_0, ASTORE_0 + 1, ASTORE_0 + 2, ASTORE_0 + 3 -> store(opcode - ASTORE_0);
            case POP -> depth--;
            case POP2 -> depth -= 2;
            case CHECKCAST -> {
                // it stays what it is
            }
            case GETSTATIC -> push(OTHER, slots(member(at).descriptor()));
            case PUTSTATIC -> take(slots(member(at).descriptor()));
            case GETFIELD -> field(member(at), true);
            case PUTFIELD -> field(member(at), false);
            case INVOKEVIRTUAL, INVOKEVIRTUAL + 1, INVOKESTATIC, INVOKEINTERFACE ->
                call(member(at), opcode == INVOKESTATIC);
            case INVOKEDYNAMIC -> dynamic(content.dynamic(index(at + 1)), at);
            case WIDE -> length = wide(at);
            case MULTIANEWARRAY -> {
                take(unsigned(at + 3));
                push(OTHER, 1);
            }
            case TABLESWITCH, LOOKUPSWITCH -> length = jump(at, opcode);
            default -> {
                if (opcode >= DUP && opcode <= SWAP) {
                    shuffle(opcode);
                } else if (opcode >= ILOAD_0 && opcode <= ALOAD_3) {
                    push(load((opcode - ILOAD_0) % 4), given(opcode));
                } else {
                    take(EFFECTS.charAt(2 * opcode) - '0');
                    push(OTHER, given(opcode));
                }
            }
        }
        if (opcode >= IFEQ && opcode <= GOTO || opcode == IFNULL || opcode == IFNULL + 1) {
            reach(at + (short) index(at + 1));
        } else if (opcode == GOTO_W) {
            reach(at + number(at + 1));
        } else if (opcode == JSR || opcode == RET || opcode > GOTO_W) {
            throw new IllegalArgumentException("opcode " + opcode); // of Java 6
        }
        boolean ends =
                opcode == GOTO || opcode == GOTO_W || opcode >= TABLESWITCH && opcode <= RETURN || opcode == ATHROW;
        if (!ends) {
            reach(at + length);
        }
    }

    /** How many slots an instruction gives. */
    private static int given(int opcode) {
        return EFFECTS.charAt(2 * opcode + 1) - '0';
    }

    private void store(int slot) {
        byte value = stack[--depth];
        if (isThis(value) && value > locals[slot]) {
            locals[slot] = value;
            for (int i = 0; i < known.length; i++) {
                if (known[i] != null) {
                    waiting.add(i); // what was read from there may have been this
                }
            }
        }
    }

    private void push(byte value, int count) {
        if (depth + count > stack.length) {
            stack = Arrays.copyOf(stack, 2 * (depth + count));
        }
        for (int i = 0; i < count; i++) {
            stack[depth++] = value;
        }
    }

    private void take(int count) {
        for (int i = 0; i < count; i++) {
            byte value = stack[--depth];
            if (isThis(value)) {
                visitor.escapes(value);
            }
        }
    }

    private void field(ClassContent.Member field, boolean read) {
        int slots = slots(field.descriptor());
        if (!read) {
            take(slots);
        }
        byte of = stack[--depth];
        boolean outer = field.name().startsWith("this$");
        if (isThis(of) && !(outer && read)) {
            visitor.field(field, of, read);
        }
        if (read) {
            push(isThis(of) && outer ? OUTER : OTHER, slots);
        }
    }

    private void call(ClassContent.Member called, boolean isStatic) {
        byte[] arguments = pop(argumentSlots(called.descriptor()) + (isStatic ? 0 : 1));
        byte result = OTHER;
        if (called.owner().equals("java/util/Objects") && called.name().equals("requireNonNull")) {
            result = arguments[0]; // compilers put it in, on the way to something else
        } else {
            for (byte argument : arguments) {
                if (isThis(argument)) {
                    visitor.call(called, isStatic, arguments);
                    break;
                }
            }
        }
        push(result, resultSlots(called.descriptor()));
    }

    private void dynamic(ClassContent.Dynamic made, int at) {
        visitor.dynamic(made, at, pop(argumentSlots(made.descriptor())));
        push(OTHER, resultSlots(made.descriptor()));
    }

    private byte[] pop(int count) {
        depth -= count;
        return Arrays.copyOfRange(stack, depth, depth + count);
    }

    /** {@code dup} and its kin, in slots: how many are copied, and below how many others the copy goes; or swap. */
    private void shuffle(int opcode) {
        if (opcode == SWAP) {
            byte top = stack[depth - 1];
            stack[depth - 1] = stack[depth - 2];
            stack[depth - 2] = top;
            return;
        }
        int copied = opcode - DUP < 3 ? 1 : 2;
        int below = copied + (opcode - DUP) % 3;
        byte[] moved = pop(below);
        for (int i = below - copied; i < below; i++) {
            push(moved[i], 1);
        }
        for (byte value : moved) {
            push(value, 1);
        }
    }

    private int wide(int at) {
        int opcode = unsigned(at + 1);
        if (opcode >= ILOAD && opcode <= ALOAD) {
            push(load(index(at + 2)), given(opcode));
        } else if (opcode == ASTORE) {
            store(index(at + 2));
        } else {
            take(EFFECTS.charAt(2 * opcode) - '0');
            push(OTHER, given(opcode));
        }
        return opcode == 0x84 ? 6 : 4; // iinc has a second operand
    }

    private int jump(int at, int opcode) {
        depth--;
        int from = at + 4 - at % 4; // aligned
        reach(at + number(from));
        if (opcode == TABLESWITCH) {
            int count = number(from + 8) - number(from + 4) + 1;
            for (int i = 0; i < count; i++) {
                reach(at + number(from + 12 + 4 * i));
            }
        } else {
            int count = number(from + 4);
            for (int i = 0; i < count; i++) {
                reach(at + number(from + 12 + 8 * i));
            }
        }
        return 0; // nothing follows it
    }

    private ClassContent.Member member(int at) {
        return content.member(index(at + 1));
    }

    private int unsigned(int at) {
        return code[at] & 0xff;
    }

    private int index(int at) {
        return unsigned(at) << 8 | unsigned(at + 1);
    }

    private int number(int at) {
        return index(at) << 16 | index(at + 2);
    }

    /** How many slots a value of a type takes. */
    static int slots(String descriptor) {
        return switch (descriptor.charAt(0)) {
            case 'J', 'D' -> 2;
            case 'V' -> 0;
            default -> 1;
        };
    }

    private static int resultSlots(String descriptor) {
        return slots(descriptor.substring(descriptor.indexOf(')') + 1));
    }

    /** How many slots the arguments of a method take, without the object whose method it is. */
    static int argumentSlots(String descriptor) {
        int slots = 0;
        for (int at = 1; descriptor.charAt(at) != ')'; at++) {
            slots += slots(descriptor.substring(at));
            while (descriptor.charAt(at) == '[') {
                at++;
            }
            if (descriptor.charAt(at) == 'L') {
                at = descriptor.indexOf(';', at);
            }
        }
        return slots;
    }
}
