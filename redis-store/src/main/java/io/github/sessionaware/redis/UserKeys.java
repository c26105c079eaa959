package io.github.sessionaware.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Pattern;

/**
 * Names the key of each user: the prefix, then the user id. A Redis Cluster hashes only what stands between the first
 * braces of a key. So the braces of a user id become {@code %7B} and {@code %7D}, and the percent sign {@code %25}.
 * Otherwise whoever chooses user ids could put any number of users on one server. All other characters stay, so
 * different user ids have different keys, and an administrator can read them.
 */
final class UserKeys {
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._:/-]{1,64}");

    private final String prefix;

    UserKeys(String prefix) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "keyPrefix must be 1 to 64 of the characters A-Z a-z 0-9 . _ : / -, was " + prefix);
        }
        this.prefix = prefix;
    }

    byte[] of(String userId) {
        return (prefix + userId.replace("%", "%25").replace("{", "%7B").replace("}", "%7D")).getBytes(UTF_8);
    }

    /** Matches the keys of all users. The prefix has no character that a pattern would interpret. */
    byte[] pattern() {
        return (prefix + "*").getBytes(UTF_8);
    }

    String prefix() {
        return prefix;
    }
}
