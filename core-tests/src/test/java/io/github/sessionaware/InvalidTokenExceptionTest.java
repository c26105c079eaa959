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
import java.util.EnumSet;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
                Map.ofEntries(
                        Map.entry(Reason.MISSING, "No token was given"),
                        Map.entry(Reason.MALFORMED, "The token is malformed"),
                        Map.entry(Reason.MISSING_CLAIM, "The token lacks a claim that this service requires"),
                        Map.entry(Reason.UNKNOWN_KEY, "The token was signed with an unknown key"),
                        Map.entry(Reason.BAD_SIGNATURE, "The signature of the token is wrong"),
                        Map.entry(Reason.WRONG_TYPE, "The token has another type"),
                        Map.entry(Reason.WRONG_ISSUER, "The token has another issuer"),
                        Map.entry(Reason.WRONG_AUDIENCE, "The token has another audience"),
                        Map.entry(Reason.NOT_YET_VALID, "The token is not valid yet"),
                        Map.entry(Reason.EXPIRED, "The token has expired"),
                        Map.entry(Reason.STATELESS, "The token belongs to no session"),
                        Map.entry(Reason.SESSION_ENDED, "The session has ended"),
                        Map.entry(Reason.SESSION_EXPIRED, "The session has expired"),
                        Map.entry(Reason.OTHER_GENERATION, "The token was replaced when the user authenticated again"),
                        Map.entry(Reason.UNKNOWN_REFRESH_TOKEN, "The refresh token is unknown"),
                        Map.entry(Reason.REFRESH_TOKEN_REUSED, "The refresh token has been used before"),
                        Map.entry(Reason.RETRY_FROM_ELSEWHERE, "The refresh token has just been used from elsewhere"),
                        Map.entry(
                                Reason.DEVICE_PROOF_REQUIRED,
                                "The session is bound to a device, and the request brings no proof of it"),
                        Map.entry(Reason.NOT_DEVICE_BOUND, "The session is not bound to a device"),
                        Map.entry(Reason.ALREADY_BOUND, "The session is bound to a device already"),
                        Map.entry(
                                Reason.WRONG_CHALLENGE, "The proof answers another challenge, or one that is too old")),
                messages);
    }

    /** A missing or expired access token, one whose key is gone, and one that another tab has made old. */
    @Test
    void aRefreshMayHelpAgainstFiveReasons() {
        assertEquals(
                EnumSet.of(
                        Reason.MISSING,
                        Reason.UNKNOWN_KEY,
                        Reason.BAD_SIGNATURE,
                        Reason.EXPIRED,
                        Reason.OTHER_GENERATION),
                Stream.of(Reason.values())
                        .filter(Reason::mayRefresh)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Reason.class))));
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
