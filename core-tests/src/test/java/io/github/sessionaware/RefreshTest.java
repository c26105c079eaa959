package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refresh tokens on one node: their form, cost and settings, clocks that differ, and records that others wrote. */
class RefreshTest {
    private static final String SECRET = "A".repeat(43);
    private static final String ID = "B".repeat(24);
    private static final String USER_42 = "dXNlci00Mg";
    private static final String LONGEST_USER = "\ud83d\ude00".repeat(255);

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service = aServiceOn(store)
            .clock(clock)
            .refreshTokens(TestService.refreshSecret())
            .build();

    @Test
    void aServiceWithoutRefreshTokensIssuesNoneAndRefusesToRefresh() {
        SessionAwareTokenService plain = aServiceOn(store).clock(clock).build();

        IssuedTokens issued = plain.issue("alice", ClientInfo.unknown());

        assertFalse(plain.issuesRefreshTokens());
        assertTrue(service.issuesRefreshTokens());
        assertNull(issued.refreshToken());
        assertNull(stored("alice").refreshState());
        assertThrows(IllegalStateException.class, () -> plain.refresh("anything", ClientInfo.unknown()));
    }

    @Test
    void aSessionFromBeforeRefreshTokensCannotBeRefreshed() {
        Session session = aServiceOn(store)
                .clock(clock)
                .build()
                .issue("alice", ClientInfo.unknown())
                .session();

        assertRefused(Reason.UNKNOWN_REFRESH_TOKEN, forged("alice", session.id()));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t\n"})
    void aMissingTokenCostsNoStoreCall(String token) {
        assertRefused(Reason.MISSING, token);
        assertEquals(0, store.calls());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "~~",
                "~~~",
                "~~~~",
                "dXNlci00Mg~BBBBBBBBBBBBBBBBBBBBBBBB~AAAA~AAAA",
                "\0",
                "\uD800",
                "' or 1=1 --",
                "BBBBBBBBBBBBBBBBBBBBBBBB~AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA~AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "dXNlci00Mg~BBBBBBBBBBBBBBBBBBBBBBBB~AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA~AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "dXNlci00Mg~BBBBBBBBBBBBBBBBBBBBBBBB~AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA~AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA~",
                "dXNlci00Mg~BBBBBBBBBBBBBBBBBBBBBBBB~AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA~AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!",
                "dXNlci00Mg~BBBBBBBBBBBBBBBBBBBBB~AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA~AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "dXNlci00Mg~BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB~AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA~AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void aMalformedTokenCostsNoStoreCall(String token) {
        assertRefused(Reason.MALFORMED, token);
        assertRefused(Reason.MALFORMED, token.repeat(100_000 / token.length()));
        assertEquals(0, store.calls());
    }

    static List<Named<String>> hostileUserIds() {
        return List.of(
                Named.of("empty", ""),
                Named.of("padded", "YQ=="),
                Named.of("padded with one character", "YWI="),
                Named.of("stray last bits", "YR"),
                Named.of("stray last bits of two bytes", "YWJ"),
                Named.of("one character, which is no byte", "Y"),
                Named.of("the other alphabet", "+/+/"),
                Named.of("a percent sign", "YQ%3D%3D"),
                Named.of("a space", "YW I"),
                Named.of("a line break", "YWI\n"),
                Named.of("a dot", "YWI.YWI"),
                Named.of("not encoded", "user@shop"),
                Named.of("not ASCII", "\u00e9"),
                Named.of("a lone surrogate", "\ud800"),
                Named.of("a byte that UTF-8 never has", encoded(0xff)),
                Named.of("an overlong slash", encoded(0xc0, 0xaf)),
                Named.of("an overlong NUL", encoded(0xc0, 0x80)),
                Named.of("an encoded surrogate", encoded(0xed, 0xa0, 0x80)),
                Named.of("a surrogate pair in CESU-8", encoded(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80)),
                Named.of("a cut sequence", encoded(0x61, 0xe2, 0x82)),
                Named.of("beyond Unicode", encoded(0xf4, 0x90, 0x80, 0x80)),
                Named.of("a NUL", encoded("a\0")),
                Named.of("a line break inside", encoded("a\nb")),
                Named.of("an escape", encoded("\u001b[31m")),
                Named.of("a control character above ASCII", encoded("a\u0085")),
                Named.of("blank", encoded(" \t")),
                Named.of("256 code points", encoded("x".repeat(256))),
                Named.of("256 code points of four bytes", encoded("\ud83d\ude00".repeat(256))),
                Named.of("huge", "QUFB".repeat(1 << 20)));
    }

    @ParameterizedTest
    @MethodSource("hostileUserIds")
    void aTokenWithAMalformedUserIdCostsNoStoreCall(String userId) {
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());
        String[] parts = issued.refreshToken().split("~", 2);
        store.reset();

        assertRefused(Reason.MALFORMED, userId + "~" + parts[1]);

        assertEquals(0, store.calls());
    }

    @Test
    void aTokenWithTheUserIdOfAnotherCostsOneReadAndEndsNothing() {
        IssuedTokens alices = service.issue("alice", ClientInfo.unknown());
        IssuedTokens bobs = service.issue("bob", ClientInfo.unknown());
        String rest = alices.refreshToken().split("~", 2)[1];
        store.reset();

        for (String other : List.of("bob", "mallory", "Alice", "alice ", "alic\u0435", "alice\ufffd")) {
            assertRefused(Reason.SESSION_ENDED, encoded(other) + "~" + rest);
            assertEquals(List.of(1, 0), List.of(store.reads(), store.writes()));
            store.reset();
        }

        service.refresh(alices.refreshToken(), ClientInfo.unknown());
        service.refresh(bobs.refreshToken(), ClientInfo.unknown());
    }

    /** Two users may have sessions of one id, since a store need not compare them. */
    @Test
    void aTokenIsOfItsUserEvenIfAnotherHasASessionWithThatId() {
        IssuedTokens alices = service.issue("alice", ClientInfo.unknown());
        SessionRecord mallorys = SessionRecord.builder(
                        "mallory", alices.session().id())
                .createdAt(START)
                .lastActiveAt(START)
                .expiresAt(START.plusSeconds(60))
                .refreshState(stored("alice").refreshState())
                .build();
        store.create(mallorys, Admission.unconditional());
        String rest = alices.refreshToken().split("~", 2)[1];

        assertRefused(Reason.UNKNOWN_REFRESH_TOKEN, encoded("mallory") + "~" + rest);

        assertEquals(List.of(mallorys), store.list("mallory"));
        assertEquals(
                "alice",
                service.refresh(alices.refreshToken(), ClientInfo.unknown()).userId());
    }

    @Test
    void aTokenHasTheUserIdInFrontAndItsLengthIsKnown() {
        String ofUser42 = service.issue("user-42", ClientInfo.unknown()).refreshToken();
        String longest = service.issue(LONGEST_USER, ClientInfo.unknown()).refreshToken();

        assertTrue(ofUser42.startsWith(USER_42 + "~"), ofUser42);
        assertEquals(List.of(123, 1473), List.of(ofUser42.length(), longest.length()));
        assertEquals(
                LONGEST_USER, service.refresh(longest, ClientInfo.unknown()).userId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "ab", "abc", "a~b", "caf\u00e9", "cafe\u0301", "\ufffd", "a\u2028b", "~", " a "})
    void everyUserIdComesBackExactly(String userId) {
        IssuedTokens issued = service.issue(userId, ClientInfo.unknown());

        assertEquals(
                userId,
                service.refresh(issued.refreshToken(), ClientInfo.unknown()).userId());
    }

    @Test
    void accessTokensAndRefreshTokensCannotBeInterchanged() {
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());
        store.reset();

        assertRefused(Reason.MALFORMED, issued.accessToken());
        assertEquals(
                Reason.MALFORMED,
                assertThrows(InvalidTokenException.class, () -> service.validate(issued.refreshToken()))
                        .reason());

        assertEquals(0, store.calls());
    }

    @Test
    void aRetryInAnOldSessionGivesTheSameSuccessor() {
        IssuedTokens r1 = service.issue("alice", ClientInfo.unknown());
        clock.advance(Duration.ofHours(1));
        IssuedTokens r2 = service.refresh(r1.refreshToken(), ClientInfo.unknown());
        clock.advance(Duration.ofHours(1));
        IssuedTokens r3 = service.refresh(r2.refreshToken(), ClientInfo.unknown());
        clock.advance(Duration.ofSeconds(9));

        IssuedTokens again = service.refresh(r2.refreshToken(), ClientInfo.unknown());

        assertEquals(r3.refreshToken(), again.refreshToken());
    }

    @Test
    void aClockThatIsBehindOpensNoGraceWindow() {
        SessionAwareTokenService strict = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .refreshGraceWindow(Duration.ZERO)
                .build();
        IssuedTokens r1 = strict.issue("alice", ClientInfo.unknown());
        strict.refresh(r1.refreshToken(), ClientInfo.unknown());
        clock.set(START.minusMillis(1));

        InvalidTokenException refusal = assertThrows(
                InvalidTokenException.class, () -> strict.refresh(r1.refreshToken(), ClientInfo.unknown()));
        assertEquals(Reason.REFRESH_TOKEN_REUSED, refusal.reason());
    }

    @Test
    void aTokenOfAnotherServiceOnTheSameStoreIsRefusedAndEndsNothing() {
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());
        for (SessionAwareTokenServiceBuilder other : List.of(
                aServiceOn(store).refreshTokens(TestService.refreshSecret()).issuer("https://wiki.example"),
                aServiceOn(store).refreshTokens(TestService.refreshSecret()).audience("https://api.example"),
                aServiceOn(store).refreshTokens("another secret of 32 bytes or so".getBytes(UTF_8)))) {
            InvalidTokenException refusal = assertThrows(
                    InvalidTokenException.class,
                    () -> other.clock(clock).build().refresh(issued.refreshToken(), ClientInfo.unknown()));
            assertEquals(Reason.UNKNOWN_REFRESH_TOKEN, refusal.reason());
        }
        service.refresh(issued.refreshToken(), ClientInfo.unknown());
    }

    @Test
    void aWeakSecretIsRefused() {
        SessionAwareTokenServiceBuilder builder = aServiceOn(store);

        assertThrows(NullPointerException.class, () -> builder.refreshTokens(null));
        assertThrows(IllegalArgumentException.class, () -> builder.refreshTokens(TestKeys.secret(31)));
        assertThrows(IllegalArgumentException.class, () -> builder.refreshTokens(new byte[32]));
    }

    /** One leaked secret must not forge both kinds of token. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theSecretOfASigningKeyIsRefused(int zerosBehindIt) {
        byte[] secret = TestKeys.secret(40);
        SigningKey key = SigningKey.hmac256(secret);
        SigningKey other = SigningKey.hmac256(TestKeys.secret(41)).withKeyId("other");
        byte[] refreshSecret = Arrays.copyOf(secret, secret.length + zerosBehindIt);

        for (SessionAwareTokenServiceBuilder builder : List.of(
                aServiceOn(store).signingKey(key),
                aServiceOn(store, () -> KeyRing.of(key)),
                aServiceOn(store, () -> KeyRing.of(other, key.verificationKey())))) {
            String message = assertThrows(
                            IllegalStateException.class,
                            () -> builder.refreshTokens(refreshSecret).build())
                    .getMessage();
            assertTrue(message.startsWith("refreshTokens(...) was given the secret of a signing key"), message);
        }
    }

    @Test
    void aLaterRingWithTheSecretOfTheRefreshTokensIsRefused() {
        KeyRing good = KeyRing.of(SigningKey.hmac256(TestKeys.secret(41)).withKeyId("good"));
        KeyRing bad = good.with(
                SigningKey.hmac256(TestService.refreshSecret()).withKeyId("bad").verificationKey());
        AtomicReference<KeyRing> ring = new AtomicReference<>(good);
        SessionAwareTokenService service = aServiceOn(store, ring::get)
                .refreshTokens(TestService.refreshSecret())
                .build();
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());

        ring.set(bad);
        for (Executable call : List.<Executable>of(
                () -> service.validate(issued.accessToken()),
                () -> service.validate(issued.accessToken()),
                () -> service.issue("alice", ClientInfo.unknown()),
                () -> service.refresh(issued.refreshToken(), ClientInfo.unknown()))) {
            String message = assertThrows(IllegalStateException.class, call).getMessage();
            assertTrue(message.startsWith("refreshTokens(...) was given the secret of a signing key"), message);
        }

        ring.set(good);
        assertEquals("alice", service.validate(issued.accessToken()).userId());
    }

    @Test
    void wipingTheSecretAfterwardsChangesNothing() {
        byte[] secret = TestService.refreshSecret();
        SessionAwareTokenServiceBuilder builder =
                aServiceOn(new ReferenceStore()).refreshTokens(secret);
        Arrays.fill(secret, (byte) 0);
        ReferenceStore shared = new ReferenceStore();
        IssuedTokens issued = builder.sessionStore(shared).build().issue("alice", ClientInfo.unknown());

        SessionAwareTokenService other =
                aServiceOn(shared).refreshTokens(TestService.refreshSecret()).build();

        assertEquals(
                issued.session().id(),
                other.refresh(issued.refreshToken(), ClientInfo.unknown())
                        .session()
                        .id());
    }

    /** An attacker who can write to the table knows the hash function, but not its key. */
    @Test
    void aForgedRecordFitsNoToken() throws Exception {
        String hash = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(SECRET.getBytes(UTF_8)));
        store.create(
                withState(TestSessions.record("admin", ID, START.plusSeconds(60)), "1." + hash + "." + hash + "...0"),
                Admission.unconditional());

        assertRefused(Reason.UNKNOWN_REFRESH_TOKEN, forged("admin", ID));
    }

    @Test
    void aWellFormedGuessCostsOneRead() {
        assertRefused(Reason.SESSION_ENDED, forged("alice", ID));

        assertEquals(List.of(1, 0), List.of(store.reads(), store.writes()));
    }

    @Test
    void aRefreshCostsOneReadAndOneWriteAndItsRetryOneRead() {
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());
        store.reset();

        service.refresh(issued.refreshToken(), ClientInfo.unknown());
        assertEquals(List.of(1, 1), List.of(store.reads(), store.writes()));
        store.reset();

        service.refresh(issued.refreshToken(), ClientInfo.unknown());
        assertEquals(List.of(1, 0), List.of(store.reads(), store.writes()));
    }

    @Test
    void theClientIsLookedAtOnceAndOnlyForATokenThatWasIssued() {
        AtomicInteger looks = new AtomicInteger();
        Supplier<ClientInfo> look = () -> {
            looks.incrementAndGet();
            return ClientInfo.builder().ipAddress("192.0.2.7").build();
        };
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());
        for (String refused : Arrays.asList(
                null,
                "",
                "x",
                forged("alice", ID),
                forged("bob", issued.session().id()))) {
            assertThrows(InvalidTokenException.class, () -> service.refresh(refused, look));
        }
        assertEquals(0, looks.get());

        // Another caller changes the session first, so the service tries a second time.
        AtomicInteger attempts = new AtomicInteger();
        SessionAwareTokenService raced = aServiceOn(new StoreWrapper(store) {
                    @Override
                    public boolean replace(SessionRecord seen, SessionRecord next) {
                        return attempts.incrementAndGet() > 1 && super.replace(seen, next);
                    }
                })
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .build();
        assertEquals(
                "192.0.2.7",
                raced.refresh(issued.refreshToken(), look).session().client().ipAddress());
        assertEquals(List.of(2, 1), List.of(attempts.get(), looks.get()));
    }

    @Test
    void aLookAtTheClientThatFailsDoesNotUseUpTheToken() {
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());

        assertEquals(
                "client returned null",
                assertThrows(NullPointerException.class, () -> service.refresh(issued.refreshToken(), () -> null))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> service.refresh(issued.refreshToken(), () -> {
                    throw new IllegalArgumentException("of the application");
                }));

        clock.advance(Duration.ofHours(1));
        service.refresh(issued.refreshToken(), ClientInfo.unknown());
    }

    @Test
    void claimsAreComputedForEachRefresh() {
        SessionAwareTokenService withRoles = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .claimsOnRefresh((user, session) -> Map.of("role", "reader of " + user + " at " + session.category()))
                .build();
        IssuedTokens issued = withRoles.issue(
                "alice", ClientInfo.unknown(), LoginOptions.defaults().withClaims(Map.of("role", "admin")));

        IssuedTokens plain = service.refresh(issued.refreshToken(), ClientInfo.unknown());
        IssuedTokens next = withRoles.refresh(plain.refreshToken(), ClientInfo.unknown());

        assertFalse(service.validate(plain.accessToken()).claims().containsKey("role"));
        assertEquals(
                Optional.of("reader of alice at device"),
                service.validate(next.accessToken()).claim("role", String.class));
    }

    @Test
    void claimsAreComputedFromTheSessionAsItWillBeStored() {
        Map<String, String> attributes = Map.of("tenant", "blue");
        IssuedTokens issued = service.issue(
                "alice",
                ClientInfo.unknown(),
                LoginOptions.defaults().withCategory("api").withAttributes(attributes));
        AtomicReference<Session> given = new AtomicReference<>();
        SessionAwareTokenService watching = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .claimsOnRefresh((user, session) -> {
                    given.set(session);
                    return session.attributes();
                })
                .build();
        clock.advance(Duration.ofMinutes(5));

        IssuedTokens next = watching.refresh(
                issued.refreshToken(), ClientInfo.builder().device("Firefox").build());

        assertEquals(next.session(), given.get());
        assertTrue(given.get().current());
        assertEquals(
                List.of("api", attributes),
                List.of(given.get().category(), given.get().attributes()));
        assertEquals("Firefox", given.get().client().device());
        assertEquals(Optional.of("blue"), service.validate(next.accessToken()).claim("tenant", String.class));
    }

    @Test
    void refusedClaimsDoNotUseUpTheToken() {
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());
        for (Map<String, ?> bad : List.of(Map.of("sub", "root"), Map.of("big", "x".repeat(9_000)))) {
            SessionAwareTokenService broken = aServiceOn(store)
                    .clock(clock)
                    .refreshTokens(TestService.refreshSecret())
                    .claimsOnRefresh((user, session) -> bad)
                    .build();
            assertThrows(
                    IllegalArgumentException.class, () -> broken.refresh(issued.refreshToken(), ClientInfo.unknown()));
        }
        clock.advance(Duration.ofDays(1));

        service.refresh(issued.refreshToken(), ClientInfo.unknown());
    }

    @Test
    void aTokenCanBeUsedAgainAfterTheAnswerOfTheStoreWasLost() {
        SessionAwareTokenService flaky = aServiceOn(new StoreWrapper(store) {
                    @Override
                    public boolean replace(SessionRecord seen, SessionRecord next) {
                        super.replace(seen, next);
                        throw new SessionStoreException("the answer was lost");
                    }
                })
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .build();
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());

        assertThrows(SessionStoreException.class, () -> flaky.refresh(issued.refreshToken(), ClientInfo.unknown()));

        service.refresh(
                service.refresh(issued.refreshToken(), ClientInfo.unknown()).refreshToken(), ClientInfo.unknown());
    }

    @Test
    void aRotationThatTheStoreNeverAcceptsFails() {
        SessionAwareTokenService stuck = aServiceOn(new StoreWrapper(store) {
                    @Override
                    public boolean replace(SessionRecord seen, SessionRecord next) {
                        return false;
                    }
                })
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .build();
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());

        assertThrows(SessionStoreException.class, () -> stuck.refresh(issued.refreshToken(), ClientInfo.unknown()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.something.newer", "1.a.b.c.d.SECRET", "1.a.b.c.d.", "1.a.b.c.d.99999999999999999999"})
    void aRecordOfAnotherReleaseIsAFailureOfTheStoreAndEndsNothing(String state) {
        SessionRecord session = withState(TestSessions.record("alice", ID, START.plusSeconds(60)), state);
        store.create(session, Admission.unconditional());

        assertThrows(SessionStoreException.class, () -> service.refresh(forged("alice", ID), ClientInfo.unknown()));
        assertEquals(List.of(session), store.list("alice"));
    }

    @Test
    void aClockThatIsBehindNeitherMovesActivityBackNorTakesARetryForReuse() {
        IssuedTokens r1 = service.issue("alice", ClientInfo.unknown());
        clock.set(START.minusSeconds(30));

        IssuedTokens r2 = service.refresh(r1.refreshToken(), ClientInfo.unknown());
        assertEquals(START, r2.session().lastActiveAt());
        clock.set(START.minusSeconds(40).plusMillis(1));

        assertEquals(
                r2.refreshToken(),
                service.refresh(r1.refreshToken(), ClientInfo.unknown()).refreshToken());
    }

    /** Otherwise a node whose clock is an hour ahead would keep the old token valid for an hour. */
    @Test
    void aClockThatIsBehindByMoreThanTheWindowRefusesARetryAndEndsNothing() {
        IssuedTokens r1 = service.issue("alice", ClientInfo.unknown());
        IssuedTokens r2 = service.refresh(r1.refreshToken(), ClientInfo.unknown());
        clock.set(START.minusSeconds(10));

        assertRefused(Reason.UNKNOWN_REFRESH_TOKEN, r1.refreshToken());
        clock.set(START);
        service.refresh(r2.refreshToken(), ClientInfo.unknown());
    }

    /** A window of hours tolerates more: no retry is lost to a clock that differs by minutes. */
    @Test
    void aLongWindowEndsAtItsBordersAndTheClockOfTheRotationCounts() {
        SessionAwareTokenService patient = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .refreshGraceWindow(Duration.ofHours(24))
                .build();
        IssuedTokens r1 = patient.issue("alice", ClientInfo.unknown());
        IssuedTokens r2 = patient.refresh(r1.refreshToken(), ClientInfo.unknown());

        for (Duration distance : List.of(
                Duration.ofHours(-24).plusMillis(1),
                Duration.ZERO,
                Duration.ofHours(24).minusMillis(1))) {
            clock.set(START.plus(distance));
            assertEquals(
                    r2.refreshToken(),
                    patient.refresh(r1.refreshToken(), ClientInfo.unknown()).refreshToken());
        }
        clock.set(START.minus(Duration.ofHours(24)));
        assertRefusedBy(patient, Reason.UNKNOWN_REFRESH_TOKEN, r1.refreshToken());
        clock.set(START.plus(Duration.ofHours(24)));
        assertRefusedBy(patient, Reason.REFRESH_TOKEN_REUSED, r1.refreshToken());
    }

    /**
     * Someone who can write to the table can give neither their record to a user nor a user's record to their token.
     */
    @Test
    void aRefreshStateIsBoundToItsSessionAndItsUser() {
        IssuedTokens mallorys = service.issue("mallory", ClientInfo.unknown());
        String refreshState = stored("mallory").refreshState();
        service.issue("admin", ClientInfo.unknown());
        SessionRecord admins = stored("admin");
        assertTrue(store.replace(admins, withState(admins.next().build(), refreshState)));
        String[] parts = mallorys.refreshToken().split("~", -1);

        assertRefused(
                Reason.UNKNOWN_REFRESH_TOKEN, encoded("admin") + "~" + admins.id() + "~" + parts[2] + "~" + parts[3]);
        assertEquals(1, service.listSessions("admin").size());

        store.create(
                withState(TestSessions.record("admin", parts[1], START.plusSeconds(60)), refreshState),
                Admission.unconditional());
        assertRefused(
                Reason.UNKNOWN_REFRESH_TOKEN,
                encoded("admin") + mallorys.refreshToken().substring(parts[0].length()));
        assertEquals(2, service.listSessions("admin").size());
    }

    @Test
    void anEditedRecordDoesNotReviveAUsedToken() {
        for (Function<String[], String> edit : List.<Function<String[], String>>of(
                state -> String.join(".", state[0], state[1], state[3], state[2], state[4], state[5]),
                state -> String.join(".", state[0], state[1], state[3], state[3], state[4], state[5]),
                state -> String.join(".", state[0], state[1], state[2], state[3], state[4], "" + later()))) {
            IssuedTokens r1 = service.issue("alice", ClientInfo.unknown());
            service.refresh(r1.refreshToken(), ClientInfo.unknown());
            SessionRecord seen = stored("alice");
            clock.set(START.plusSeconds(20));
            String[] state = seen.refreshState().split("\\.", -1);
            assertTrue(store.replace(seen, withState(seen.next().build(), edit.apply(state))));

            assertRefused(Reason.REFRESH_TOKEN_REUSED, r1.refreshToken());
            clock.set(START);
        }
    }

    private static long later() {
        return START.plusSeconds(20).toEpochMilli();
    }

    /** Returns the only record of the user. */
    private SessionRecord stored(String userId) {
        List<SessionRecord> records = store.list(userId);
        assertEquals(1, records.size());
        return records.get(0);
    }

    private static SessionRecord withState(SessionRecord session, String refreshState) {
        return session.toBuilder().refreshState(refreshState).build();
    }

    /** Returns a well-formed token that nobody was given. */
    private static String forged(String userId, String sessionId) {
        return encoded(userId) + "~" + sessionId + "~" + SECRET + "~" + SECRET;
    }

    private static String encoded(String userId) {
        return RawSigner.encode(userId.getBytes(UTF_8));
    }

    private static String encoded(int... bytes) {
        byte[] all = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            all[i] = (byte) bytes[i];
        }
        return RawSigner.encode(all);
    }

    @Test
    void slowSigningDoesNotUseUpTheGraceWindow() {
        IssuedTokens r1 = service.issue("alice", ClientInfo.unknown());
        SessionAwareTokenService slow = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .claimsOnRefresh((user, session) -> {
                    clock.set(START.plusSeconds(11));
                    return Map.of();
                })
                .build();

        IssuedTokens r2 = slow.refresh(r1.refreshToken(), ClientInfo.unknown());

        assertEquals(
                r2.refreshToken(),
                service.refresh(r1.refreshToken(), ClientInfo.unknown()).refreshToken());
    }

    /** The other call rotates later than this call began, by more than clocks may differ. */
    @Test
    void aCallThatWaitedWhileAnotherRotatedGetsTheSameSuccessor() {
        IssuedTokens r1 = service.issue("alice", ClientInfo.unknown());
        AtomicReference<IssuedTokens> r2 = new AtomicReference<>();
        SessionAwareTokenService slow = aServiceThatWaits(() -> {
            clock.set(START.plusSeconds(30));
            r2.set(service.refresh(r1.refreshToken(), ClientInfo.unknown()));
        });

        assertEquals(
                slow.refresh(r1.refreshToken(), ClientInfo.unknown()).refreshToken(),
                r2.get().refreshToken());
    }

    /** Otherwise a call that waits for the store longer than the window would use it up. */
    @Test
    void theGraceWindowBeginsWhenTheTokenIsReplaced() {
        IssuedTokens r1 = service.issue("alice", ClientInfo.unknown());
        SessionAwareTokenService slow = aServiceThatWaits(() -> clock.set(START.plusSeconds(11)));
        IssuedTokens r2 = slow.refresh(r1.refreshToken(), ClientInfo.unknown());

        assertEquals(
                r2.refreshToken(),
                service.refresh(r1.refreshToken(), ClientInfo.unknown()).refreshToken());
    }

    /** Its store is slow: something else happens before each read. */
    private SessionAwareTokenService aServiceThatWaits(Runnable meanwhile) {
        return aServiceOn(new StoreWrapper(store) {
                    @Override
                    public Optional<SessionRecord> find(String userId, String sessionId) {
                        meanwhile.run();
                        return super.find(userId, sessionId);
                    }
                })
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .build();
    }

    @Test
    void toStringDoesNotShowTheRefreshToken() {
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());

        assertFalse(issued.toString().contains(issued.refreshToken()));
        assertFalse(issued.toString().contains(stored("alice").refreshState()));
        assertEquals(
                "RefreshToken[(hidden)]",
                RefreshToken.parse(issued.refreshToken()).toString());
    }

    @Test
    void theGraceWindowIsZeroTo24Hours() {
        SessionAwareTokenServiceBuilder builder = aServiceOn(store).refreshTokens(TestService.refreshSecret());
        builder.refreshGraceWindow(Duration.ZERO).build();
        builder.refreshGraceWindow(Duration.ofHours(24)).build();

        for (Duration bad : List.of(Duration.ofMillis(-1), Duration.ofHours(24).plusMillis(1))) {
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> builder.refreshGraceWindow(bad));
            assertTrue(refusal.getMessage().contains("0 to 24 h"), refusal.getMessage());
        }
        assertThrows(NullPointerException.class, () -> builder.refreshGraceWindow(null));
        assertThrows(NullPointerException.class, () -> builder.claimsOnRefresh(null));
    }

    @Test
    void settingsOfRefreshTokensNeedRefreshTokens() {
        Map<String, SessionAwareTokenServiceBuilder> settings = Map.of(
                "refreshGraceWindow", aServiceOn(store).refreshGraceWindow(Duration.ZERO),
                "claimsOnRefresh", aServiceOn(store).claimsOnRefresh((user, session) -> Map.of()),
                "refuseRetriesFromAnother", aServiceOn(store).refuseRetriesFromAnother(SessionListener.Novelty.DEVICE));

        settings.forEach((setting, builder) -> assertEquals(
                setting + " needs refreshTokens(...), which was not called",
                assertThrows(IllegalStateException.class, builder::build).getMessage()));
    }

    private void assertRefused(Reason reason, String token) {
        assertRefusedBy(service, reason, token);
    }

    private static void assertRefusedBy(SessionAwareTokenService service, Reason reason, String token) {
        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> service.refresh(token, ClientInfo.unknown()));
        assertEquals(reason, refusal.reason());
        assertNull(refusal.getCause());
    }
}
