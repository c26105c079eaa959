package io.github.sessionaware.tck;

import io.github.sessionaware.Admission;
import io.github.sessionaware.Authentication;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Stores that return other records than the caller created. */
final class BrokenRecord {
    private BrokenRecord() {}

    static final class CreateOverwrites extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            put(session);
            return Optional.of(List.of());
        }
    }

    static final class CreateIgnoresDuplicates extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            try {
                return super.create(session, admission);
            } catch (SessionStoreException duplicate) {
                return Optional.of(List.of());
            }
        }
    }

    static final class FindIgnoresTheUser extends BreakableStore {
        @Override
        public Optional<SessionRecord> find(String userId, String sessionId) {
            return everybodys(sessionId).stream().findFirst();
        }
    }

    static final class FailsOnUnknown extends BreakableStore {
        @Override
        public Optional<SessionRecord> find(String userId, String sessionId) {
            return Optional.of(super.find(userId, sessionId).orElseThrow());
        }

        @Override
        public List<SessionRecord> list(String userId) {
            List<SessionRecord> found = super.list(userId);
            if (found.isEmpty()) {
                throw new IllegalArgumentException("no such user");
            }
            return found;
        }
    }

    /** Behaves like a cache that only create updates. */
    static final class ListsFromAStaleIndex extends BreakableStore {
        private final Map<String, List<SessionRecord>> index = new HashMap<>();

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            index.computeIfAbsent(session.userId(), user -> new ArrayList<>()).add(session);
            return super.create(session, admission);
        }

        @Override
        public List<SessionRecord> list(String userId) {
            return List.copyOf(index.getOrDefault(userId, List.of()));
        }
    }

    static final class ListsAtMostFour extends BreakableStore {
        @Override
        public List<SessionRecord> list(String userId) {
            return super.list(userId).stream().limit(4).toList();
        }
    }

    static final class ListsALiveView extends BreakableStore {
        @Override
        public List<SessionRecord> list(String userId) {
            return new AbstractList<>() {
                @Override
                public SessionRecord get(int position) {
                    return ListsALiveView.super.list(userId).get(position);
                }

                @Override
                public int size() {
                    return ListsALiveView.super.list(userId).size();
                }
            };
        }
    }

    static final class SharesItsListByReference extends BreakableStore {
        private final Map<String, List<SessionRecord>> shared = new HashMap<>();

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            shared.computeIfAbsent(session.userId(), user -> new ArrayList<>()).add(session);
            return super.create(session, admission);
        }

        @Override
        public List<SessionRecord> list(String userId) {
            return shared.computeIfAbsent(userId, user -> new ArrayList<>());
        }
    }

    static final class FindHidesExpiredRecords extends BreakableStore {
        @Override
        public Optional<SessionRecord> find(String userId, String sessionId) {
            return super.find(userId, sessionId)
                    .filter(session -> session.expiresAt().isAfter(Instant.now()));
        }
    }

    static final class ListHidesExpiredRecords extends BreakableStore {
        @Override
        public List<SessionRecord> list(String userId) {
            return super.list(userId).stream()
                    .filter(session -> session.expiresAt().isAfter(Instant.now()))
                    .toList();
        }
    }

    static final class ReplaceHidesExpiredRecords extends BreakableStore {
        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            return find(seen.userId(), seen.id())
                            .filter(session -> session.expiresAt().isAfter(Instant.now()))
                            .isPresent()
                    && super.replace(seen, next);
        }
    }

    /** Changes a record before it stores it. */
    static final class Rewrites extends BreakableStore {
        private final UnaryOperator<SessionRecord> rewriting;

        Rewrites(UnaryOperator<SessionRecord> rewriting) {
            this.rewriting = rewriting;
        }

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            return super.create(rewriting.apply(session), admission);
        }
    }

    static SessionRecord withTimesInWholeSeconds(SessionRecord session) {
        return session.toBuilder()
                .createdAt(session.createdAt().truncatedTo(ChronoUnit.SECONDS))
                .lastActiveAt(session.lastActiveAt().truncatedTo(ChronoUnit.SECONDS))
                .build();
    }

    static SessionRecord withDeadlineInWholeSeconds(SessionRecord session) {
        return session.toBuilder()
                .expiresAt(session.expiresAt().truncatedTo(ChronoUnit.SECONDS))
                .build();
    }

    static SessionRecord withTimesIn32Bits(SessionRecord session) {
        return session.toBuilder()
                .createdAt(in32Bits(session.createdAt()))
                .lastActiveAt(in32Bits(session.lastActiveAt()))
                .build();
    }

    static SessionRecord withDeadlineIn32Bits(SessionRecord session) {
        return session.toBuilder().expiresAt(in32Bits(session.expiresAt())).build();
    }

    private static Instant in32Bits(Instant time) {
        Instant end = Instant.ofEpochSecond(Integer.MAX_VALUE);
        return time.isAfter(end) ? end : time;
    }

    static SessionRecord withoutDashes(SessionRecord session) {
        return copyTo(SessionRecord.builder(session.userId(), session.id().replace('-', '_')), session);
    }

    private static SessionRecord copyTo(SessionRecord.Builder copy, SessionRecord session) {
        return copy.client(session.client())
                .createdAt(session.createdAt())
                .lastActiveAt(session.lastActiveAt())
                .expiresAt(session.expiresAt())
                .build();
    }

    static SessionRecord withTextCutByUtf16Units(SessionRecord session) {
        return withClientText(session, text -> cut(text, 128));
    }

    static SessionRecord withTextEscaped(SessionRecord session) {
        return withClientText(session, text -> text.replace("<", "&lt;"));
    }

    static SessionRecord withNullAsText(SessionRecord session) {
        return session.client().device() != null ? session : withoutClient(session, "unknown");
    }

    static SessionRecord withoutClient(SessionRecord session) {
        return withoutClient(session, null);
    }

    private static SessionRecord withoutClient(SessionRecord session, @Nullable String device) {
        return session.toBuilder()
                .client(new ClientInfo(device, null, null, null))
                .build();
    }

    private static SessionRecord withClientText(SessionRecord session, UnaryOperator<String> change) {
        ClientInfo client = session.client();
        return session.toBuilder()
                .client(new ClientInfo(
                        changed(client.device(), change),
                        changed(client.userAgent(), change),
                        changed(client.ipAddress(), change),
                        changed(client.location(), change)))
                .build();
    }

    private static @Nullable String changed(@Nullable String text, UnaryOperator<String> change) {
        return text == null ? null : change.apply(text);
    }

    private static String cut(String text, int length) {
        return text.substring(0, Math.min(length, text.length()));
    }

    static SessionRecord withoutVersion(SessionRecord session) {
        return session.toBuilder().version(1).build();
    }

    static SessionRecord withVersionPlusOne(SessionRecord session) {
        return session.toBuilder().version(session.version() + 1).build();
    }

    static SessionRecord withVersionMinusOne(SessionRecord session) {
        return session.toBuilder().version(session.version() - 1).build();
    }

    static SessionRecord withoutGeneration(SessionRecord session) {
        return session.toBuilder().generation(1).build();
    }

    static SessionRecord withVersionIn32Bits(SessionRecord session) {
        return session.toBuilder().version(session.version() & 0xFFFF_FFFFL).build();
    }

    static SessionRecord withGenerationIn16Bits(SessionRecord session) {
        return session.toBuilder()
                .generation(Math.min(session.generation(), Short.MAX_VALUE))
                .build();
    }

    static SessionRecord withoutCategory(SessionRecord session) {
        return session.toBuilder().category("device").build();
    }

    static SessionRecord withCategoryCut(SessionRecord session) {
        return session.toBuilder().category(cut(session.category(), 16)).build();
    }

    static SessionRecord withoutLabel(SessionRecord session) {
        return session.toBuilder().label(null).build();
    }

    static SessionRecord withoutTimeouts(SessionRecord session) {
        return session.toBuilder().timeouts(null).build();
    }

    static SessionRecord authenticatedAtLogin(SessionRecord session) {
        return session.toBuilder()
                .authentication(new Authentication(
                        session.createdAt(), session.authentication().methods()))
                .build();
    }

    static SessionRecord withMethodsInOrder(SessionRecord session) {
        Authentication authentication = session.authentication();
        return session.toBuilder()
                .authentication(new Authentication(
                        authentication.time(),
                        authentication.methods().stream().sorted().distinct().toList()))
                .build();
    }

    static SessionRecord withoutRefreshState(SessionRecord session) {
        return session.toBuilder().refreshState(null).build();
    }

    static SessionRecord withRefreshStateCut(SessionRecord session) {
        String state = session.refreshState();
        return session.toBuilder()
                .refreshState(state == null ? null : cut(state, 128))
                .build();
    }

    static SessionRecord withoutDeviceKey(SessionRecord session) {
        return session.toBuilder().deviceKey(null).build();
    }

    static SessionRecord withDeviceKeyCut(SessionRecord session) {
        String key = session.deviceKey();
        return session.toBuilder()
                .deviceKey(key == null ? null : cut(key, 1000))
                .build();
    }

    static SessionRecord withoutLoginDevice(SessionRecord session) {
        return session.toBuilder().loginDevice(null).build();
    }

    static SessionRecord withoutLoginNetwork(SessionRecord session) {
        return session.toBuilder().loginNetwork(null).build();
    }

    static SessionRecord withLoginDeviceInUtf16Units(SessionRecord session) {
        return session.toBuilder()
                .loginDevice(changed(session.loginDevice(), text -> cut(text, 128)))
                .build();
    }

    static SessionRecord withLoginNetworkInUtf16Units(SessionRecord session) {
        return session.toBuilder()
                .loginNetwork(changed(session.loginNetwork(), text -> cut(text, 64)))
                .build();
    }

    /** Behaves like a store that thinks the device of the login is the session's device. */
    static SessionRecord withTheDeviceAsLoginDevice(SessionRecord session) {
        return session.toBuilder().loginDevice(session.client().device()).build();
    }

    /** Behaves like a store that joins the methods with commas. */
    static SessionRecord withMethodsSplitAtCommas(SessionRecord session) {
        Authentication authentication = session.authentication();
        return session.toBuilder()
                .authentication(new Authentication(
                        authentication.time(),
                        authentication.methods().stream()
                                .flatMap(method -> Arrays.stream(method.split(",")))
                                .filter(method -> !method.isEmpty())
                                .toList()))
                .build();
    }

    static SessionRecord withoutAttributes(SessionRecord session) {
        return session.toBuilder().attributes(Map.of()).build();
    }

    static SessionRecord withTenAttributes(SessionRecord session) {
        return withAttributes(
                session,
                new TreeMap<>(session.attributes())
                        .entrySet().stream()
                                .limit(10)
                                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    static SessionRecord withAttributesCut(SessionRecord session) {
        Map<String, String> attributes = new HashMap<>(session.attributes());
        attributes.replaceAll((name, value) -> cut(value, 255));
        return withAttributes(session, attributes);
    }

    /** Behaves like a database in which an empty text is null. */
    static SessionRecord withoutEmptyAttributes(SessionRecord session) {
        Map<String, String> attributes = new HashMap<>(session.attributes());
        attributes.values().removeIf(String::isEmpty);
        return withAttributes(session, attributes);
    }

    static SessionRecord withAttributeNamesFolded(SessionRecord session) {
        Map<String, String> attributes = new HashMap<>();
        session.attributes().forEach((name, value) -> attributes.put(name.toLowerCase(Locale.ROOT), value));
        return withAttributes(session, attributes);
    }

    /** Behaves like a store that joins the attributes to one text without escaping the separators. */
    static SessionRecord withAttributesJoined(SessionRecord session) {
        String joined = session.attributes().entrySet().stream()
                .map(attribute -> attribute.getKey() + "=" + attribute.getValue())
                .collect(Collectors.joining(";"));
        return withAttributes(
                session,
                Arrays.stream(joined.split(";", -1))
                        .filter(attribute -> attribute.indexOf('=') > 0)
                        .collect(Collectors.toMap(
                                attribute -> attribute.substring(0, attribute.indexOf('=')),
                                attribute -> attribute.substring(attribute.indexOf('=') + 1),
                                (one, other) -> one)));
    }

    private static SessionRecord withAttributes(SessionRecord session, Map<String, String> attributes) {
        return session.toBuilder().attributes(attributes).build();
    }

    /** Behaves like a store that leaves out what does not fit into a row of 4,000 characters. */
    static SessionRecord inAShortRow(SessionRecord session) {
        int length =
                session.attributes().toString().length() + session.toString().length();
        return length > 4000 ? withoutAttributes(session) : session;
    }
}
