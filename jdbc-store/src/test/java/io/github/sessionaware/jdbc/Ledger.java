package io.github.sessionaware.jdbc;

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
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What callers were told while a database came and went, and whether it still holds. A call that ended in
 * {@link SessionStoreException} may have happened or not, so nothing is claimed of what it was about.
 */
final class Ledger {
    private final CountDownLatch acknowledgements;
    private final AtomicInteger logins = new AtomicInteger();
    private final AtomicInteger unknown = new AtomicInteger();
    private final Set<Login> live = ConcurrentHashMap.newKeySet();
    private final Set<Login> revoked = ConcurrentHashMap.newKeySet();
    private final Set<Login> unsure = ConcurrentHashMap.newKeySet();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    /** Counts the latch down at each acknowledged login and revoke. */
    Ledger(CountDownLatch acknowledgements) {
        this.acknowledgements = acknowledgements;
    }

    /** Empty if there was no answer. */
    Optional<Login> login(SessionAwareTokenService node, String userId) {
        return write(() -> node.issue(userId, ClientInfo.unknown())).map(issued -> {
            Login login = Login.of(issued);
            live.add(login);
            logins.incrementAndGet();
            return login;
        });
    }

    /** By a call that ends these logins, which nobody else revokes. False if there was no answer. */
    boolean revoke(Collection<Login> ended, Supplier<?> call) {
        unsure.addAll(ended);
        live.removeAll(ended);
        boolean answered = write(call).isPresent();
        if (answered) {
            revoked.addAll(ended);
            unsure.removeAll(ended);
        }
        return answered;
    }

    /** Notes an answer that contradicts what was acknowledged. False if there was none. */
    boolean validate(SessionAwareTokenService node, Login login) {
        boolean isLive = live.contains(login);
        Optional<Boolean> accepted = ask(() -> login.isAcceptedBy(node));
        accepted.filter(answer -> answer != isLive)
                .ifPresent(answer -> wrong.add(isLive ? "a live session was refused" : "a revoked one was accepted"));
        return accepted.isPresent();
    }

    /** Asks a node about everything, when nobody writes any more. */
    Findings check(SessionAwareTokenService node) {
        return new Findings(
                logins.get(),
                revoked.size(),
                unknown.get(),
                count(live, login -> !login.isAcceptedBy(node) || !login.isListedBy(node)),
                count(revoked, login -> login.isAcceptedBy(node) || login.isListedBy(node)),
                count(unsure, login -> login.isAcceptedBy(node) != login.isListedBy(node)),
                List.copyOf(wrong));
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

    /** A login that was acknowledged. */
    record Login(String userId, String sessionId, String token) {
        static Login of(IssuedTokens issued) {
            return new Login(issued.session().userId(), issued.session().id(), issued.accessToken());
        }

        /** False only for the one reason that a session has ended. */
        boolean isAcceptedBy(SessionAwareTokenService node) {
            try {
                return node.validate(token).sessionId().equals(sessionId);
            } catch (InvalidTokenException e) {
                if (e.reason() == Reason.SESSION_ENDED) {
                    return false;
                }
                throw e;
            }
        }

        boolean isListedBy(SessionAwareTokenService node) {
            return node.listSessions(userId).stream()
                    .anyMatch(session -> session.id().equals(sessionId));
        }
    }

    /**
     * Figures.
     *
     * @param unknown logins and revokes without an answer
     * @param lost logins that were acknowledged, that nobody tried to revoke, and that are gone
     * @param undone sessions whose revocation was acknowledged and that are back
     * @param halfThere sessions, revoked without an answer, that are listed and refused or accepted and not listed
     * @param wrong what callers were told and must never be
     */
    record Findings(int logins, int revoked, int unknown, int lost, int undone, int halfThere, List<String> wrong) {
        Findings plus(Findings other) {
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
