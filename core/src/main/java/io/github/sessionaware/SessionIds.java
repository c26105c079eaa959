package io.github.sessionaware;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** The ids that nobody may guess: 144 random bits, above the 128 that OWASP ASVS 5.0 (7.2.3) asks for. */
final class SessionIds {
    private static final int RANDOM_BYTES = 18;
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{22,64}");
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private SessionIds() {}

    static String generate(SecureRandom random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return ENCODER.encodeToString(bytes);
    }

    static boolean isWellFormed(String id) {
        return FORM.matcher(id).matches();
    }
}
