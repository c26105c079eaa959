package io.github.sessionaware.testing.history;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Mistakes that other session stores have made, and the rule by which a history shows each of them. */
enum BrokenTwin {
    /** Each node caches the sessions that it reads, and removes from its cache only those that it changes itself. */
    CACHE_PER_NODE(Rule.ACCEPTED_AFTER_REVOKE) {
        @Override
        SessionStore on(SessionStore store) {
            return new CacheOfReads(store);
        }
    },

    /**
     * Each node caches the sessions that it reads. A revocation empties the caches of all nodes, a step-up does not.
     */
    CACHE_THAT_OUTLIVES_A_STEP_UP(Rule.ACCEPTED_AFTER_STEP_UP) {
        @Override
        SessionStore on(SessionStore store) {
            return new CacheOfReads(store) {
                @Override
                public Optional<SessionRecord> find(String userId, String sessionId) {
                    return store.find(userId, sessionId).isPresent() ? super.find(userId, sessionId) : Optional.empty();
                }
            };
        }
    },

    /** The store has no column for the generation, so the tokens of before a step-up stay valid. */
    FORGETS_THE_GENERATION(Rule.ACCEPTED_AFTER_STEP_UP) {
        @Override
        SessionStore on(SessionStore store) {
            return new StoreWrapper(store) {
                @Override
                public boolean replace(SessionRecord seen, SessionRecord next) {
                    return super.replace(seen, next.toBuilder().generation(1).build());
                }
            };
        }
    },

    /** The last writer wins, whatever version it saw. So a late touch undoes a step-up. */
    IGNORES_THE_VERSION(Rule.ACTIVITY_WENT_BACK) {
        @Override
        SessionStore on(SessionStore store) {
            return new LastWriterWins(store) {
                @Override
                public boolean replace(SessionRecord seen, SessionRecord next) {
                    letOthersRun();
                    return super.replace(seen, next);
                }
            };
        }
    },

    /** The store looks for a session id among the sessions of all users. */
    FINDS_BY_SESSION_ID_ALONE(Rule.FAILED) {
        @Override
        SessionStore on(SessionStore store) {
            return new ByIdAlone(store) {
                @Override
                public Optional<SessionRecord> find(String userId, String sessionId) {
                    return super.find(ownerOf(sessionId, userId), sessionId);
                }
            };
        }
    },

    /** The store deletes a session whoever asks. */
    DELETES_BY_SESSION_ID_ALONE(Rule.REFUSED_WITHOUT_CAUSE) {
        @Override
        SessionStore on(SessionStore store) {
            return new ByIdAlone(store) {
                @Override
                public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
                    String anId = sessionIds.iterator().next();
                    return super.delete(ownerOf(anId, userId), sessionIds).stream()
                            .filter(deleted -> deleted.userId().equals(userId))
                            .toList();
                }
            };
        }
    },

    /** A touch is written later, as an upsert, and so brings back a session that was revoked in between. */
    REVIVING_TOUCH(Rule.LISTED_AFTER_REVOKE) {
        @Override
        SessionStore on(SessionStore store) {
            return new StoreWrapper(store) {
                private final AtomicReference<SessionRecord> unwritten = new AtomicReference<>();

                @Override
                public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
                    SessionRecord late = unwritten.getAndSet(seen.touched(lastActiveAt, expiresAt));
                    if (late != null) {
                        super.find(late.userId(), late.id())
                                .ifPresentOrElse(
                                        found -> super.touch(found, late.lastActiveAt(), late.expiresAt()),
                                        () -> super.create(late, Admission.unconditional()));
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
                public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                    if (!admission.isUnconditional()) {
                        return super.create(session, admission);
                    }
                    Set<String> written = super.list(session.userId()).stream()
                            .map(SessionRecord::id)
                            .collect(Collectors.toSet());
                    letOthersRun();
                    super.create(session, admission);
                    written.add(session.id());
                    super.list(session.userId()).stream()
                            .filter(other -> !written.contains(other.id()))
                            .forEach(other -> super.delete(other.userId(), Set.of(other.id())));
                    return Optional.of(List.of());
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
                public List<SessionRecord> list(String userId) {
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
                public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
                    return true;
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
                public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                    Optional<List<SessionRecord>> chosen = admission.decide(super.list(session.userId()));
                    letOthersRun();
                    chosen.ifPresent(leaving -> {
                        leaving.forEach(other -> super.delete(other.userId(), Set.of(other.id())));
                        super.create(session, Admission.unconditional());
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
                public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                    return super.create(
                            session,
                            Admission.decidedBy(present -> admission
                                    .decide(present)
                                    .map(leaving -> present.stream()
                                            .sorted(Comparator.comparing(SessionRecord::createdAt)
                                                    .reversed())
                                            .limit(leaving.size())
                                            .toList())));
                }
            };
        }
    },

    /** The limit counts every login that there ever was, including those whose sessions have ended. */
    COUNTER_THAT_ONLY_RISES(Rule.REFUSED_BELOW_LIMIT) {
        @Override
        SessionStore on(SessionStore store) {
            return new StoreWrapper(store) {
                private final Map<String, SessionRecord> everCreated = new ConcurrentHashMap<>();

                @Override
                public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                    Optional<List<SessionRecord>> removed = super.create(
                            session,
                            Admission.decidedBy(present -> admission.decide(everCreated.values().stream()
                                    .filter(other -> other.userId().equals(session.userId()))
                                    .map(other -> other.touched(session.lastActiveAt(), session.expiresAt()))
                                    .toList())));
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
                public boolean replace(SessionRecord seen, SessionRecord next) {
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
                private final Map<String, SessionRecord> deleted = new ConcurrentHashMap<>();

                @Override
                public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
                    super.delete(userId, sessionIds).forEach(session -> deleted.put(session.id(), session));
                    return deleted.values().stream()
                            .filter(session -> session.userId().equals(userId) && sessionIds.contains(session.id()))
                            .toList();
                }

                @Override
                public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
                    super.deleteAll(userId, keptSessionId).forEach(session -> deleted.put(session.id(), session));
                    return deleted.values().stream()
                            .filter(session -> session.userId().equals(userId))
                            .filter(session -> !session.id().equals(keptSessionId))
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
                public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
                    try {
                        if (running.getAndIncrement() > 0) {
                            throw new SessionStoreException("Another deleteAll is running");
                        }
                        letOthersRun();
                        return super.deleteAll(userId, keptSessionId);
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

    /** Keeps what it reads for some time. */
    private static class CacheOfReads extends StoreWrapper {
        private final Map<String, Optional<SessionRecord>> cache = new ConcurrentHashMap<>();
        private final AtomicInteger reads = new AtomicInteger();

        CacheOfReads(SessionStore store) {
            super(store);
        }

        @Override
        public Optional<SessionRecord> find(String userId, String sessionId) {
            if (reads.incrementAndGet() % 200 == 0) {
                cache.clear();
            }
            return cache.computeIfAbsent(sessionId, id -> super.find(userId, id));
        }

        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            return replace(seen, seen.touched(lastActiveAt, expiresAt));
        }

        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            boolean replaced = super.replace(seen, next);
            cache.remove(seen.id());
            return replaced;
        }

        @Override
        public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
            List<SessionRecord> removed = super.delete(userId, sessionIds);
            sessionIds.forEach(cache::remove);
            return removed;
        }
    }

    /** Knows the owner of every session that was created on this node. */
    private abstract static class ByIdAlone extends StoreWrapper {
        private final Map<String, String> owners = new ConcurrentHashMap<>();

        ByIdAlone(SessionStore store) {
            super(store);
        }

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            owners.put(session.id(), session.userId());
            return super.create(session, admission);
        }

        String ownerOf(String sessionId, String userId) {
            return owners.getOrDefault(sessionId, userId);
        }
    }
}
