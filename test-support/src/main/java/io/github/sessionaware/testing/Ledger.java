package io.github.sessionaware.testing;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The answers that callers got while a database crashed and restarted, and whether they still hold. A call that ended
 * in {@link SessionStoreException} may have taken effect or not, so the ledger expects nothing of its session.
 */
public final class Ledger {
    private final CountDownLatch acknowledgements;
    private final AtomicInteger logins = new AtomicInteger();
    private final AtomicInteger unknown = new AtomicInteger();
    private final Set<Login> live = ConcurrentHashMap.newKeySet();
    private final Set<Login> revoked = ConcurrentHashMap.newKeySet();
    private final Set<Login> unsure = ConcurrentHashMap.newKeySet();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    /** Counts the latch down at each acknowledged login and revoke. */
    public Ledger(CountDownLatch acknowledgements) {
        this.acknowledgements = acknowledgements;
    }

    /** Logs in. Empty if there was no answer. */
    public Optional<Login> login(SessionAwareTokenService node, String userId) {
        return write(() -> node.issue(userId, ClientInfo.unknown())).map(issued -> {
            Login login = Login.of(issued);
            live.add(login);
            logins.incrementAndGet();
            return login;
        });
    }

    /** Ends these logins, which no other caller revokes, with the given call. False if there was no answer. */
    public boolean revoke(Collection<Login> ended, Supplier<?> call) {
        unsure.addAll(ended);
        live.removeAll(ended);
        boolean answered = write(call).isPresent();
        if (answered) {
            revoked.addAll(ended);
            unsure.removeAll(ended);
        }
        return answered;
    }

    /**
     * Validates the login, and records an answer that contradicts an acknowledged call. False if there was no answer.
     */
    public boolean validate(SessionAwareTokenService node, Login login) {
        boolean isLive = live.contains(login);
        Optional<Boolean> accepted = ask(() -> login.isAcceptedBy(node));
        accepted.filter(answer -> answer != isLive)
                .ifPresent(answer -> wrong.add(isLive ? "a live session was refused" : "a revoked one was accepted"));
        return accepted.isPresent();
    }

    /** Checks every login on a node, after the last write. Waits for the answers of a server that is not yet back. */
    public Findings check(SessionAwareTokenService node) {
        return new Findings(
                logins.get(),
                revoked.size(),
                unknown.get(),
                count(live, login -> !isAccepted(login, node) || !isListed(login, node)),
                count(revoked, login -> isAccepted(login, node) || isListed(login, node)),
                count(unsure, login -> isAccepted(login, node) != isListed(login, node)),
                List.copyOf(wrong));
    }

    private static boolean isAccepted(Login login, SessionAwareTokenService node) {
        return answered(() -> login.isAcceptedBy(node));
    }

    private static boolean isListed(Login login, SessionAwareTokenService node) {
        return answered(() -> login.isListedBy(node));
    }

    /** Calls again after each failure of the store, until the test's own time is over. */
    private static boolean answered(BooleanSupplier call) {
        while (true) {
            try {
                return call.getAsBoolean();
            } catch (SessionStoreException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    private <T> Optional<T> write(Supplier<T> call) {
        Optional<T> answer = ask(call);
        if (answer.isPresent()) {
            acknowledgements.countDown();
        } else {
            unknown.incrementAndGet();
        }
        return answer;
    }

    private <T> Optional<T> ask(Supplier<T> call) {
        try {
            return Optional.of(call.get());
        } catch (SessionStoreException e) {
            return Optional.empty();
        } catch (RuntimeException | Error e) {
            wrong.add(e.toString());
            return Optional.empty();
        }
    }

    private static int count(Set<Login> logins, Predicate<Login> which) {
        return (int) logins.stream().filter(which).count();
    }

    /** An acknowledged login. */
    public record Login(String userId, String sessionId, String token) {
        public static Login of(IssuedTokens issued) {
            return new Login(issued.userId(), issued.session().id(), issued.accessToken());
        }

        /** False if the session has ended. Any other refusal is an error. */
        public boolean isAcceptedBy(SessionAwareTokenService node) {
            try {
                return node.validate(token).sessionId().equals(sessionId);
            } catch (InvalidTokenException e) {
                if (e.reason() == Reason.SESSION_ENDED) {
                    return false;
                }
                throw e;
            }
        }

        public boolean isListedBy(SessionAwareTokenService node) {
            return node.listSessions(userId).stream()
                    .anyMatch(session -> session.id().equals(sessionId));
        }
    }

    /**
     * The counts of a check.
     *
     * @param unknown logins and revokes without an answer
     * @param lost acknowledged logins that no caller tried to revoke and that are missing
     * @param undone sessions that are back although their revocation was acknowledged
     * @param halfThere sessions, revoked without an answer, that are either listed or accepted, but not both
     * @param wrong answers that no caller may get
     */
    public record Findings(
            int logins, int revoked, int unknown, int lost, int undone, int halfThere, List<String> wrong) {
        public Findings plus(Findings other) {
            return new Findings(
                    logins + other.logins,
                    revoked + other.revoked,
                    unknown + other.unknown,
                    lost + other.lost,
                    undone + other.undone,
                    halfThere + other.halfThere,
                    Stream.concat(wrong.stream(), other.wrong.stream()).toList());
        }
    }
}
