package io.github.sessionaware.testing.history;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.testing.StoreWrapper;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Mistakes that other session stores have made, and the rule by which a history shows each of them. */
enum BrokenTwin {
    /** Each node caches the sessions that it reads, and removes from its cache only those that it revokes itself. */
    CACHE_PER_NODE(Rule.ACCEPTED_AFTER_REVOKE) {
        @Override
        SessionStore on(SessionStore store) {
            return new StoreWrapper(store) {
                private final Map<String, Optional<Session>> cache = new ConcurrentHashMap<>();
                private final AtomicInteger reads = new AtomicInteger();

                @Override
                public Optional<Session> find(String sessionId) {
                    if (reads.incrementAndGet() % 200 == 0) {
                        cache.clear();
                    }
                    return cache.computeIfAbsent(sessionId, super::find);
                }

                @Override
                public Optional<Session> delete(String userId, String sessionId) {
                    Optional<Session> removed = super.delete(userId, sessionId);
                    cache.remove(sessionId);
                    return removed;
                }
            };
        }
    },

    /** A touch is written later, as an upsert, and so brings back a session that was revoked in between. */
    REVIVING_TOUCH(Rule.LISTED_AFTER_REVOKE) {
        @Override
        SessionStore on(SessionStore store) {
            return new StoreWrapper(store) {
                private final AtomicReference<Session> unwritten = new AtomicReference<>();

                @Override
                public boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
                    Session late = unwritten.getAndSet(seen.touched(lastActiveAt, expiresAt));
                    if (late != null) {
                        super.find(late.id())
                                .ifPresentOrElse(
                                        found -> super.touch(found, late.lastActiveAt(), late.expiresAt()),
                                        () -> super.create(late));
                    }
                    return true;
                }
            };
        }
    },

    /** A login reads the user's list, adds itself and writes the list back. Logins that came in between are lost. */
    LIST_IN_ONE_VALUE(Rule.REFUSED_WITHOUT_CAUSE) {
        @Override
        SessionStore on(SessionStore store) {
            return new StoreWrapper(store) {
                @Override
                public void create(Session session) {
                    Set<String> written = super.list(session.userId()).stream()
                            .map(Session::id)
                            .collect(Collectors.toSet());
                    letOthersRun();
                    super.create(session);
                    written.add(session.id());
                    super.list(session.userId()).stream()
                            .filter(other -> !written.contains(other.id()))
                            .forEach(other -> super.delete(other.userId(), other.id()));
                }
            };
        }
    },

    /** A list returns only its first page. */
    SHORT_LIST(Rule.MISSING_FROM_LIST) {
        @Override
        SessionStore on(SessionStore store) {
            return new StoreWrapper(store) {
                @Override
                public List<Session> list(String userId) {
                    return super.list(userId).stream().limit(3).toList();
                }
            };
        }
    },

    /** A purge removes sessions that have not expired. */
    HASTY_PURGE(Rule.REFUSED_WITHOUT_CAUSE) {
        @Override
        SessionStore on(SessionStore store) {
            return new StoreWrapper(store) {
                @Override
                public int purge(Instant expiredAtOrBefore) {
                    return super.purge(expiredAtOrBefore.plus(Duration.ofDays(2)));
                }
            };
        }
    },

    /** A touch is acknowledged and not written. */
    UNWRITTEN_TOUCH(Rule.ACTIVITY_WENT_BACK) {
        @Override
        SessionStore on(SessionStore store) {
            return new StoreWrapper(store) {
                @Override
                public boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
                    return true;
                }
            };
        }
    },

    /** A session that gets a new id remains under the old one too. */
    TWO_FOR_ONE(Rule.LISTED_AFTER_REVOKE) {
        @Override
        SessionStore on(SessionStore store) {
            return new StoreWrapper(store) {
                @Override
                public boolean replace(Session seen, Session next) {
                    boolean replaced = super.replace(seen, next);
                    if (replaced && !next.id().equals(seen.id())) {
                        super.create(seen);
                    }
                    return replaced;
                }
            };
        }
    },

    /** A limited login counts the sessions and then adds its own, while other logins do the same. */
    COUNTS_THEN_ADDS(Rule.OVER_LIMIT) {
        @Override
        SessionStore on(SessionStore store) {
            return new StoreWrapper(store) {
                @Override
                public Optional<List<Session>> createLimited(
                        Session session, Function<List<Session>, Optional<List<Session>>> choice) {
                    Optional<List<Session>> chosen = choice.apply(super.list(session.userId()));
                    letOthersRun();
                    chosen.ifPresent(leaving -> {
                        leaving.forEach(other -> super.delete(other.userId(), other.id()));
                        super.create(session);
                    });
                    return chosen;
                }
            };
        }
    },

    /** At the limit the newest session ends. */
    LAST_IN_FIRST_OUT(Rule.REFUSED_WITHOUT_CAUSE) {
        @Override
        SessionStore on(SessionStore store) {
            return new StoreWrapper(store) {
                @Override
                public Optional<List<Session>> createLimited(
                        Session session, Function<List<Session>, Optional<List<Session>>> choice) {
                    return super.createLimited(
                            session,
                            present -> choice.apply(present)
                                    .map(leaving -> present.stream()
                                            .sorted(Comparator.comparing(Session::createdAt)
                                                    .reversed())
                                            .limit(leaving.size())
                                            .toList()));
                }
            };
        }
    },

    /** The limit counts every login that there ever was, including those whose sessions have ended. */
    COUNTER_THAT_ONLY_RISES(Rule.REFUSED_BELOW_LIMIT) {
        @Override
        SessionStore on(SessionStore store) {
            return new StoreWrapper(store) {
                private final Map<String, Session> everCreated = new ConcurrentHashMap<>();

                @Override
                public Optional<List<Session>> createLimited(
                        Session session, Function<List<Session>, Optional<List<Session>>> choice) {
                    Optional<List<Session>> removed = super.createLimited(
                            session,
                            present -> choice.apply(everCreated.values().stream()
                                    .filter(other -> other.userId().equals(session.userId()))
                                    .map(other -> other.touched(session.lastActiveAt(), session.expiresAt()))
                                    .toList()));
                    removed.ifPresent(done -> everCreated.put(session.id(), session));
                    return removed;
                }
            };
        }
    },

    /** A new label is acknowledged and not written. */
    UNWRITTEN_LABEL(Rule.WRONG_LABEL) {
        @Override
        SessionStore on(SessionStore store) {
            return new StoreWrapper(store) {
                @Override
                public boolean replace(Session seen, Session next) {
                    return !Objects.equals(seen.label(), next.label()) || super.replace(seen, next);
                }
            };
        }
    },

    /** A delete returns sessions again that an earlier delete has returned. */
    HANDED_OUT_TWICE(Rule.NOTIFIED_WRONGLY) {
        @Override
        SessionStore on(SessionStore store) {
            return new StoreWrapper(store) {
                private final Map<String, Session> deleted = new ConcurrentHashMap<>();

                @Override
                public Optional<Session> delete(String userId, String sessionId) {
                    super.delete(userId, sessionId).ifPresent(session -> deleted.put(sessionId, session));
                    return Optional.ofNullable(deleted.get(sessionId));
                }

                @Override
                public List<Session> deleteAll(String userId) {
                    super.deleteAll(userId).forEach(session -> deleted.put(session.id(), session));
                    return deleted.values().stream()
                            .filter(session -> session.userId().equals(userId))
                            .toList();
                }
            };
        }
    },

    /** A deadlock, or another answer of the database to contention, reaches the caller. */
    CONTENTION_IS_THE_CALLERS_PROBLEM(Rule.FAILED) {
        @Override
        SessionStore on(SessionStore store) {
            return new StoreWrapper(store) {
                private final AtomicInteger running = new AtomicInteger();

                @Override
                public List<Session> deleteAll(String userId) {
                    try {
                        if (running.getAndIncrement() > 0) {
                            throw new SessionStoreException("Another deleteAll is running");
                        }
                        letOthersRun();
                        return super.deleteAll(userId);
                    } finally {
                        running.decrementAndGet();
                    }
                }
            };
        }
    };

    private final Rule brokenRule;

    BrokenTwin(Rule brokenRule) {
        this.brokenRule = brokenRule;
    }

    abstract SessionStore on(SessionStore store);

    /** Widens the gap between two steps, so that another call surely falls into it. */
    @SuppressWarnings("ThreadPriorityCheck") // The order of the threads is all that this needs to change.
    private static void letOthersRun() {
        for (int i = 0; i < 200; i++) {
            Thread.yield();
        }
    }

    Rule brokenRule() {
        return brokenRule;
    }
}
