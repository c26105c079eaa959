package io.github.sessionaware.testing.model;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionTimeouts;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.Notifications;
import io.github.sessionaware.testing.StoreFixture.Nodes;
import io.github.sessionaware.testing.TestService;
import io.github.sessionaware.testing.model.ModelledSession.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Takes each step on one of the services and on the model, and compares the answers. */
final class World {
    static final long ACCESS_TOKEN_LIFETIME = Duration.ofHours(3).toMillis();
    static final long GRACE = Duration.ofSeconds(10).toMillis();

    private static final List<String> USERS = List.of("alice", "Alice", "bob");
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long IDLE = 2 * HOUR;
    private static final long ABSOLUTE = 5 * HOUR;
    private static final long SHORT_IDLE = HOUR / 2;
    private static final long SHORT_ABSOLUTE = 2 * HOUR;
    private static final int LIMIT = 2;
    private static final int LATEST = 4;
    private static final String NO_SESSION = "no session yet";

    /** To the borders of the grace window and of the activity interval, and to the millisecond before each. */
    private static final List<Long> SHORT_CLOCK_STEPS = List.of(1L, 999L, GRACE - 1, GRACE, MINUTE - 1, MINUTE);

    /** To the borders of timeouts and of the access token's lifetime. Most sessions expire. */
    private static final List<Long> LONG_CLOCK_STEPS = List.of(HOUR, IDLE - 1, IDLE, ACCESS_TOKEN_LIFETIME - MINUTE);

    /** To the border from which a purge removes a session, and to the millisecond before. */
    private static final List<Long> PURGE_CLOCK_STEPS = List.of(DAY - 1, DAY, DAY + IDLE - 1, DAY + IDLE);

    private final Random random;
    private final FakeClock clock = new FakeClock(START);
    private final List<SessionAwareTokenService> nodes;
    private final List<SessionAwareTokenService> limitedNodes;
    private final List<ModelledSession> all = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();
    private final List<String> created = new ArrayList<>();
    private final List<String> reauthenticated = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    private final Notifications notifications = new Notifications();

    World(Nodes stores, Random random) {
        this.random = random;
        nodes = Stream.of(stores.one(), stores.other())
                .map(store ->
                        builder(store).sessionLimit(SessionLimit.unlimited()).build())
                .toList();
        limitedNodes = Stream.of(stores.one(), stores.other())
                .map(store -> builder(store)
                        .sessionLimit(new SessionLimit(LIMIT, AtLimit.END_LEAST_RECENTLY_ACTIVE))
                        .build())
                .toList();
    }

    private SessionAwareTokenServiceBuilder builder(SessionStore store) {
        return aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .listener(notifications)
                .accessTokenLifetime(Duration.ofMillis(ACCESS_TOKEN_LIFETIME))
                .idleTimeout(Duration.ofMillis(IDLE))
                .absoluteTimeout(Duration.ofMillis(ABSOLUTE));
    }

    /** Takes an action on what it draws, and returns the outcome. */
    String take(Action action, int node) {
        SessionAwareTokenService service = nodes.get(node);
        steps.add(action + " on node " + node);
        String outcome = switch (action) {
            case ISSUE -> issue(service);
            case ISSUE_SHORT -> issueShort(service);
            case LOGIN_AT_THE_LIMIT -> loginAtTheLimit(limitedNodes.get(node));
            case VALIDATE -> all.isEmpty() ? NO_SESSION : validate(service);
            case REFRESH -> all.isEmpty() ? NO_SESSION : refresh(service);
            case REAUTHENTICATE -> all.isEmpty() ? NO_SESSION : reauthenticate(service);
            case RENAME -> rename(service);
            case LOG_OUT -> all.isEmpty() ? NO_SESSION : logOut(service);
            case LOG_OUT_BY_REFRESH_TOKEN -> all.isEmpty() ? NO_SESSION : logOutByRefreshToken(service);
            case LOG_OUT_OTHERS -> all.isEmpty() ? NO_SESSION : logOutOthers(service);
            case REVOKE_ONE -> revokeOne(service);
            case REVOKE_OTHERS -> revokeOthers(service);
            case REVOKE_ALL -> revokeAll(service);
            case REVOKE_CREATED_BEFORE -> revokeCreatedBefore(service);
            case PURGE -> purge(service);
            case ADVANCE_CLOCK -> advanceClock();
        };
        noteOfStep(": " + outcome);
        return outcome;
    }

    /** Returns the steps so far, one a line. */
    String steps() {
        return String.join("\n", steps);
    }

    private void noteOfStep(String note) {
        steps.set(steps.size() - 1, steps.get(steps.size() - 1) + note);
    }

    private String drawUser() {
        String user = USERS.get(random.nextInt(USERS.size()));
        noteOfStep(", user " + user);
        return user;
    }

    /** Draws one of the latest sessions in half of the cases, because most of the others are no longer live. */
    private ModelledSession drawSession() {
        int back = random.nextInt(random.nextBoolean() ? Math.min(LATEST, all.size()) : all.size());
        int index = all.size() - 1 - back;
        noteOfStep(", session " + index);
        return all.get(index);
    }

    /** Draws a session, or nothing before the first login, and its owner or now and then any user. */
    private Target drawTarget() {
        if (all.isEmpty()) {
            return new Target(drawUser(), "no-session-has-this-id", now());
        }
        ModelledSession session = drawSession();
        return new Target(random.nextInt(4) == 0 ? drawUser() : session.user, session.id, session.createdAt);
    }

    /** Draws the tokens of the latest generation, or now and then of any. */
    private Tokens drawTokens(ModelledSession session) {
        int latest = session.generations.size() - 1;
        int generation = random.nextInt(3) == 0 ? random.nextInt(latest + 1) : latest;
        noteOfStep(", generation " + generation + " of 0 to " + latest);
        return session.generations.get(generation);
    }

    private String issue(SessionAwareTokenService service) {
        String user = drawUser();
        add(service.issue(user, ClientInfo.unknown()));
        return "ok";
    }

    private String issueShort(SessionAwareTokenService service) {
        String user = drawUser();
        Map<String, String> attributes = Map.of("tenant", "t" + random.nextInt(100));
        LoginOptions options = LoginOptions.defaults()
                .withCategory("api")
                .withAttributes(attributes)
                .withTimeouts(new SessionTimeouts(Duration.ofMillis(SHORT_IDLE), Duration.ofMillis(SHORT_ABSOLUTE)));
        IssuedTokens issued = service.issue(user, ClientInfo.unknown(), options);
        add(new ModelledSession(issued, "api", attributes, now(), SHORT_IDLE, SHORT_ABSOLUTE));
        return "ok";
    }

    private void add(IssuedTokens issued) {
        add(new ModelledSession(issued, "device", Map.of(), now(), IDLE, ABSOLUTE));
    }

    private void add(ModelledSession session) {
        all.add(session);
        created.add(session.id);
    }

    private String loginAtTheLimit(SessionAwareTokenService limited) {
        String user = drawUser();
        List<ModelledSession> live = leastRecentlyActiveFirst(all.stream()
                .filter(session ->
                        session.user.equals(user) && session.category.equals("device") && session.isLive(now())));
        int leaving = Math.max(0, live.size() + 1 - LIMIT);
        live.stream().limit(leaving).forEach(this::end);
        all.stream()
                .filter(session -> session.user.equals(user) && !session.isLive(now()))
                .forEach(session -> session.exists = false);
        add(limited.issue(user, ClientInfo.unknown()));
        return leaving > 0 ? "ended some" : "ended none";
    }

    /** Sessions whose order of activity is unknown form a group. The newest login of a group comes first. */
    private static List<ModelledSession> leastRecentlyActiveFirst(Stream<ModelledSession> sessions) {
        Map<ModelledSession, Long> groups = new LinkedHashMap<>();
        long group = Long.MIN_VALUE;
        for (ModelledSession session : sessions.sorted(Comparator.comparingLong(session -> session.lastActiveAt))
                .toList()) {
            if (session.lastActiveAt >= group + MINUTE) {
                group = session.lastActiveAt;
            }
            groups.put(session, group);
        }
        return groups.keySet().stream()
                .sorted(Comparator.<ModelledSession, Long>comparing(groups::get)
                        .thenComparing(session -> -session.createdAt)
                        .thenComparing(session -> session.id))
                .toList();
    }

    private String validate(SessionAwareTokenService service) {
        ModelledSession session = drawSession();
        Tokens tokens = drawTokens(session);
        String expected = session.outcomeOfValidate(tokens, now());
        validate(service, session, tokens);
        return expected;
    }

    /** Returns nothing if the token is refused, as the model says. */
    private Optional<AuthenticatedSession> validate(
            SessionAwareTokenService service, ModelledSession session, Tokens tokens) {
        String expected = session.outcomeOfValidate(tokens, now());
        try {
            AuthenticatedSession current = service.validate(tokens.accessToken);
            assertEquals(expected, "ok");
            if (now() - session.lastActiveAt >= MINUTE) {
                session.lastActiveAt = now();
            }
            return Optional.of(current);
        } catch (InvalidTokenException e) {
            assertEquals(expected, e.reason().name());
            return Optional.empty();
        }
    }

    private String refresh(SessionAwareTokenService service) {
        ModelledSession session = drawSession();
        Tokens tokens = drawTokens(session);
        int latest = tokens.refreshTokens.size() - 1;
        int presented = drawRefreshToken(latest);
        String expected = session.outcomeOfRefresh(tokens, latest - presented, now());
        try {
            IssuedTokens next = service.refresh(tokens.refreshTokens.get(presented), ClientInfo.unknown());
            if (expected.equals("rotated")) {
                session.rotate(next, now());
            } else {
                assertEquals("same successor", expected);
                assertEquals(tokens.refreshTokens.get(presented + 1), next.refreshToken());
            }
        } catch (InvalidTokenException e) {
            assertEquals(expected, e.reason().name());
            if (e.reason() == Reason.REFRESH_TOKEN_REUSED) {
                end(session);
            }
        }
        return expected;
    }

    private int drawRefreshToken(int latest) {
        int drawn = Math.max(0, latest - random.nextInt(4));
        noteOfStep(", refresh token " + drawn + " of 0 to " + latest);
        return drawn;
    }

    private String reauthenticate(SessionAwareTokenService service) {
        ModelledSession session = drawSession();
        return validate(service, session, drawTokens(session))
                .map(current -> {
                    session.authenticate(service.reauthenticate(current), now());
                    reauthenticated.add(session.id);
                    return "ok";
                })
                .orElse("refused");
    }

    private String logOut(SessionAwareTokenService service) {
        ModelledSession session = drawSession();
        return validate(service, session, drawTokens(session))
                .map(current -> {
                    assertTrue(service.revoke(current));
                    end(session);
                    return "ended 1";
                })
                .orElse("refused");
    }

    private String logOutByRefreshToken(SessionAwareTokenService service) {
        ModelledSession session = drawSession();
        Tokens tokens = drawTokens(session);
        String presented = tokens.refreshTokens.get(drawRefreshToken(tokens.refreshTokens.size() - 1));
        boolean expected = session.isLive(now()) && tokens == session.latest();
        assertEquals(expected, service.revokeByRefreshToken(presented));
        if (expected) {
            end(session);
        }
        return expected ? "ended 1" : "refused";
    }

    private String logOutOthers(SessionAwareTokenService service) {
        ModelledSession session = drawSession();
        return validate(service, session, drawTokens(session))
                .map(current -> {
                    int expected = end(other -> other.user.equals(session.user) && other != session);
                    assertEquals(expected, service.revokeOthers(current));
                    return ended(expected);
                })
                .orElse("refused");
    }

    private String rename(SessionAwareTokenService service) {
        Target target = drawTarget();
        String label = "device " + random.nextInt();
        List<ModelledSession> renamed = all.stream()
                .filter(session -> target.isMet(session) && session.isLive(now()))
                .toList();
        renamed.forEach(session -> session.label = label);
        assertEquals(!renamed.isEmpty(), service.renameSession(target.user(), target.sessionId(), label));
        return renamed.isEmpty() ? "no such session" : "renamed";
    }

    private String revokeOne(SessionAwareTokenService service) {
        Target target = drawTarget();
        int expected = end(target::isMet);
        assertEquals(expected == 1, service.revokeSession(target.user(), target.sessionId()));
        return expected == 1 ? "ended 1" : "ended none";
    }

    private String revokeOthers(SessionAwareTokenService service) {
        Target target = drawTarget();
        int expected = end(session -> session.user.equals(target.user()) && !target.isMet(session));
        assertEquals(expected, service.revokeOtherSessions(target.user(), target.sessionId()));
        return ended(expected);
    }

    private String revokeAll(SessionAwareTokenService service) {
        String user = drawUser();
        int expected = end(session -> session.user.equals(user));
        assertEquals(expected, service.revokeAllSessions(user));
        return ended(expected);
    }

    private String revokeCreatedBefore(SessionAwareTokenService service) {
        Target target = drawTarget();
        // The session of the target is not created before its own time, and is created before the next millisecond.
        long border = target.createdAt() + random.nextInt(2);
        int expected = end(session -> session.user.equals(target.user()) && session.createdAt < border);
        assertEquals(
                expected,
                service.revokeSessionsCreatedBefore(
                        target.user(), Instant.ofEpochMilli(border), EndCause.PASSWORD_CHANGED));
        return expected > 0 ? "ended some" : "ended none";
    }

    private String purge(SessionAwareTokenService service) {
        List<ModelledSession> expired = all.stream()
                .filter(session -> session.exists && !session.isLive(now() - DAY))
                .toList();
        expired.forEach(session -> session.exists = false);
        assertEquals(expired.size(), service.purgeExpiredSessions());
        return expired.isEmpty() ? "removed none" : "removed some";
    }

    private String advanceClock() {
        List<Long> steps = switch (random.nextInt(8)) {
            case 0 -> PURGE_CLOCK_STEPS;
            case 1 -> LONG_CLOCK_STEPS;
            default -> SHORT_CLOCK_STEPS;
        };
        long step = steps.get(random.nextInt(steps.size()));
        clock.advance(Duration.ofMillis(step));
        return shown(step);
    }

    void compareNotifications() {
        assertEquals(created, notifications.created());
        assertEquals(reauthenticated, notifications.reauthenticated());
        assertEquals(
                ended.stream().sorted().toList(),
                notifications.ended().stream().sorted().toList());
    }

    void compareLists() {
        for (String user : USERS) {
            List<String> expected = all.stream()
                    .filter(session -> session.user.equals(user) && session.isLive(now()))
                    .map(ModelledSession::shown)
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

    private int end(Predicate<ModelledSession> which) {
        List<ModelledSession> affected = all.stream()
                .filter(session -> session.exists && which.test(session))
                .toList();
        List<ModelledSession> live =
                affected.stream().filter(session -> session.isLive(now())).toList();
        live.forEach(this::end);
        affected.forEach(session -> session.exists = false);
        return live.size();
    }

    /** Ends a live session, so listeners are notified. */
    private void end(ModelledSession session) {
        session.exists = false;
        ended.add(session.id);
    }

    private long now() {
        return clock.instant().toEpochMilli();
    }

    private static String ended(int count) {
        return switch (count) {
            case 0 -> "ended none";
            case 1 -> "ended 1";
            default -> "ended several";
        };
    }

    private static String shown(Session session) {
        return shown(
                session.id(),
                session.lastActiveAt().toEpochMilli(),
                session.createdAt().toEpochMilli(),
                session.authentication().time().toEpochMilli(),
                session.label(),
                session.category(),
                session.attributes());
    }

    static String shown(
            String id,
            long lastActiveAt,
            long createdAt,
            long authenticatedAt,
            @Nullable String label,
            String category,
            Map<String, String> attributes) {
        return id + " " + lastActiveAt + " " + createdAt + " " + authenticatedAt + " " + label + " " + category + " "
                + attributes;
    }

    /** Returns the outcomes that a step of the clock can have. */
    static List<String> clockSteps() {
        return Stream.of(SHORT_CLOCK_STEPS, LONG_CLOCK_STEPS, PURGE_CLOCK_STEPS)
                .flatMap(List::stream)
                .map(World::shown)
                .toList();
    }

    private static String shown(long clockStep) {
        return "+" + Duration.ofMillis(clockStep);
    }

    /** What an action names: a user and, mostly, a session of that user. */
    private record Target(String user, String sessionId, long createdAt) {

        boolean isMet(ModelledSession session) {
            return session.user.equals(user) && session.id.equals(sessionId);
        }
    }
}
