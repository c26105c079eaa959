package io.github.sessionaware;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Secrets that standards, tools and tutorials print. Attackers try them first, because copied code keeps them. Each is
 * recognized as text, in upper and lower case, and as the bytes that its hexadecimal or base64 form encodes.
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
            "586E3272357538782F413F4428472B4B6250655368566B597033733676397924",
            "ThisIsASecretKeyForJWTTokenGenerationAndValidation",
            "your-secret-key-must-be-at-least-32-characters-long",
            "asdfSFS34wfsdfsdfSDSD32dfsddDDerQSNCK34SOWEK5354fdgdf4",
            // The readme of jjwt.
            "Yn2kjibddFAWtnPJ2AFlL8WXmohJMCvigQggaEypa5E=",
            // Keys that people type.
            "abcdefghijklmnopqrstuvwxyz123456",
            "qwertyuiopasdfghjklzxcvbnm123456");

    private static final Set<String> FOLDED = PRINTED.stream()
            .flatMap(ExampleSecrets::readings)
            .map(Secrets::folded)
            .collect(Collectors.toUnmodifiableSet());

    private ExampleSecrets() {}

    static boolean contain(byte[] secret) {
        return FOLDED.contains(Secrets.folded(secret));
    }

    private static Stream<byte[]> readings(String printed) {
        Stream.Builder<byte[]> readings = Stream.builder();
        readings.add(printed.getBytes(StandardCharsets.US_ASCII));
        if (printed.matches("[0-9A-Fa-f]{64}")) {
            readings.add(HexFormat.of().parseHex(printed));
        }
        if (printed.matches("[A-Za-z0-9+/]+=*") && printed.length() % 4 == 0) {
            readings.add(Base64.getDecoder().decode(printed));
        } else if (printed.matches("[A-Za-z0-9_-]{43,}")) {
            readings.add(Base64.getUrlDecoder().decode(printed));
        }
        return readings.build();
    }
}
