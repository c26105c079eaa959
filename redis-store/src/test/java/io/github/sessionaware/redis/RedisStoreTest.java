package io.github.sessionaware.redis;

import static io.github.sessionaware.Admission.decidedBy;
import static io.github.sessionaware.Admission.unconditional;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.testing.CapturedLog;
import io.github.sessionaware.testing.TcpProxy;
import io.github.sessionaware.testing.TestService;
import io.lettuce.core.ClientOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/** What the contract cannot see: the commands, the keys, and what other programs have done to them. */
@Isolated("captures the log and counts the commands of a server of its own")
class RedisStoreTest extends OwnServer {
    @Test
    void eachCallTakesOneCommandAndALimitedLoginTwo() {
        SessionRecord one = session('a');

        assertCost(Map.of("evalsha", 1), () -> store.create(one, unconditional()));
        assertCost(Map.of("hget", 1), () -> store.find(USER, one.id()));
        assertCost(Map.of("hgetall", 1), () -> store.list(USER));
        assertCost(Map.of("evalsha", 1), () -> store.touch(one, START, START.plusSeconds(1)));
        assertCost(
                Map.of("hgetall", 1, "evalsha", 1),
                () -> store.create(session('b'), decidedBy(present -> Optional.of(List.of()))));
        assertCost(Map.of("hgetall", 1), () -> store.create(session('c'), decidedBy(present -> Optional.empty())));
        assertCost(Map.of("evalsha", 1), () -> store.delete(USER, Set.of(one.id())));
        assertCost(Map.of("evalsha", 1), () -> store.deleteAll(USER, null));
    }

    @Test
    void theFirstCallOfAStoreAlsoAsksForTheEvictionPolicy() {
        RedisSessionStore next = new RedisSessionStore(client.access());

        assertCost(
                Map.of("info", 1, "hget", 1), () -> next.find(USER, session('a').id()));
        assertCost(Map.of("hget", 1), () -> next.find(USER, session('a').id()));
    }

    /** The server's own clock decides, so the test reads how it sees the key. */
    @Test
    void theKeyExpiresADayAfterTheLatestDeadlineOfItsSessions() {
        store.create(expiring('a', START.plusSeconds(50)), unconditional());
        assertExpiry(START.plusSeconds(50));

        store.create(expiring('b', START.plusSeconds(70)), unconditional());
        store.create(expiring('c', START.plusSeconds(60)), decidedBy(present -> Optional.of(List.of())));
        assertExpiry(START.plusSeconds(70));
        store.create(expiring('d', START.plusSeconds(80)), decidedBy(present -> Optional.of(List.of())));
        assertExpiry(START.plusSeconds(80));

        store.touch(expiring('a', START.plusSeconds(50)), START, START.plusSeconds(90));
        assertExpiry(START.plusSeconds(90));

        store.delete(USER, Set.of(session('a').id()));
        assertExpiry(START.plusSeconds(90));
    }

    @Test
    void aServerWhoseClockIsHoursAheadDropsNoLiveSession() {
        Instant now = Instant.now();
        SessionRecord live = expiring('a', now.minus(Duration.ofHours(23)));

        store.create(live, unconditional());

        assertEquals(Optional.of(live), store.find(USER, live.id()));
    }

    @Test
    void noKeyIsLeftWhenTheLastSessionHasEnded() {
        store.create(session('a'), unconditional());
        store.create(session('b'), unconditional());
        store.delete(USER, Set.of(session('a').id()));
        store.delete(USER, Set.of(session('b').id()));
        store.create(session('c'), decidedBy(Optional::of));
        store.deleteAll(USER, null);

        assertEquals(0, jedis.dbSize());
    }

    @Test
    void theKeyIsThePrefixAndTheUserIdWithoutBraces() {
        for (String user : List.of("bob", "{a}1", "{a}2", "%7Ba%7D1", "ü ö")) {
            store.create(
                    SessionRecord.builder(user, "a".repeat(22)).expiresAt(START).build(), unconditional());
        }

        assertEquals(
                Set.of(
                        "jwt_sessions:bob",
                        "jwt_sessions:%7Ba%7D1",
                        "jwt_sessions:%7Ba%7D2",
                        "jwt_sessions:%257Ba%257D1",
                        "jwt_sessions:ü ö"),
                jedis.keys("*"));
    }

    @Test
    void storesWithDifferentPrefixesShareNoSession() {
        RedisSessionStore other = store.withKeyPrefix("shop:");
        store.create(session('a'), unconditional());
        other.create(expiring('b', START.minusSeconds(1)), unconditional());

        assertEquals(Optional.empty(), other.find(USER, session('a').id()));
        assertEquals(0, store.purge(START.minusSeconds(1)));
        assertEquals(1, other.purge(START.minusSeconds(1)));
        assertEquals(List.of(session('a')), store.list(USER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{one}:", "a*", "a b", "[x]"})
    void aPrefixThatAClusterOrAPatternWouldInterpretIsRefused(String prefix) {
        assertThrows(IllegalArgumentException.class, () -> store.withKeyPrefix(prefix));
    }

    @Test
    void settingsOutOfTheirRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> store.withTimeout(Duration.ofMillis(99)));
        assertThrows(IllegalArgumentException.class, () -> store.withTimeout(Duration.ofHours(2)));
        assertThrows(IllegalArgumentException.class, () -> store.withReplicasAcknowledging(0));
        assertThrows(IllegalArgumentException.class, () -> store.withReplicasAcknowledging(101));
    }

    @Test
    void noSettingChangesAnother() {
        RedisSessionStore all = store.withTimeout(Duration.ofSeconds(4))
                .withReplicasAcknowledging(1)
                .withKeyPrefix("other:");
        assertUnacknowledged(() -> all.create(session('a'), unconditional()));
        assertTrue(jedis.exists("other:" + USER));

        try (Client own = Client.lettuce(server.address())) {
            RedisSessionStore connected = new RedisSessionStore(own.access());
            connected.list(USER);
            server.pause();
            SessionStoreException failure = assertThrows(
                    SessionStoreException.class,
                    () -> connected
                            .withTimeout(Duration.ofMillis(123))
                            .withReplicasAcknowledging(1)
                            .withKeyPrefix("other:")
                            .list(USER));
            assertTrue(failure.getMessage().contains("123 ms"), failure.getMessage());
        } finally {
            server.resume();
        }
    }

    @Test
    void aServerThatForgetsItsScriptsGetsThemAgain() {
        jedis.scriptFlush();
        store.create(session('a'), unconditional());
        jedis.scriptFlush();
        assertEquals(List.of(session('a')), store.deleteAll(USER, null));
        assertCost(Map.of("evalsha", 1), () -> store.deleteAll(USER, null));
    }

    @Test
    void aFieldThatIsNoRecordCountsAsMissingAndIsReportedOnce() {
        store.create(session('a'), unconditional());
        jedis.hset(key(), session('b').id(), "written by another program");
        jedis.hset(key(), "not an id", "1 1 1 ");

        try (CapturedLog log = new CapturedLog()) {
            assertEquals(Optional.empty(), store.find(USER, session('b').id()));
            assertEquals(List.of(session('a')), store.list(USER));
            assertEquals(1, log.linesOf("WARN").size(), log.text());
            assertFalse(log.text().contains("must-not-be-shown"), log.text());
        }
        assertEquals(List.of(), store.delete(USER, Set.of(session('b').id())));
        assertEquals(List.of(session('a')), store.deleteAll(USER, null));
        assertFalse(jedis.exists(key()));
    }

    /** A name that is no text must reach the scripts as it is, or they would take it for a session that came later. */
    @Test
    void aFieldWithAnyNameHindersNoLoginAndLeavesWithTheOthers() {
        jedis.hset(key().getBytes(UTF_8), new byte[] {(byte) 0xFF, 0}, new byte[] {1});
        jedis.hset(key(), "", "nameless");

        assertEquals(Optional.of(List.of()), store.create(session('a'), decidedBy(present -> Optional.of(List.of()))));
        assertEquals(List.of(session('a')), store.deleteAll(USER, null));
        assertFalse(jedis.exists(key()));
    }

    @Test
    void aRecordOfAnUnknownFormatFailsItsOwnSessionAndNoOther() {
        SessionRecord known = session('a');
        String later = session('b').id();
        store.create(known, unconditional());
        jedis.hset(key(), later, "2 7 " + START.toEpochMilli() + " parts of a later release");

        SessionStoreException failure = assertThrows(SessionStoreException.class, () -> store.find(USER, later));

        assertTrue(failure.getMessage().contains("record format 2"), failure.getMessage());
        assertEquals(Optional.of(known), store.find(USER, known.id()));
        try (CapturedLog log = new CapturedLog()) {
            assertEquals(List.of(known), store.list(USER));
            assertEquals(List.of(known), store.list(USER));
            assertEquals(1, log.linesOf("WARN").size(), log.text());
            assertTrue(log.text().contains("record format 2"), log.text());
        }
        assertFalse(store.touch(expiring('b', START), START, START.plusSeconds(1)), "another version");
        assertEquals(0, store.purge(START.minusMillis(1)));
        assertEquals(2, store.purge(START), "a purge reads the deadline of every format");
    }

    @Test
    void aKeyOfAnotherTypeIsAFailureThatSaysSo() {
        jedis.set(key(), "taken");

        SessionStoreException failure = assertThrows(
                SessionStoreException.class, () -> store.find(USER, session('a').id()));

        assertTrue(failure.getMessage().contains("WRONGTYPE"), failure.getMessage());
        assertTrue(failure.getMessage().contains("another prefix"), failure.getMessage());
        assertCode("WRONGTYPE", () -> store.deleteAll(USER, null));
        assertCode("WRONGTYPE", () -> store.create(session('a'), unconditional()));
    }

    @ParameterizedTest
    @EnumSource
    void aPurgePassesOverKeysOfAnotherType(Library library) {
        jedis.set("jwt_sessions:taken", "by another program");
        store.create(session('a'), unconditional());
        try (Client own = library.connect(server.address())) {
            assertEquals(1, new RedisSessionStore(own.access()).purge(START));
        }
        assertEquals("by another program", jedis.get("jwt_sessions:taken"));
    }

    @Test
    void aFullServerRefusesLoginsAndServesEverythingElse() {
        store.create(session('a'), unconditional());
        store.create(session('b'), unconditional());
        jedis.configSet("maxmemory", "100kb");

        assertCode("OOM", () -> store.create(session('c'), unconditional()));
        assertCode("OOM", () -> store.create(session('c'), decidedBy(Optional::of)));
        assertCode("OOM", () -> store.replace(session('a'), session('a').touched(START, START)));
        assertEquals(Set.of(session('a'), session('b')), Set.copyOf(store.list(USER)));
        assertEquals(
                List.of(session('a')), store.delete(USER, Set.of(session('a').id())));
        assertEquals(List.of(session('b')), store.deleteAll(USER, null));
    }

    @Test
    void aReplicaAnswersWritesWithAFailure() {
        store.create(session('a'), unconditional());
        try (RedisServer primary = RedisServer.start(RedisBinary.redis6())) {
            jedis.configSet("replica-serve-stale-data", "yes");
            jedis.replicaof("127.0.0.1", primary.port());

            assertCode("READONLY", () -> store.create(session('b'), unconditional()));
            assertCode(
                    "READONLY", () -> store.replace(session('a'), session('a').touched(START, START)));
        } finally {
            jedis.replicaofNoOne();
        }
        store.create(session('c'), unconditional());
    }

    @Test
    void aServerThatLoadsItsDataIsAFailure() {
        jedis.configSet("key-load-delay", "300000");
        for (int i = 0; i < 500; i++) {
            jedis.set("filler" + i, "x");
        }
        CompletableFuture<Void> reloading = CompletableFuture.runAsync(() -> {
            try (Jedis other = server.connect()) {
                other.sendCommand(() -> "DEBUG".getBytes(UTF_8), "RELOAD");
            } catch (RuntimeException e) {
                // The test ends the server.
            }
        });

        SessionStoreException failure = null;
        // The client gives up first, also while it opens a connection, for which it has a limit of its own.
        try (Client own = Client.jedis(server.address(), 1, 2_000)) {
            RedisSessionStore loading = new RedisSessionStore(own.access()).withTimeout(Duration.ofSeconds(20));
            while (failure == null) {
                try {
                    loading.find(USER, session('a').id());
                } catch (SessionStoreException e) {
                    failure = e;
                }
            }
        }

        assertTrue(
                failure.getMessage().contains("LOADING") || failure.getMessage().contains("could not answer"),
                failure.getMessage());
        server.close();
        reloading.join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "volatile-ttl"})
    void aPolicyThatEvictsSessionsIsWarnedOfOnce(String policy) {
        jedis.configSet("maxmemory", "100mb");
        jedis.configSet("maxmemory-policy", policy);

        assertEquals(1, warningsOfANewStore());
    }

    @Test
    void noWarningComesWithoutEvictionOrWithoutALimit() {
        jedis.configSet("maxmemory", "100mb");
        jedis.configSet("maxmemory-policy", "noeviction");
        assertEquals(0, warningsOfANewStore());

        jedis.configSet("maxmemory", "0");
        jedis.configSet("maxmemory-policy", "allkeys-lru");
        assertEquals(0, warningsOfANewStore());
    }

    @Test
    void aServerThatDoesNotTellItsPolicyIsAskedOnce() {
        jedis.aclSetUser("default", "-info");
        RedisSessionStore next = new RedisSessionStore(client.access());
        next.list(USER);
        jedis.aclLogReset();

        next.list(USER);

        assertEquals(List.of(), jedis.aclLog());
    }

    @Test
    void aServerThatAsksForAPasswordIsAskedForItsPolicyAgain() {
        jedis.configSet("maxmemory", "100mb");
        jedis.configSet("maxmemory-policy", "allkeys-lru");
        jedis.aclSetUser("default", "resetpass", ">secret");
        try (Client own = Client.jedis(server.address(), 1);
                CapturedLog log = new CapturedLog()) {
            RedisSessionStore next = new RedisSessionStore(own.access());
            assertCode("NOAUTH", () -> next.list(USER));
            jedis.aclSetUser("default", "nopass");
            try (Jedis other = server.connect()) {
                other.clientKill(new ClientKillParams().type(ClientType.NORMAL).skipMe(ClientKillParams.SkipMe.YES));
            }
            try {
                next.list(USER);
            } catch (SessionStoreException e) {
                // Jedis 7 finds the broken connection in this call. Jedis 8 may replace it before.
                next.list(USER);
            }

            assertEquals(1, log.linesOf("WARN").size(), log.text());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWrongPasswordIsAFailureThatSaysSoAndShowsNoPassword(Library library) {
        jedis.aclSetUser("app", "on", ">secret", "~*", "+@all");
        SessionStoreException failure = assertThrows(SessionStoreException.class, () -> {
            try (Client own = library.connectAs("app", "must-not-be-shown", server.address())) {
                new RedisSessionStore(own.access()).list(USER);
            }
        });

        assertTrue(failure.getMessage().contains("WRONGPASS"), failure.getMessage());
        StringWriter printed = new StringWriter();
        failure.printStackTrace(new PrintWriter(printed));
        assertFalse(printed.toString().contains("must-not-be-shown"), printed.toString());
    }

    /** The rights are those that docs/redis.md lists. */
    @ParameterizedTest
    @EnumSource
    void theListedRightsAreEnough(Library library) throws IOException {
        List<String> rights = new ArrayList<>(List.of("on", ">secret", "~jwt_sessions:*", "-@all"));
        String docs = Files.readString(Path.of("..", "docs", "redis.md"));
        Matcher listed = Pattern.compile("`([A-Z]+)`")
                .matcher(docs.substring(
                        docs.indexOf("The rights that the store needs"), docs.indexOf("A cluster client also")));
        while (listed.find()) {
            rights.add("+" + listed.group(1).toLowerCase(Locale.ROOT));
        }
        jedis.aclSetUser("app", rights.toArray(String[]::new));
        jedis.scriptFlush();

        try (Client own = library.connectAs("app", "secret", server.address())) {
            RedisSessionStore limited = new RedisSessionStore(own.access()).withTimeout(Duration.ofSeconds(20));
            limited.create(session('a'), unconditional());
            limited.create(session('b'), decidedBy(present -> Optional.of(List.of())));
            assertTrue(limited.touch(session('a'), START, START.plusSeconds(1)));
            assertTrue(limited.find(USER, session('a').id()).isPresent());
            assertEquals(1, limited.delete(USER, Set.of(session('b').id())).size());
            assertEquals(1, limited.purge(START.plusSeconds(1)));
            assertEquals(List.of(), limited.deleteAll(USER, null));
            assertUnacknowledged(() -> limited.withTimeout(Duration.ofSeconds(4))
                    .withReplicasAcknowledging(1)
                    .deleteAll(USER, null));
        }
    }

    @Test
    void aLettuceClientThatDoesNotReconnectIsRefused() {
        var lettuce = io.lettuce.core.RedisClient.create("redis://127.0.0.1:" + server.port());
        lettuce.setOptions(ClientOptions.builder().autoReconnect(false).build());

        assertThrows(IllegalArgumentException.class, () -> LettuceAccess.of(lettuce));

        lettuce.shutdown(Duration.ZERO, Duration.ofSeconds(5));
    }

    private int warningsOfANewStore() {
        RedisSessionStore fresh = new RedisSessionStore(client.access());
        try (CapturedLog log = new CapturedLog()) {
            fresh.list(USER);
            fresh.list(USER);
            return log.linesOf("WARN").size();
        }
    }

    @Test
    void aUserWithVeryManySessionsIsRevokedAndPurgedInSteps() {
        for (int i = 0; i < 2_345; i++) {
            store.create(numbered(i, i % 5 == 0 ? START.minusSeconds(9) : START), unconditional());
        }

        assertEquals(469, store.purge(START.minusSeconds(1)));
        assertEquals(1_875, store.deleteAll(USER, numbered(1, START).id()).size());
        assertEquals(List.of(numbered(1, START)), store.list(USER));
    }

    /** Between the loss of the connection and the timeout a client could send the command once more. */
    @ParameterizedTest
    @EnumSource
    void aRevokeWhoseConnectionBreaksIsNotRepeatedByTheClient(Library library) {
        try (TcpProxy line = new TcpProxy(server.port());
                Client own = library.connect(new HostAndPort("127.0.0.1", line.port()))) {
            RedisSessionStore behind = new RedisSessionStore(own.access()).withTimeout(Duration.ofSeconds(20));
            store.create(session('a'), unconditional());
            assertEquals(1, behind.list(USER).size());
            line.endInPlaceOfTheNextReplyTo("EVAL");

            assertThrows(
                    SessionStoreException.class,
                    () -> behind.delete(USER, Set.of(session('a').id())));
            assertFalse(jedis.exists(key()), "the server has run it");
        }
    }

    @Test
    void nothingThatIsStoredAuthenticates() {
        SessionAwareTokenService service = TestService.aServiceOn(store)
                .refreshTokens(TestService.refreshSecret())
                .build();
        List<IssuedTokens> issued = new ArrayList<>();
        issued.add(service.issue(USER, ClientInfo.unknown()));
        issued.add(service.refresh(issued.get(0).refreshToken(), ClientInfo.unknown()));

        Set<String> stored = new HashSet<>();
        jedis.hgetAll(key()).forEach((id, value) -> stored.addAll(List.of(id, value, key())));

        for (IssuedTokens tokens : issued) {
            Stream.concat(
                            Stream.of(tokens.accessToken().split("\\.", -1)),
                            Stream.of(tokens.refreshToken().split("~", -1)))
                    .filter(secret -> !secret.equals(tokens.session().id()) && !secret.equals(USER))
                    .forEach(secret ->
                            stored.forEach(text -> assertFalse(text.contains(secret), "a part of a token is stored")));
        }
        for (String text : stored) {
            assertThrows(InvalidTokenException.class, () -> service.refresh(text, ClientInfo.unknown()));
        }
    }

    private void assertExpiry(Instant latestDeadline) {
        long before = System.currentTimeMillis();
        long left = jedis.pttl(key());
        long after = System.currentTimeMillis();
        long expected = latestDeadline.plus(RedisSessionStore.EXPIRY_MARGIN).toEpochMilli();
        assertTrue(before + left < expected + 5_000, before + left + " instead of " + expected);
        assertTrue(after + left > expected - 5_000, after + left + " instead of " + expected);
    }

    /** Compares the commands from clients, and not those that scripts send. */
    private void assertCost(Map<String, Integer> commands, Runnable call) {
        jedis.configResetStat();
        call.run();
        Map<String, Integer> counted = new TreeMap<>();
        Matcher lines = Pattern.compile("cmdstat_(evalsha|eval|hget|hgetall|info|wait|scan|exists):calls=([0-9]+)")
                .matcher(jedis.info("commandstats"));
        while (lines.find()) {
            counted.put(lines.group(1), Integer.parseInt(lines.group(2)));
        }
        // A script's own commands are counted too.
        if (counted.containsKey("evalsha")) {
            counted.remove("hget");
        }
        assertEquals(new TreeMap<>(commands), counted);
    }

    private static String key() {
        return "jwt_sessions:" + USER;
    }

    private static SessionRecord numbered(int number, Instant expiresAt) {
        return SessionRecord.builder(USER, "session-%016d".formatted(number))
                .expiresAt(expiresAt)
                .build();
    }
}
