package io.github.sessionaware.testing;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionTimeouts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/**
 * Random histories on two services over one store, beside a model that does the same arithmetic in plain milliseconds.
 * After every step both services must list what the model holds.
 */
public abstract class SessionModel {
    private static final List<String> USERS = List.of("alice", "Alice", "bob");
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long IDLE = 2 * HOUR;
    private static final long ABSOLUTE = 5 * HOUR;
    private static final long SHORT_IDLE = HOUR / 2;
    private static final long SHORT_ABSOLUTE = 2 * HOUR;
    private static final long TOKEN = 3 * HOUR;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long GRACE = Duration.ofSeconds(10).toMillis();
    private static final int LIMIT = 2;

    /** An empty store. */
    protected abstract SessionStore store();

    /** The same sessions as {@link #store()} gave last, seen from another node. */
    protected abstract SessionStore otherNode();

    @Property(tries = 300)
    void servicesAgreeWithTheModel(@ForAll("histories") List<Step> history) {
        SessionStore store = store();
        World world = new World(store, otherNode());
        for (Step step : history) {
            step.action().takeOn(world, step.node(), step.pick());
            world.compareLists();
            world.compareWhatWasTold();
        }
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Action> action = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.just(Action.ISSUE)),
                Tuple.of(6, Arbitraries.just(Action.VALIDATE)),
                Tuple.of(4, Arbitraries.just(Action.REFRESH)),
                Tuple.of(4, Arbitraries.just(Action.ADVANCE_CLOCK)),
                Tuple.of(4, Arbitraries.of(Action.class)));
        return Combinators.combine(
                        action,
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.integers().between(0, 999))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    /** What to do, on which node, and which of the possible objects to do it to. */
    protected record Step(Action action, int node, int pick) {}

    /** The things that can happen. */
    protected enum Action {
        ISSUE {
            @Override
            void takeOn(World world, int node, int pick) {
                world.issue(node, USERS.get(pick % USERS.size()));
            }
        },
        ISSUE_SHORT {
            @Override
            void takeOn(World world, int node, int pick) {
                world.issueShort(node, USERS.get(pick % USERS.size()));
            }
        },
        REVOKE_CREATED_BEFORE {
            @Override
            void takeOn(World world, int node, int pick) {
                world.revokeCreatedBefore(node, USERS.get(pick % USERS.size()), pick / USERS.size());
            }
        },
        VALIDATE {
            @Override
            void takeOn(World world, int node, int pick) {
                world.validate(node, pick);
            }
        },
        REVOKE_ONE {
            @Override
            void takeOn(World world, int node, int pick) {
                world.revokeOne(node, USERS.get(pick % USERS.size()), pick / USERS.size());
            }
        },
        REVOKE_OTHERS {
            @Override
            void takeOn(World world, int node, int pick) {
                world.revokeOthers(node, USERS.get(pick % USERS.size()), pick / USERS.size());
            }
        },
        REVOKE_ALL {
            @Override
            void takeOn(World world, int node, int pick) {
                world.revokeAll(node, USERS.get(pick % USERS.size()));
            }
        },
        PURGE {
            @Override
            void takeOn(World world, int node, int pick) {
                world.purge(node);
            }
        },
        REFRESH {
            @Override
            void takeOn(World world, int node, int pick) {
                world.refresh(node, pick / 4, pick % 4);
            }
        },
        REAUTHENTICATE {
            @Override
            void takeOn(World world, int node, int pick) {
                world.reauthenticate(node, pick);
            }
        },
        RENAME {
            @Override
            void takeOn(World world, int node, int pick) {
                world.rename(node, USERS.get(pick % USERS.size()), pick / USERS.size());
            }
        },
        LOGIN_AT_THE_LIMIT {
            @Override
            void takeOn(World world, int node, int pick) {
                world.loginAtTheLimit(node, USERS.get(pick % USERS.size()));
            }
        },
        ADVANCE_CLOCK {
            private static final List<Long> STEPS = List.of(
                    1L, 999L, GRACE - 1, GRACE, MINUTE - 1, MINUTE, HOUR, IDLE - 1, IDLE, TOKEN - MINUTE, DAY - 1, DAY);

            @Override
            void takeOn(World world, int node, int pick) {
                world.clock.advance(Duration.ofMillis(STEPS.get(pick % STEPS.size())));
            }
        };

        abstract void takeOn(World world, int node, int pick);
    }

    private static final class Modelled {
        private final String user;
        private final long createdAt;
        private final long authenticatedAt;
        /** From the first to the latest. */
        private final List<String> refreshTokens = new ArrayList<>();

        private IssuedTokens issued;
        private long accessTokenEnds;
        private long lastActiveAt;
        private long rotatedAt;
        private String label;
        private boolean exists = true;
        private final long idle;
        private final long absolute;

        Modelled(IssuedTokens issued, String user, long createdAt, String label, long idle, long absolute, long now) {
            this.user = user;
            this.idle = idle;
            this.absolute = absolute;
            this.createdAt = createdAt;
            this.authenticatedAt = now;
            this.label = label;
            refreshed(issued, now);
        }

        void refreshed(IssuedTokens tokens, long now) {
            issued = tokens;
            refreshTokens.add(tokens.refreshToken());
            accessTokenEnds = Math.min(now + TOKEN, authenticatedAt + absolute) / 1000 * 1000;
            lastActiveAt = now;
            rotatedAt = now;
        }

        boolean isLive(long now) {
            return exists && now < lastActiveAt + idle && now < (authenticatedAt + absolute) / 1000 * 1000;
        }

        /** What comes of showing the refresh token that was given so many rotations ago. */
        String outcomeOfRefresh(int rotationsAgo, long now) {
            if (!isLive(now)) {
                return exists ? "SESSION_EXPIRED" : "SESSION_ENDED";
            }
            return rotationsAgo == 0
                    ? "rotated"
                    : rotationsAgo == 1 && now < rotatedAt + GRACE ? "the same again" : "REFRESH_TOKEN_REUSED";
        }

        String shown() {
            return id() + " " + lastActiveAt + " " + createdAt + " " + authenticatedAt + " " + label;
        }

        String id() {
            return issued.session().id();
        }

        String outcome(long now) {
            if (now >= accessTokenEnds) {
                return "EXPIRED";
            }
            return !exists ? "SESSION_ENDED" : isLive(now) ? "ok" : "SESSION_EXPIRED";
        }
    }

    private static final class World {
        private final FakeClock clock = new FakeClock(START);
        private final List<SessionAwareTokenService> nodes;
        private final List<SessionAwareTokenService> limitedNodes;
        private final List<Modelled> all = new ArrayList<>();
        private final List<String> created = new ArrayList<>();
        private final List<String> ended = new ArrayList<>();
        private final Told told = new Told();

        World(SessionStore... stores) {
            nodes = Stream.of(stores).map(store -> builder(store).build()).toList();
            limitedNodes = Stream.of(stores)
                    .map(store -> builder(store)
                            .sessionLimit(new SessionLimit(LIMIT, AtLimit.END_LEAST_RECENTLY_ACTIVE))
                            .build())
                    .toList();
        }

        private SessionAwareTokenServiceBuilder builder(SessionStore store) {
            return aServiceOn(store)
                    .clock(clock)
                    .refreshTokens(TestService.refreshSecret())
                    .listener(told)
                    .accessTokenLifetime(Duration.ofMillis(TOKEN))
                    .idleTimeout(Duration.ofMillis(IDLE))
                    .absoluteTimeout(Duration.ofMillis(ABSOLUTE));
        }

        private long now() {
            return clock.instant().toEpochMilli();
        }

        void issue(int node, String user) {
            add(nodes.get(node).issue(user, ClientInfo.unknown()), user, IDLE, ABSOLUTE);
        }

        void issueShort(int node, String user) {
            LoginOptions options = LoginOptions.none()
                    .withTimeouts(
                            new SessionTimeouts(Duration.ofMillis(SHORT_IDLE), Duration.ofMillis(SHORT_ABSOLUTE)));
            add(nodes.get(node).issue(user, ClientInfo.unknown(), options), user, SHORT_IDLE, SHORT_ABSOLUTE);
        }

        private void add(IssuedTokens issued, String user, long idle, long absolute) {
            all.add(new Modelled(issued, user, now(), null, idle, absolute, now()));
            created.add(issued.session().id());
        }

        void loginAtTheLimit(int node, String user) {
            List<Modelled> live = all.stream()
                    .filter(session -> session.user.equals(user) && session.isLive(now()))
                    .sorted(Comparator.<Modelled>comparingLong(session -> session.lastActiveAt)
                            .thenComparingLong(session -> session.createdAt)
                            .thenComparing(Modelled::id))
                    .toList();
            live.stream().limit(Math.max(0, live.size() + 1 - LIMIT)).forEach(this::end);
            all.stream()
                    .filter(session -> session.user.equals(user) && !session.isLive(now()))
                    .forEach(session -> session.exists = false);
            add(limitedNodes.get(node).issue(user, ClientInfo.unknown()), user, IDLE, ABSOLUTE);
        }

        void refresh(int node, int pick, int rotationsAgo) {
            if (all.isEmpty()) {
                return;
            }
            Modelled session = all.get(pick % all.size());
            int back = Math.min(rotationsAgo, session.refreshTokens.size() - 1);
            String expected = session.outcomeOfRefresh(back, now());
            String presented = session.refreshTokens.get(session.refreshTokens.size() - 1 - back);
            Statistics.label("refresh").collect(expected);
            try {
                IssuedTokens next = nodes.get(node).refresh(presented, ClientInfo.unknown());
                if (expected.equals("rotated")) {
                    session.refreshed(next, now());
                } else {
                    assertEquals("the same again", expected);
                    assertEquals(session.refreshTokens.get(session.refreshTokens.size() - back), next.refreshToken());
                }
            } catch (InvalidTokenException e) {
                assertEquals(expected, e.reason().name());
                if (e.reason() == InvalidTokenException.Reason.REFRESH_TOKEN_REUSED) {
                    end(session);
                }
            }
        }

        void reauthenticate(int node, int pick) {
            if (all.isEmpty()) {
                return;
            }
            Modelled session = all.get(pick % all.size());
            SessionAwareTokenService service = nodes.get(node);
            try {
                IssuedTokens next =
                        service.reauthenticate(service.validate(session.issued.accessToken()), LoginOptions.none());
                assertEquals("ok", session.outcome(now()));
                session.exists = false;
                all.add(new Modelled(
                        next, session.user, session.createdAt, session.label, session.idle, session.absolute, now()));
            } catch (InvalidTokenException e) {
                assertEquals(session.outcome(now()), e.reason().name());
            }
        }

        void rename(int node, String user, int pick) {
            String label = "device " + pick;
            boolean expected = false;
            for (Modelled session : all) {
                if (session.user.equals(user) && session.id().equals(idOf(pick)) && session.isLive(now())) {
                    session.label = label;
                    expected = true;
                }
            }
            assertEquals(expected, nodes.get(node).renameSession(user, idOf(pick), label));
        }

        void validate(int node, int pick) {
            if (all.isEmpty()) {
                return;
            }
            Modelled session = all.get(pick % all.size());
            String expected = session.outcome(now());
            Statistics.label("validate").collect(expected);
            assertEquals(expected, outcomeOf(node, session));
            if (expected.equals("ok") && now() - session.lastActiveAt >= MINUTE) {
                session.lastActiveAt = now();
            }
        }

        private String outcomeOf(int node, Modelled session) {
            try {
                nodes.get(node).validate(session.issued.accessToken());
                return "ok";
            } catch (InvalidTokenException e) {
                return e.reason().name();
            }
        }

        void revokeOne(int node, String user, int pick) {
            String id = idOf(pick);
            int expected =
                    end(session -> session.user.equals(user) && session.id().equals(id));
            assertEquals(expected == 1, nodes.get(node).revokeSession(user, id));
        }

        void revokeOthers(int node, String user, int pick) {
            String kept = idOf(pick);
            int expected =
                    end(session -> session.user.equals(user) && !session.id().equals(kept));
            assertEquals(expected, nodes.get(node).revokeOtherSessions(user, kept));
        }

        void revokeAll(int node, String user) {
            int expected = end(session -> session.user.equals(user));
            assertEquals(expected, nodes.get(node).revokeAllSessions(user));
        }

        void revokeCreatedBefore(int node, String user, int pick) {
            long border = all.isEmpty() ? now() : all.get(pick % all.size()).createdAt;
            int expected = end(session -> session.user.equals(user) && session.createdAt < border);
            assertEquals(
                    expected,
                    nodes.get(node)
                            .revokeSessionsCreatedBefore(
                                    user, Instant.ofEpochMilli(border), EndCause.PASSWORD_CHANGED));
        }

        void purge(int node) {
            List<Modelled> expired = all.stream()
                    .filter(session -> session.exists && !session.isLive(now() - DAY))
                    .toList();
            expired.forEach(session -> session.exists = false);
            assertEquals(expired.size(), nodes.get(node).purgeExpiredSessions());
        }

        private String idOf(int pick) {
            return all.isEmpty()
                    ? "no-session-has-this-id"
                    : all.get(pick % all.size()).id();
        }

        private int end(Predicate<Modelled> which) {
            List<Modelled> ended = all.stream()
                    .filter(session -> session.exists && which.test(session))
                    .toList();
            List<Modelled> live =
                    ended.stream().filter(session -> session.isLive(now())).toList();
            live.forEach(this::end);
            ended.forEach(session -> session.exists = false);
            return live.size();
        }

        /** One that was live, of which listeners are told. */
        private void end(Modelled session) {
            session.exists = false;
            ended.add(session.id());
        }

        private static String shown(Session session) {
            return session.id() + " " + session.lastActiveAt().toEpochMilli() + " "
                    + session.createdAt().toEpochMilli() + " "
                    + session.authentication().time().toEpochMilli() + " " + session.label();
        }

        void compareWhatWasTold() {
            assertEquals(created, told.created());
            assertEquals(
                    ended.stream().sorted().toList(),
                    told.ended().stream().sorted().toList());
        }

        void compareLists() {
            for (String user : USERS) {
                List<String> expected = all.stream()
                        .filter(session -> session.user.equals(user) && session.isLive(now()))
                        .map(Modelled::shown)
                        .sorted()
                        .toList();
                for (SessionAwareTokenService node : nodes) {
                    assertEquals(
                            expected,
                            node.listSessions(user).stream()
                                    .map(World::shown)
                                    .sorted()
                                    .toList());
                }
            }
        }
    }
}
