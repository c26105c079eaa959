package io.github.sessionaware;

import io.github.sessionaware.Challenges.Purpose;
import io.github.sessionaware.InvalidTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The session that a challenge allows to bind. An ordinary challenge is for a request with the session. One for a login
 * from another site names the session, because browsers register without cookies then. A renewed authentication ends
 * the challenges from before, as it ends the tokens.
 *
 * @param generation the generation of the session's tokens
 */
record Registration(String userId, String sessionId, int generation) {
    private static final Pattern CROSS_SITE = Pattern.compile("([0-9]+~[^~]+)~(s~[^~]+~[^~]+)~([1-9][0-9]{0,8})");

    static Registration of(SessionRecord session) {
        return new Registration(session.userId(), session.id(), session.generation());
    }

    String challenge(Challenges challenges, Instant now) {
        return challenges.make(Purpose.REGISTRATION, userId, hashedId(), now);
    }

    String crossSiteChallenge(Challenges challenges, Instant now) {
        return challenges.make(Purpose.CROSS_SITE_REGISTRATION, userId, hashedId(), now) + "~"
                + new BoundSessionName(userId, sessionId).encoded() + "~" + generation;
    }

    /** Refuses a challenge that this service has not made, that is too old, or that is not of the current session. */
    static Registration require(
            String challenge,
            @Nullable AuthenticatedSession current,
            Challenges challenges,
            Duration lifetime,
            Instant now) {
        Matcher parts = CROSS_SITE.matcher(challenge);
        boolean isCrossSite = parts.matches();
        Registration registration = isCrossSite ? named(parts) : of(current);
        Optional<Instant> time = challenges.timeOf(
                isCrossSite ? parts.group(1) : challenge,
                isCrossSite ? Purpose.CROSS_SITE_REGISTRATION : Purpose.REGISTRATION,
                registration.userId,
                registration.hashedId(),
                lifetime,
                now);
        if (time.isEmpty() || !registration.allows(current)) {
            throw new InvalidTokenException(Reason.WRONG_CHALLENGE);
        }
        return registration;
    }

    private static Registration named(Matcher parts) {
        BoundSessionName name = BoundSessionName.parse(parts.group(2));
        return new Registration(name.userId(), name.sessionId(), Integer.parseInt(parts.group(3)));
    }

    private static Registration of(@Nullable AuthenticatedSession current) {
        if (current == null) {
            throw new InvalidTokenException(Reason.WRONG_CHALLENGE);
        }
        return new Registration(current.userId(), current.sessionId(), current.generation());
    }

    private boolean allows(@Nullable AuthenticatedSession current) {
        return current == null || (userId.equals(current.userId()) && sessionId.equals(current.sessionId()));
    }

    /** No session id contains the dot. */
    private String hashedId() {
        return sessionId + "." + generation;
    }
}
