package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a new session may join the user's others, and which of those must leave for it. A
 * {@link SessionStore} receives it with {@link SessionStore#create}. Immutable; thread-safe if its function is.
 */
public final class Admission {
    private static final Admission UNCONDITIONAL = new Admission(null);

    private final @Nullable Function<List<SessionRecord>, Optional<List<SessionRecord>>> choice;

    private Admission(@Nullable Function<List<SessionRecord>, Optional<List<SessionRecord>>> choice) {
        this.choice = choice;
    }

    /**
     * Returns the admission of a service without a session limit: the session is created, and no other leaves.
     *
     * @return the admission that needs no other record
     */
    public static Admission unconditional() {
        return UNCONDITIONAL;
    }

    /**
     * Returns an admission that depends on the user's other records.
     *
     * @param choice receives all of the user's records and returns those that must leave, or empty if the new session
     *     is refused; fast, and without effects that a second call would repeat
     * @return the admission
     */
    public static Admission decidedBy(Function<List<SessionRecord>, Optional<List<SessionRecord>>> choice) {
        return new Admission(requireNonNull(choice, "choice"));
    }

    /**
     * Returns whether the decision needs no other record. A store then inserts the record and neither reads nor locks
     * anything else.
     *
     * @return true if {@link #decide} admits the session whatever it receives
     */
    public boolean isUnconditional() {
        return choice == null;
    }

    /**
     * Decides. A store may call it more than once for one session; the last answer counts.
     *
     * @param present all of the user's records, expired ones included
     * @return the records that must leave, each one of those in {@code present}; empty if the session is refused
     */
    public Optional<List<SessionRecord>> decide(List<SessionRecord> present) {
        return choice == null ? Optional.of(List.of()) : choice.apply(present);
    }
}
