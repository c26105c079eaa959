package io.github.sessionaware;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Secrets that standards, tools and tutorials print. Attackers try them first, because copied code keeps them. Each is
 * recognized as text, and as the bytes that its hexadecimal or base64 form encodes.
 */
final class ExampleSecrets {
    private static final List<String> PRINTED = List.of(
            // RFC 7515, appendix A.1, and RFC 7520, section 3.5.
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
            "hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg",
            // The debugger of jwt.io.
            "a-string-secret-at-least-256-bits-long",
            "a-valid-string-secret-that-is-at-least-384-bits-long",
            "a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long",
            // Tutorials on Spring Security.
            "404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970",
            "404E635266556A586E3272357538782F4125442A472D4B6150645367566B5970",
            "5367566B59703373367639792F423F4528482B4D6251655468576D5A71347437",
            "3cfa76ef14937c1c0ea519f8fc057a80fcd04a7420f8e8bcd0a7567c272e007b",
            "======================BezKoder=Spring===========================",
            "asdfSFS34wfsdfsdfSDSD32dfsddDDerQSNCK34SOWEK5354fdgdf4",
            // The readme of jjwt.
            "Yn2kjibddFAWtnPJ2AFlL8WXmohJMCvigQggaEypa5E=",
            // Keys that people type.
            "0123456789abcdef0123456789abcdef",
            "01234567890123456789012345678901",
            "12345678901234567890123456789012",
            "abcdefghijklmnopqrstuvwxyz123456",
            "qwertyuiopasdfghjklzxcvbnm123456");

    private static final List<byte[]> BYTES =
            PRINTED.stream().flatMap(ExampleSecrets::readings).toList();

    private ExampleSecrets() {}

    static boolean contain(byte[] secret) {
        byte[] unpadded = Secrets.withoutPadding(secret);
        return BYTES.stream().anyMatch(example -> MessageDigest.isEqual(Secrets.withoutPadding(example), unpadded));
    }

    private static Stream<byte[]> readings(String printed) {
        Stream.Builder<byte[]> readings = Stream.builder();
        readings.add(printed.getBytes(StandardCharsets.US_ASCII));
        if (printed.matches("[0-9A-Fa-f]{64}")) {
            readings.add(HexFormat.of().parseHex(printed));
            readings.add(printed.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
        }
        if (printed.matches("[A-Za-z0-9+/]+=*") && printed.length() % 4 == 0) {
            readings.add(Base64.getDecoder().decode(printed));
        } else if (printed.matches("[A-Za-z0-9_-]{43,}")) {
            readings.add(Base64.getUrlDecoder().decode(printed));
        }
        return readings.build();
    }
}
