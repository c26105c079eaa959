package io.github.sessionaware;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name under which a browser keeps a bound session: the user and the session id, because a store needs both. It
 * begins with a letter and consists of characters of an {@code sf-token}, so that browsers that omit the quotes of an
 * {@code sf-string} send a structured field nevertheless.
 */
record BoundSessionName(String userId, String sessionId) {
    private static final Pattern FORM = Pattern.compile("s~([A-Za-z0-9_-]{1,1360})~([A-Za-z0-9_-]{22,64})");
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    static BoundSessionName of(SessionRecord session) {
        return new BoundSessionName(session.userId(), session.id());
    }

    static BoundSessionName parse(@Nullable String name) {
        if (name == null || name.isBlank()) {
            throw new InvalidTokenException(Reason.MISSING);
        }
        Matcher parts = FORM.matcher(name);
        if (!parts.matches()) {
            throw CompactJws.malformed();
        }
        String userId = CompactJws.text(CompactJws.decode(parts.group(1)));
        if (!Identifiers.isValid(userId)) {
            throw CompactJws.malformed();
        }
        return new BoundSessionName(userId, parts.group(2));
    }

    String encoded() {
        return "s~" + ENCODER.encodeToString(userId.getBytes(StandardCharsets.UTF_8)) + "~" + sessionId;
    }
}
