package io.github.sessionaware;

import io.github.sessionaware.ReadMemory.Read;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Recent reads that leave out one step each, and the story that notices it. */
enum BrokenReads {
    WITHOUT_THE_STAMP(StalenessStory.A_SESSION_REVOKED_HERE_DURING_A_READ_IS_REFUSED_HERE) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return over(clocks, new ReadMemory(BoundedNode.BOUND, 100, 1_000_000) {
                @Override
                synchronized void put(Read read, long stamp) {
                    super.put(read, stamp(read.session().userId()));
                }
            });
        }
    },

    TAKES_THE_STAMP_AFTER_THE_READ(StalenessStory.A_SESSION_RENEWED_HERE_DURING_A_READ_REFUSES_ITS_FORMER_TOKEN) {
        @Override
        RecentReads of(NodeClocks clocks) {
            ReadMemory memory = memory();
            return new Twin(clocks, memory) {
                @Override
                Optional<SessionRecord> read(String userId, Supplier<Optional<SessionRecord>> read) {
                    ReadTime began = now();
                    Optional<SessionRecord> found = read.get();
                    found.ifPresent(session -> memory.put(new Read(session, began), memory.stamp(userId)));
                    return found;
                }
            };
        }
    },

    TAKES_THE_TIME_AFTER_THE_READ(
            StalenessStory.A_SESSION_REVOKED_THERE_DURING_A_SLOW_READ_IS_REFUSED_WITHIN_THE_BOUND) {
        @Override
        RecentReads of(NodeClocks clocks) {
            ReadMemory memory = memory();
            return new Twin(clocks, memory) {
                @Override
                Optional<SessionRecord> read(String userId, Supplier<Optional<SessionRecord>> read) {
                    long stamp = memory.stamp(userId);
                    Optional<SessionRecord> found = read.get();
                    found.ifPresent(session -> memory.put(new Read(session, now()), stamp));
                    return found;
                }
            };
        }
    },

    DOES_NOT_ASK_THE_WALL_CLOCK(StalenessStory.A_SLEEP_OF_THE_MACHINE_COUNTS) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return new Twin(clocks, memory()) {
                @Override
                boolean isRecent(ReadTime began, ReadTime now) {
                    return began.ageAt(now).compareTo(BoundedNode.BOUND) <= 0;
                }
            };
        }
    },

    DOES_NOT_ASK_THE_MONOTONIC_CLOCK(StalenessStory.A_CLOCK_THAT_IS_SET_BACK_PROLONGS_NOTHING) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return new Twin(clocks, memory()) {
                @Override
                boolean isRecent(ReadTime began, ReadTime now) {
                    return Duration.between(began.wall(), now.wall()).compareTo(BoundedNode.BOUND) <= 0;
                }
            };
        }
    },

    REMEMBERS_ABSENCE(StalenessStory.A_SESSION_THAT_WAS_NOT_FOUND_IS_ACCEPTED_ONCE_IT_IS_FOUND) {
        @Override
        RecentReads of(NodeClocks clocks) {
            Map<String, Optional<SessionRecord>> absent = new ConcurrentHashMap<>();
            return new Twin(clocks, memory()) {
                @Override
                Optional<SessionRecord> read(String userId, Supplier<Optional<SessionRecord>> read) {
                    Optional<SessionRecord> found = absent.getOrDefault(userId, super.read(userId, read));
                    if (found.isEmpty()) {
                        absent.put(userId, found);
                    }
                    return found;
                }
            };
        }
    },

    LETS_A_SLOWER_READ_UNDO_A_NO(StalenessStory.A_NO_THAT_THIS_NODE_HAS_GIVEN_IS_NOT_TAKEN_BACK_BY_A_SLOWER_READ) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return evicting(clocks, (store, memory, dispatcher) -> new EvictingStore(store, memory, dispatcher) {
                @Override
                public Optional<SessionRecord> find(String userId, String sessionId) {
                    return store.find(userId, sessionId);
                }
            });
        }
    },

    KEEPS_WHAT_A_LIST_DOES_NOT_SHOW(
            StalenessStory.A_SESSION_REVOKED_THERE_IS_REFUSED_AFTER_A_CALL_HERE_THAT_ENDS_ALL_EARLIER_ONES) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return evicting(clocks, (store, memory, dispatcher) -> new EvictingStore(store, memory, dispatcher) {
                @Override
                public List<SessionRecord> list(String userId) {
                    return store.list(userId);
                }
            });
        }
    },

    LETS_A_SLOWER_READ_HIDE_A_LATER_ONE(StalenessStory.A_SLOWER_READ_DOES_NOT_HIDE_WHAT_A_LATER_READ_SAW) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return over(clocks, new ReadMemory(BoundedNode.BOUND, 100, 1_000_000) {
                @Override
                boolean isLaterPresent(Read read) {
                    return false;
                }
            });
        }
    },

    EVICTS_BEFORE_THE_CALL(StalenessStory.A_SESSION_READ_HERE_DURING_ITS_REVOCATION_IS_REFUSED_HERE) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return evicting(clocks, (store, memory, dispatcher) -> new EvictingStore(store, memory, dispatcher) {
                @Override
                public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
                    sessionIds.forEach(sessionId -> evict(userId, sessionId));
                    return store.delete(userId, sessionIds);
                }
            });
        }
    },

    DOES_NOT_EVICT_AFTER_A_DELETE(StalenessStory.A_REVOCATION_HERE_IS_SEEN_HERE_AT_ONCE) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return evicting(clocks, (store, memory, dispatcher) -> new EvictingStore(store, memory, dispatcher) {
                @Override
                public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
                    return store.delete(userId, sessionIds);
                }
            });
        }
    },

    DOES_NOT_EVICT_AFTER_A_DELETE_THAT_THROWS(StalenessStory.A_REVOCATION_WHOSE_ANSWER_GOT_LOST_IS_SEEN_HERE_AT_ONCE) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return evicting(clocks, (store, memory, dispatcher) -> new EvictingStore(store, memory, dispatcher) {
                @Override
                public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
                    List<SessionRecord> deleted = store.delete(userId, sessionIds);
                    sessionIds.forEach(sessionId -> evict(userId, sessionId));
                    return deleted;
                }
            });
        }
    },

    DOES_NOT_EVICT_AFTER_A_DELETE_OF_ALL(StalenessStory.A_REVOCATION_OF_ALL_HERE_IS_SEEN_HERE_AT_ONCE) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return evicting(clocks, (store, memory, dispatcher) -> new EvictingStore(store, memory, dispatcher) {
                @Override
                public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
                    return store.deleteAll(userId, keptSessionId);
                }
            });
        }
    },

    EVICTS_ONLY_WHAT_A_DELETE_OF_ALL_RETURNED(
            StalenessStory.A_REVOCATION_OF_ALL_WHOSE_ANSWER_GOT_LOST_IS_SEEN_HERE_AT_ONCE) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return evicting(clocks, (store, memory, dispatcher) -> new EvictingStore(store, memory, dispatcher) {
                @Override
                public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
                    List<SessionRecord> deleted = store.deleteAll(userId, keptSessionId);
                    deleted.forEach(session -> evict(userId, session.id()));
                    return deleted;
                }
            });
        }
    },

    DOES_NOT_EVICT_AFTER_A_CREATE(StalenessStory.A_SESSION_THAT_MADE_ROOM_HERE_IS_REFUSED_HERE_AT_ONCE) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return evicting(clocks, (store, memory, dispatcher) -> new EvictingStore(store, memory, dispatcher) {
                @Override
                public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                    return store.create(session, admission);
                }
            });
        }
    },

    EVICTS_ONLY_WHAT_A_CREATE_RETURNED(StalenessStory.A_LOGIN_WHOSE_ANSWER_GOT_LOST_MADE_ROOM_HERE_AT_ONCE) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return evicting(clocks, (store, memory, dispatcher) -> new EvictingStore(store, memory, dispatcher) {
                @Override
                public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                    Optional<List<SessionRecord>> removed = store.create(session, admission);
                    removed.ifPresent(left -> left.forEach(other -> evict(other.userId(), other.id())));
                    return removed;
                }
            });
        }
    },

    DOES_NOT_EVICT_AFTER_A_REPLACE(StalenessStory.A_CHANGE_HERE_IS_SEEN_HERE_AT_ONCE) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return evicting(clocks, (store, memory, dispatcher) -> new EvictingStore(store, memory, dispatcher) {
                @Override
                public boolean replace(SessionRecord seen, SessionRecord next) {
                    return store.replace(seen, next);
                }
            });
        }
    },

    DOES_NOT_EVICT_AFTER_A_REPLACE_THAT_THROWS(StalenessStory.A_RENEWAL_WHOSE_ANSWER_GOT_LOST_IS_SEEN_HERE_AT_ONCE) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return evicting(clocks, (store, memory, dispatcher) -> new EvictingStore(store, memory, dispatcher) {
                @Override
                public boolean replace(SessionRecord seen, SessionRecord next) {
                    boolean isReplaced = store.replace(seen, next);
                    evict(seen.userId(), seen.id());
                    return isReplaced;
                }
            });
        }
    },

    DOES_NOT_EVICT_AFTER_A_TOUCH(StalenessStory.ACTIVITY_IS_WRITTEN_ONCE_PER_INTERVAL_AND_SEEN_AT_ONCE) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return evicting(clocks, (store, memory, dispatcher) -> new EvictingStore(store, memory, dispatcher) {
                @Override
                public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
                    return store.touch(seen, lastActiveAt, expiresAt);
                }
            });
        }
    },

    DOES_NOT_EVICT_AFTER_A_TOUCH_THAT_LOST(StalenessStory.A_TOUCH_THAT_LOST_IS_NOT_REPEATED) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return evicting(clocks, (store, memory, dispatcher) -> new EvictingStore(store, memory, dispatcher) {
                @Override
                public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
                    return store.touch(seen, lastActiveAt, expiresAt) && super.touch(seen, lastActiveAt, expiresAt);
                }
            });
        }
    },

    EVICTS_AFTER_A_TOUCH_THAT_THROWS(StalenessStory.WHILE_THE_STORE_IS_DOWN_SESSIONS_ARE_ACCEPTED_UNTIL_THE_BOUND) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return evicting(clocks, (store, memory, dispatcher) -> new EvictingStore(store, memory, dispatcher) {
                @Override
                public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
                    try {
                        return super.touch(seen, lastActiveAt, expiresAt);
                    } finally {
                        evict(seen.userId(), seen.id());
                    }
                }
            });
        }
    },

    REPEATS_A_TOUCH_THAT_THREW(StalenessStory.WHILE_THE_STORE_IS_DOWN_SESSIONS_ARE_ACCEPTED_UNTIL_THE_BOUND) {
        @Override
        RecentReads of(NodeClocks clocks) {
            return new Twin(clocks, memory()) {
                @Override
                void noteFailedTouch(SessionRecord session) {}
            };
        }
    };

    private final StalenessStory story;

    BrokenReads(StalenessStory story) {
        this.story = story;
    }

    abstract RecentReads of(NodeClocks clocks);

    /** Returns the story that notices the mistake. */
    StalenessStory story() {
        return story;
    }

    private static ReadMemory memory() {
        return new ReadMemory(BoundedNode.BOUND, 100, 1_000_000);
    }

    private static RecentReads over(NodeClocks clocks, ReadMemory memory) {
        return new Twin(clocks, memory);
    }

    private static RecentReads evicting(NodeClocks clocks, Evicting evicting) {
        ReadMemory memory = memory();
        return new Twin(clocks, memory) {
            @Override
            SessionStore evicting(SessionStore store, Consumer<Runnable> dispatcher) {
                return evicting.on(store, memory, dispatcher);
            }
        };
    }

    private interface Evicting {
        SessionStore on(SessionStore store, ReadMemory memory, Consumer<Runnable> dispatcher);
    }

    /** Has the bound and the clocks of the node. */
    private static class Twin extends RecentReads {
        Twin(NodeClocks clocks, ReadMemory memory) {
            super(BoundedNode.BOUND, clocks.monotonic(), clocks.wall(), memory, SessionMetrics.NOOP);
        }
    }
}
