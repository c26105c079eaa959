package io.github.sessionaware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class InvalidTokenExceptionTest {
    @Test
    void withoutATokenTheChallengeHasNoErrorCode() {
        assertEquals("Bearer realm=\"api\"", new InvalidTokenException(Reason.MISSING).wwwAuthenticate());
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "MISSING")
    void everyRefusedTokenGetsTheSameChallenge(Reason reason) {
        assertEquals(
                "Bearer realm=\"api\", error=\"invalid_token\","
                        + " error_description=\"The access token is invalid or has expired\"",
                new InvalidTokenException(reason).wwwAuthenticate());
    }

    @ParameterizedTest
    @EnumSource
    void aChallengeIsOneLineOfPrintableAscii(Reason reason) {
        assertTrue(new InvalidTokenException(reason).wwwAuthenticate().matches("[ -~]+"));
    }

    @Test
    void messagesAreConstants() {
        Map<Reason, String> messages = new EnumMap<>(Reason.class);
        for (Reason reason : Reason.values()) {
            messages.put(reason, new InvalidTokenException(reason).getMessage());
        }

        assertEquals(
                Map.of(
                        Reason.MISSING, "No token was given",
                        Reason.MALFORMED, "The token is malformed",
                        Reason.NOT_OURS, "The token was not issued for this service",
                        Reason.EXPIRED, "The token has expired",
                        Reason.WITHOUT_SESSION, "The token has no session id",
                        Reason.SESSION_ENDED, "The session has ended",
                        Reason.SESSION_EXPIRED, "The session has expired",
                        Reason.REFRESH_TOKEN_REUSED, "The refresh token has been used before"),
                messages);
    }

    @ParameterizedTest
    @EnumSource
    void itSurvivesSerialization(Reason reason) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new InvalidTokenException(reason));
        }

        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            InvalidTokenException read = (InvalidTokenException) in.readObject();
            assertEquals(reason, read.reason());
            assertNull(read.getCause());
        }
    }

    @Test
    void aReasonMustBeGiven() {
        assertThrows(NullPointerException.class, () -> new InvalidTokenException(null));
    }
}
