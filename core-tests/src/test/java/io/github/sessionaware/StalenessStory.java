package io.github.sessionaware;

import static io.github.sessionaware.BoundedNode.ACTIVITY_INTERVAL;
import static io.github.sessionaware.BoundedNode.BOUND;
import static io.github.sessionaware.BoundedNode.CLIENT;
import static io.github.sessionaware.BoundedNode.inAnotherRequest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.BoundedNode.Fault;
import io.github.sessionaware.InvalidTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.BiConsumer;

/** Orders of events that a node with a maximal staleness must survive. Each broken twin fails one of them. */
enum StalenessStory {
    /** The read saw the session, and ends after the revocation has returned. */
    A_SESSION_REVOKED_HERE_DURING_A_READ_IS_REFUSED_HERE {
        @Override
        void tell(BoundedNode node) {
            IssuedTokens login = node.login();
            node.store.duringNextRead(() -> inAnotherRequest(() -> revoke(node.here, login)));

            node.assertAccepted(login);

            node.assertRefused(login);
        }
    },

    A_SESSION_READ_HERE_DURING_ITS_REVOCATION_IS_REFUSED_HERE {
        @Override
        void tell(BoundedNode node) {
            IssuedTokens login = node.login();
            node.store.beforeNextDelete(() -> inAnotherRequest(() -> node.assertAccepted(login)));

            revoke(node.here, login);

            node.assertRefused(login);
        }
    },

    /** The call here finds the session gone. It has ended all sessions from before nevertheless. */
    A_SESSION_REVOKED_THERE_IS_REFUSED_AFTER_A_CALL_HERE_THAT_ENDS_ALL_EARLIER_ONES {
        @Override
        void tell(BoundedNode node) {
            IssuedTokens login = node.remembered();
            revoke(node.there, login);

            node.here.revokeSessionsCreatedBefore(
                    "alice", login.session().createdAt().plusMillis(1));

            node.assertRefused(login);
        }
    },

    A_SESSION_GONE_FROM_A_LIST_HERE_IS_NOT_BROUGHT_BACK_BY_A_SLOWER_READ {
        @Override
        void tell(BoundedNode node) {
            IssuedTokens login = node.login();
            node.store.duringNextRead(() -> {
                revoke(node.there, login);
                inAnotherRequest(() -> node.here.listSessions("alice"));
            });
            node.assertAccepted(login);

            node.assertRefused(login);
        }
    },

    A_SESSION_RENEWED_HERE_DURING_A_READ_REFUSES_ITS_FORMER_TOKEN {
        @Override
        void tell(BoundedNode node) {
            IssuedTokens login = node.login();
            AuthenticatedSession current = node.there.validate(login.accessToken());
            node.store.duringNextRead(() -> inAnotherRequest(() -> node.here.reauthenticate(current)));

            node.assertAccepted(login);

            node.assertRefused(Reason.OTHER_GENERATION, login);
        }
    },

    /** The read takes three seconds. The other node revokes the session in the first of them. */
    A_SESSION_REVOKED_THERE_DURING_A_SLOW_READ_IS_REFUSED_WITHIN_THE_BOUND {
        @Override
        void tell(BoundedNode node) {
            IssuedTokens login = node.login();
            node.store.duringNextRead(() -> {
                node.clocks.advance(Duration.ofSeconds(1));
                revoke(node.there, login);
                node.clocks.advance(Duration.ofSeconds(2));
            });
            node.assertAccepted(login);

            node.clocks.advance(Duration.ofSeconds(2));
            node.assertAccepted(login);
            node.clocks.advance(Duration.ofMillis(1));
            node.assertRefused(login);
        }
    },

    A_NO_THAT_THIS_NODE_HAS_GIVEN_IS_NOT_TAKEN_BACK_BY_A_SLOWER_READ {
        @Override
        void tell(BoundedNode node) {
            IssuedTokens login = node.login();
            node.store.duringNextRead(() -> {
                revoke(node.there, login);
                inAnotherRequest(() -> node.assertRefused(login));
            });
            node.assertAccepted(login);

            node.assertRefused(login);
        }
    },

    /** The slower read began first, so it saw an earlier version. */
    A_SLOWER_READ_DOES_NOT_HIDE_WHAT_A_LATER_READ_SAW {
        @Override
        void tell(BoundedNode node) {
            IssuedTokens login = node.login();
            node.store.duringNextRead(() -> {
                node.there.renameSession("alice", login.session().id(), "kitchen tablet");
                node.clocks.advance(Duration.ofNanos(1));
                inAnotherRequest(() -> node.here.validate(login.accessToken()));
            });
            node.here.validate(login.accessToken());

            assertEquals(
                    "kitchen tablet",
                    node.here.validate(login.accessToken()).session().label());
        }
    },

    A_SLEEP_OF_THE_MACHINE_COUNTS {
        @Override
        void tell(BoundedNode node) {
            IssuedTokens login = node.remembered();
            revoke(node.there, login);
            node.clocks.sleep(Duration.ofMinutes(1));

            node.assertRefused(login);
        }
    },

    A_CLOCK_THAT_IS_SET_BACK_PROLONGS_NOTHING {
        @Override
        void tell(BoundedNode node) {
            IssuedTokens login = node.remembered();
            revoke(node.there, login);
            node.clocks.step(Duration.ofMinutes(-1));
            node.clocks.advance(BOUND.plusMillis(1));

            node.assertRefused(login);
        }
    },

    /** A replica that lags behind, for instance, does not know the session yet. */
    A_SESSION_THAT_WAS_NOT_FOUND_IS_ACCEPTED_ONCE_IT_IS_FOUND {
        @Override
        void tell(BoundedNode node) {
            IssuedTokens login = node.login();
            node.store.hideSessions(true);
            node.assertRefused(login);

            node.store.hideSessions(false);
            node.assertAccepted(login);
        }
    },

    A_REVOCATION_HERE_IS_SEEN_HERE_AT_ONCE {
        @Override
        void tell(BoundedNode node) {
            isSeenAtOnce(node, StalenessStory::revoke);
        }
    },

    A_REVOCATION_OF_ALL_HERE_IS_SEEN_HERE_AT_ONCE {
        @Override
        void tell(BoundedNode node) {
            isSeenAtOnce(node, (here, login) -> here.revokeAllSessions("alice"));
        }
    },

    /** The limit is three sessions, and the oldest one ends. */
    A_SESSION_THAT_MADE_ROOM_HERE_IS_REFUSED_HERE_AT_ONCE {
        @Override
        void tell(BoundedNode node) {
            isSeenAtOnce(node, (here, oldest) -> {
                node.clocks.advance(Duration.ofMillis(1));
                for (int login = 0; login < 3; login++) {
                    here.issue("alice", CLIENT);
                }
            });
        }
    },

    A_CHANGE_HERE_IS_SEEN_HERE_AT_ONCE {
        @Override
        void tell(BoundedNode node) {
            IssuedTokens login = node.remembered();
            AuthenticatedSession current = node.here.validate(login.accessToken());

            node.here.setAttributes(current, none -> Map.of("tenant", "blue"));
            assertEquals(
                    Map.of("tenant", "blue"),
                    node.here.validate(login.accessToken()).session().attributes());
            node.here.rename(current, login.session().id(), "kitchen tablet");
            assertEquals(
                    "kitchen tablet",
                    node.here.validate(login.accessToken()).session().label());
            IssuedTokens renewed = node.here.reauthenticate(current);
            node.assertRefused(Reason.OTHER_GENERATION, login);
            node.assertAccepted(renewed);
        }
    },

    A_REVOCATION_WHOSE_ANSWER_GOT_LOST_IS_SEEN_HERE_AT_ONCE {
        @Override
        void tell(BoundedNode node) {
            isSeenAtOnce(node, (here, login) -> losing(node, () -> revoke(here, login)));
        }
    },

    A_REVOCATION_OF_ALL_WHOSE_ANSWER_GOT_LOST_IS_SEEN_HERE_AT_ONCE {
        @Override
        void tell(BoundedNode node) {
            isSeenAtOnce(node, (here, login) -> losing(node, () -> here.revokeAllSessions("alice")));
        }
    },

    A_LOGIN_WHOSE_ANSWER_GOT_LOST_MADE_ROOM_HERE_AT_ONCE {
        @Override
        void tell(BoundedNode node) {
            IssuedTokens login = node.remembered();
            node.clocks.advance(Duration.ofMillis(1));
            node.here.issue("alice", CLIENT);
            node.here.issue("alice", CLIENT);
            node.assertAccepted(login);
            losing(node, () -> node.here.issue("alice", CLIENT));

            node.assertRefused(login);
        }
    },

    A_RENEWAL_WHOSE_ANSWER_GOT_LOST_IS_SEEN_HERE_AT_ONCE {
        @Override
        void tell(BoundedNode node) {
            IssuedTokens login = node.remembered();
            AuthenticatedSession current = node.here.validate(login.accessToken());
            losing(node, () -> node.here.reauthenticate(current));

            node.assertRefused(Reason.OTHER_GENERATION, login);
        }
    },

    ACTIVITY_IS_WRITTEN_ONCE_PER_INTERVAL_AND_SEEN_AT_ONCE {
        @Override
        void tell(BoundedNode node) {
            IssuedTokens login = node.login();
            node.clocks.advance(ACTIVITY_INTERVAL.minusMillis(1));
            node.assertAccepted(login);
            node.clocks.advance(Duration.ofMillis(1));
            node.calls.reset();

            for (int request = 0; request < 5; request++) {
                assertEquals(
                        node.clocks.now(),
                        node.here.validate(login.accessToken()).session().lastActiveAt());
            }
            assertEquals(1, node.calls.writes());
            assertEquals(1, node.calls.reads());
        }
    },

    /** The other node was first, so the version that this node remembers is a former one. */
    A_TOUCH_THAT_LOST_IS_NOT_REPEATED {
        @Override
        void tell(BoundedNode node) {
            IssuedTokens login = node.login();
            node.clocks.advance(ACTIVITY_INTERVAL.minusMillis(1));
            node.assertAccepted(login);
            node.clocks.advance(Duration.ofMillis(1));
            Instant active = node.there.validate(login.accessToken()).session().lastActiveAt();
            node.calls.reset();

            node.assertAccepted(login);
            for (int request = 0; request < 5; request++) {
                assertEquals(
                        active,
                        node.here.validate(login.accessToken()).session().lastActiveAt());
            }
            assertEquals(1, node.calls.writes());
            assertEquals(1, node.calls.reads());
        }
    },

    WHILE_THE_STORE_IS_DOWN_SESSIONS_ARE_ACCEPTED_UNTIL_THE_BOUND {
        @Override
        void tell(BoundedNode node) {
            IssuedTokens login = node.login();
            node.clocks.advance(ACTIVITY_INTERVAL.minusMillis(1));
            node.assertAccepted(login);
            node.clocks.advance(Duration.ofMillis(1));
            node.calls.reset();
            node.store.fault(Fault.DOWN);

            node.assertAccepted(login);
            node.assertAccepted(login);
            node.clocks.advance(BOUND.minusMillis(1));
            node.assertAccepted(login);
            assertEquals(1, node.calls.writes(), "Only one request waits for a store that cannot record activity");
            node.clocks.advance(Duration.ofMillis(1));
            assertThrows(SessionStoreException.class, () -> node.here.validate(login.accessToken()));

            node.store.fault(Fault.NONE);
            node.assertAccepted(login);
            assertEquals(2, node.calls.writes(), "The first request after the outage records its activity");
        }
    };

    abstract void tell(BoundedNode node);

    /** The other sessions of the user were made before, and stay or end with the change. */
    private static void isSeenAtOnce(BoundedNode node, BiConsumer<SessionAwareTokenService, IssuedTokens> change) {
        IssuedTokens login = node.remembered();

        change.accept(node.here, login);

        node.assertRefused(login);
    }

    private static void revoke(SessionAwareTokenService service, IssuedTokens login) {
        service.revokeSession("alice", login.session().id());
    }

    private static void losing(BoundedNode node, Runnable change) {
        node.store.fault(Fault.ANSWERS_GET_LOST);
        assertThrows(SessionStoreException.class, change::run);
        node.store.fault(Fault.NONE);
    }
}
