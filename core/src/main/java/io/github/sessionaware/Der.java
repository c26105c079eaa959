package io.github.sessionaware;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads and writes the parts of DER (X.690) that the JDK does not offer: wraps a key of PKCS#1 or SEC 1 in the PKCS#8
 * that the JDK reads, finds the public key that an elliptic curve's private key contains, and takes an ECDSA signature
 * apart.
 */
final class Der {
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int SEQUENCE = 0x30;

    private Der() {}

    /** An element's tag and content. */
    static final class Element {
        private final int tag;
        private final byte[] content;

        private Element(int tag, byte[] content) {
            this.tag = tag;
            this.content = content;
        }

        int tag() {
            return tag;
        }

        byte[] content() {
            return content;
        }

        byte[] encoded() {
            return Der.encoded(tag, content);
        }

        List<Element> children() {
            return elements(content);
        }
    }

    /** Returns the elements that these bytes consist of, one after another. */
    static List<Element> elements(byte[] der) {
        List<Element> found = new ArrayList<>();
        ByteBuffer rest = ByteBuffer.wrap(der);
        try {
            while (rest.hasRemaining()) {
                int tag = Byte.toUnsignedInt(rest.get());
                byte[] content = new byte[length(rest)];
                rest.get(content);
                found.add(new Element(tag, content));
            }
        } catch (BufferUnderflowException e) {
            throw new Malformed("DER that ends early");
        }
        return found;
    }

    /** Returns the elements of the one sequence that these bytes are. */
    static List<Element> sequence(byte[] der) {
        List<Element> found = elements(der);
        if (found.size() != 1 || found.get(0).tag() != SEQUENCE) {
            throw new Malformed("DER that is not one sequence");
        }
        return found.get(0).children();
    }

    static boolean isSequence(byte[] der) {
        try {
            return !sequence(der).isEmpty();
        } catch (Malformed e) {
            return false;
        }
    }

    /** Returns an object identifier in dotted numbers. */
    static String objectId(byte[] content) {
        StringBuilder text = new StringBuilder();
        long number = 0;
        for (byte each : content) {
            number = number << 7 | (each & 0x7F);
            if (each >= 0) {
                text.append(
                        text.isEmpty()
                                ? Math.min(number / 40, 2) + "." + (number - 40 * Math.min(number / 40, 2))
                                : "." + number);
                number = 0;
            }
        }
        return text.toString();
    }

    static byte[] encoded(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] each : contents) {
            content.writeBytes(each);
        }
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        encoded.write(tag);
        int length = content.size();
        if (length < 0x80) {
            encoded.write(length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            encoded.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                encoded.write(length >> (8 * i));
            }
        }
        encoded.writeBytes(content.toByteArray());
        return encoded.toByteArray();
    }

    /**
     * Converts a sequence of two non-negative integers into the form of JOSE: both numbers, each in {@code bytesEach}
     * bytes.
     */
    static byte[] twoNumbers(byte[] der, int bytesEach) {
        ByteArrayOutputStream numbers = new ByteArrayOutputStream();
        // Tags and lengths take at most 9 bytes, and each number may begin with a zero.
        List<Element> elements = der.length > 2 * bytesEach + 11 ? List.of() : sequence(der);
        if (elements.size() != 2 || elements.stream().anyMatch(element -> element.tag() != INTEGER)) {
            throw new Malformed("DER that is not two numbers");
        }
        for (Element number : elements) {
            byte[] content = number.content();
            int from = Math.max(0, content.length - bytesEach);
            for (int i = 0; i < from; i++) {
                if (content[i] != 0) {
                    throw new Malformed("DER with a number that is too long");
                }
            }
            numbers.writeBytes(new byte[Math.max(0, bytesEach - content.length)]);
            numbers.writeBytes(Arrays.copyOfRange(content, from, content.length));
        }
        return numbers.toByteArray();
    }

    private static int length(ByteBuffer rest) {
        int first = Byte.toUnsignedInt(rest.get());
        if (first < 0x80) {
            return first;
        }
        int bytes = first & 0x7F;
        int length = 0;
        for (int i = 0; i < bytes; i++) {
            length = length << 8 | Byte.toUnsignedInt(rest.get());
        }
        if (bytes == 0 || bytes > 3 || length > rest.remaining()) {
            throw new Malformed("DER with a length that does not fit");
        }
        return length;
    }

    /** The bytes are not the DER that was expected. */
    static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Malformed(String message) {
            super(message);
        }
    }
}
