package io.github.sessionaware;

import io.github.sessionaware.Challenges.Purpose;
import io.github.sessionaware.InvalidTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A challenge that names the session that it binds, because browsers register without cookies after a login that came
 * from another site. A renewed authentication ends the challenges from before, as it ends the tokens.
 *
 * @param generation the generation of the session's tokens
 */
record RegistrationChallenge(BoundSessionName session, int generation) {
    private static final Pattern FORM = Pattern.compile("([0-9]+~[^~]+)~((s~[^~]+~[^~]+)~([0-9]+))");

    static String of(SessionRecord session, Challenges challenges, Instant now) {
        String subject = BoundSessionName.of(session).encoded() + "~" + session.generation();
        return challenges.make(Purpose.REGISTRATION, "", subject, now) + "~" + subject;
    }

    /** Reads a challenge. Refuses one that this service has not made, and one that is too old. */
    static RegistrationChallenge require(String text, Challenges challenges, Duration lifetime, Instant now) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()
                || challenges
                        .timeOf(parts.group(1), Purpose.REGISTRATION, "", parts.group(2), lifetime, now)
                        .isEmpty()) {
            throw new InvalidTokenException(Reason.WRONG_CHALLENGE);
        }
        return new RegistrationChallenge(BoundSessionName.parse(parts.group(3)), Integer.parseInt(parts.group(4)));
    }

    /** Returns whether a request with that session may use the challenge. */
    boolean isFor(AuthenticatedSession current) {
        return session.userId().equals(current.userId()) && session.sessionId().equals(current.sessionId());
    }
}
