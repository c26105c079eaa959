package io.github.sessionaware.testing;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
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
    private static final long TOKEN = 3 * HOUR;
    private static final long DAY = Duration.ofDays(1).toMillis();

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
        }
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Action> action = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.just(Action.ISSUE)),
                Tuple.of(6, Arbitraries.just(Action.VALIDATE)),
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
        ADVANCE_CLOCK {
            private static final List<Long> STEPS =
                    List.of(1L, 999L, MINUTE - 1, MINUTE, HOUR, IDLE - 1, IDLE, TOKEN - MINUTE, DAY - 1, DAY);

            @Override
            void takeOn(World world, int node, int pick) {
                world.clock.advance(Duration.ofMillis(STEPS.get(pick % STEPS.size())));
            }
        };

        abstract void takeOn(World world, int node, int pick);
    }

    private static final class Modelled {
        private final IssuedTokens issued;
        private final String user;
        private final long createdAt;
        private long lastActiveAt;
        private boolean exists = true;

        Modelled(IssuedTokens issued, String user, long now) {
            this.issued = issued;
            this.user = user;
            this.createdAt = now;
            this.lastActiveAt = now;
        }

        boolean isLive(long now) {
            return exists && now < lastActiveAt + IDLE && now < (createdAt + ABSOLUTE) / 1000 * 1000;
        }

        String id() {
            return issued.session().id();
        }

        String outcome(long now) {
            if (now >= (createdAt + TOKEN) / 1000 * 1000) {
                return "EXPIRED";
            }
            return !exists ? "SESSION_ENDED" : isLive(now) ? "ok" : "SESSION_EXPIRED";
        }
    }

    private static final class World {
        private final FakeClock clock = new FakeClock(START);
        private final List<SessionAwareTokenService> nodes;
        private final List<Modelled> all = new ArrayList<>();

        World(SessionStore... stores) {
            nodes = List.of(stores).stream()
                    .map(store -> aServiceOn(store)
                            .clock(clock)
                            .accessTokenLifetime(Duration.ofMillis(TOKEN))
                            .idleTimeout(Duration.ofMillis(IDLE))
                            .absoluteTimeout(Duration.ofMillis(ABSOLUTE))
                            .build())
                    .toList();
        }

        private long now() {
            return clock.instant().toEpochMilli();
        }

        void issue(int node, String user) {
            all.add(new Modelled(nodes.get(node).issue(user, ClientInfo.unknown()), user, now()));
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
            int live = (int)
                    ended.stream().filter(session -> session.isLive(now())).count();
            ended.forEach(session -> session.exists = false);
            return live;
        }

        void compareLists() {
            for (String user : USERS) {
                List<String> expected = all.stream()
                        .filter(session -> session.user.equals(user) && session.isLive(now()))
                        .map(session -> session.id() + " " + session.lastActiveAt)
                        .sorted()
                        .toList();
                for (SessionAwareTokenService node : nodes) {
                    assertEquals(
                            expected,
                            node.listSessions(user).stream()
                                    .map(session -> session.id() + " "
                                            + session.lastActiveAt().toEpochMilli())
                                    .sorted()
                                    .toList());
                }
            }
        }
    }
}
