package io.github.sessionaware;

import static io.github.sessionaware.BoundedNode.BOUND;
import static io.github.sessionaware.BoundedNode.CLIENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.TestDevice;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A yes of {@code validate} may be as old as the bound. A no is never old, and no other call has an old answer. */
class StalenessTest {
    private final BoundedNode node = new BoundedNode();

    @ParameterizedTest
    @EnumSource
    void aNodeWithABoundSurvivesTheStory(StalenessStory story) {
        story.tell(node);
    }

    @ParameterizedTest
    @EnumSource
    void theStoryNoticesTheMissingStep(BrokenReads twin) {
        assertThrows(AssertionError.class, () -> twin.story().tell(new BoundedNode(twin::of)));
    }

    @Test
    void validateWithinTheBoundCostsOneRead() {
        IssuedTokens login = node.login();
        node.calls.reset();

        for (int request = 0; request < 10; request++) {
            node.assertAccepted(login);
        }

        assertEquals(1, node.calls.calls());
    }

    @Test
    void withoutABoundEveryValidateCostsARead() {
        IssuedTokens login = node.login();
        SessionAwareTokenService strict =
                node.settings(node.calls).maxStaleness(Duration.ZERO).build();
        node.calls.reset();

        for (int request = 0; request < 10; request++) {
            strict.validate(login.accessToken());
        }

        assertEquals(10, node.calls.reads());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void aRevocationElsewhereIsSeenAfterTheBound(int millis) {
        IssuedTokens login = node.remembered();
        node.there.revokeSession("alice", login.session().id());
        node.clocks.advance(BOUND.plusMillis(millis));

        if (millis <= 0) {
            node.assertAccepted(login);
        } else {
            node.assertRefused(login);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void theClocksMayDisagreeByFiftyMilliseconds(int millis) {
        IssuedTokens login = node.remembered();
        for (Duration step : List.of(Duration.ofMillis(50 + millis), Duration.ofMillis(-50 - millis))) {
            node.here.revalidate(node.there.validate(login.accessToken()));
            node.calls.reset();
            node.clocks.step(step);

            node.assertAccepted(login);

            assertEquals(millis <= 0 ? 0 : 1, node.calls.reads());
        }
    }

    /** A small disagreement may not prolong the bound. */
    @ParameterizedTest
    @ValueSource(ints = {30, -30})
    void theLongerOfTheTwoAgesCounts(int stepMillis) {
        IssuedTokens login = node.remembered();
        node.calls.reset();
        node.clocks.step(Duration.ofMillis(stepMillis));

        node.clocks.advance(BOUND.minusMillis(Math.max(0, stepMillis)));
        node.assertAccepted(login);
        assertEquals(0, node.calls.reads());

        node.clocks.advance(Duration.ofMillis(1));
        node.assertAccepted(login);
        assertEquals(1, node.calls.reads());
    }

    /** A step costs one read for each session, and nothing else. */
    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT-1H"})
    void aStepOfTheWallClockCostsOneRead(Duration step) {
        SessionAwareTokenService lasting = node.settings(node.calls)
                .idleTimeout(Duration.ofHours(9))
                .accessTokenLifetime(Duration.ofHours(9))
                .activityInterval(Duration.ofHours(8))
                .maxStaleness(BOUND)
                .build();
        IssuedTokens own = lasting.issue("bob", CLIENT);
        lasting.validate(own.accessToken());
        node.calls.reset();
        node.clocks.step(step);

        lasting.validate(own.accessToken());
        lasting.validate(own.accessToken());

        assertEquals(1, node.calls.reads());
    }

    @Test
    void everyCallExceptValidateAsksTheStore() {
        List<Runnable> strictCalls = new ArrayList<>();
        IssuedTokens login = node.remembered();
        AuthenticatedSession current = node.here.validate(login.accessToken());
        String id = login.session().id();
        strictCalls.add(() -> node.here.revalidate(current));
        strictCalls.add(() -> node.here.validateWithoutActivity(login.accessToken()));
        strictCalls.add(() -> node.here.isLive("alice", id));
        strictCalls.add(() -> node.here.recordActivity("alice", id));
        strictCalls.add(() -> node.here.listSessions(current));
        strictCalls.add(() -> node.here.reissue(current, TokenOptions.defaults()));
        strictCalls.add(() -> node.here.setAttributes(current, none -> Map.of("tenant", "blue")));
        strictCalls.add(() -> node.here.rename(current, id, "kitchen tablet"));
        strictCalls.add(() -> node.here.refresh(login.refreshToken(), CLIENT));
        strictCalls.add(() ->
                node.here.revokeSessionsCreatedBefore("alice", login.session().createdAt()));

        for (int call = 0; call < strictCalls.size(); call++) {
            node.here.validate(login.accessToken());
            node.calls.reset();
            strictCalls.get(call).run();
            assertEquals(1, node.calls.reads(), "call " + call);
        }
    }

    @Test
    void revalidateSeesARevocationElsewhereAndThenValidateDoesToo() {
        IssuedTokens login = node.remembered();
        AuthenticatedSession current = node.here.validate(login.accessToken());
        node.there.revokeSession("alice", login.session().id());
        node.assertAccepted(login);

        InvalidTokenException refusal = assertThrows(InvalidTokenException.class, () -> node.here.revalidate(current));
        assertEquals(Reason.SESSION_ENDED, refusal.reason());
        node.assertRefused(login);
    }

    @Test
    void revalidateRefusesATokenOfAnEarlierGeneration() {
        IssuedTokens login = node.remembered();
        AuthenticatedSession current = node.here.validate(login.accessToken());
        node.there.reauthenticate(node.there.validate(login.accessToken()));

        InvalidTokenException refusal = assertThrows(InvalidTokenException.class, () -> node.here.revalidate(current));
        assertEquals(Reason.OTHER_GENERATION, refusal.reason());
        node.assertRefused(Reason.OTHER_GENERATION, login);
    }

    @Test
    void revalidateReturnsTheSessionAsItIsNowWithTheSameClaims() {
        IssuedTokens login = node.remembered();
        AuthenticatedSession current = node.here.validate(login.accessToken());
        node.there.renameSession("alice", login.session().id(), "kitchen tablet");
        node.clocks.advance(Duration.ofSeconds(1));

        AuthenticatedSession again = node.here.revalidate(current);

        assertNull(current.session().label());
        assertEquals("kitchen tablet", again.session().label());
        assertEquals(current.claims(), again.claims());
        assertEquals(node.clocks.now(), again.validatedAt());
        assertTrue(again.session().current());
        assertEquals(
                "kitchen tablet",
                node.here.validate(login.accessToken()).session().label());
    }

    @Test
    void revalidateRefusesASessionThatAnotherServiceValidated() {
        IssuedTokens login = node.login();
        SessionAwareTokenService tickets =
                node.settings(node.shared).tokenType("ticket+jwt").build();
        String ticket = node.here
                .reissue(
                        node.here.validate(login.accessToken()),
                        TokenOptions.defaults().withType("ticket+jwt"))
                .accessToken();
        AuthenticatedSession foreign = tickets.validate(ticket);

        assertThrows(IllegalArgumentException.class, () -> node.here.revalidate(foreign));
    }

    /** The other node renewed the authentication. The new token does not fit what this node remembers. */
    @Test
    void aTokenOfALaterGenerationIsAcceptedAtOnce() {
        IssuedTokens login = node.remembered();
        IssuedTokens renewed = node.there.reauthenticate(node.there.validate(login.accessToken()));

        node.assertAccepted(renewed);
        node.assertRefused(Reason.OTHER_GENERATION, login);
    }

    @Test
    void aTokenOfAnEarlierGenerationIsRefusedAfterTheBound() {
        IssuedTokens login = node.remembered();
        node.there.reauthenticate(node.there.validate(login.accessToken()));
        node.clocks.advance(BOUND);
        node.assertAccepted(login);

        node.clocks.advance(Duration.ofMillis(1));
        node.assertRefused(Reason.OTHER_GENERATION, login);
    }

    /** This node remembers the deadline of before, so the store decides whether the session has expired. */
    @Test
    void aSessionThatWasProlongedElsewhereIsNotRefused() {
        IssuedTokens login = node.login();
        SessionAwareTokenService idle = node.settings(node.calls)
                .idleTimeout(Duration.ofSeconds(62))
                .maxStaleness(BOUND)
                .build();
        node.clocks.advance(Duration.ofSeconds(61).minusMillis(1));
        idle.validateWithoutActivity(login.accessToken());
        node.there.validate(login.accessToken());
        node.clocks.advance(Duration.ofSeconds(2));

        assertEquals("alice", idle.validate(login.accessToken()).userId());
    }

    @Test
    void aSessionExpiresToTheMillisecondWithinTheBound() {
        SessionAwareTokenService idle = node.settings(node.calls)
                .idleTimeout(Duration.ofSeconds(62))
                .activityInterval(Duration.ofSeconds(61))
                .accessTokenLifetime(Duration.ofSeconds(70))
                .maxStaleness(BOUND)
                .build();
        IssuedTokens own = idle.issue("bob", CLIENT);
        node.clocks.advance(Duration.ofSeconds(61).minusMillis(1));
        idle.validate(own.accessToken());
        node.clocks.advance(Duration.ofSeconds(1));
        node.calls.reset();
        idle.validateWithoutActivity(own.accessToken());
        node.clocks.advance(Duration.ofMillis(1));

        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> idle.validate(own.accessToken()));
        assertEquals(Reason.SESSION_EXPIRED, refusal.reason());
    }

    @Test
    void theSessionOfOneUserIsNotAnswerForAnother() {
        IssuedTokens login = node.remembered();
        String id = login.session().id();

        assertFalse(node.here.isLive("bob", id));
        assertFalse(node.here.recordActivity("bob", id));
        node.assertAccepted(login);
    }

    /** The other service asks the store of its transaction, and this one forgets after the commit. */
    @Test
    void aRevocationInATransactionIsSeenHereOnceItsNotificationsHaveRun() {
        IssuedTokens login = node.remembered();
        List<Runnable> afterCommit = new ArrayList<>();
        SessionAwareTokenService joined = node.here.withSessionStore(node.shared, afterCommit::add);
        joined.revokeAllSessions("alice");
        node.assertAccepted(login);

        afterCommit.forEach(Runnable::run);

        node.assertRefused(login);
    }

    /** A read that began before the commit may end after it. */
    @Test
    void aReadFromBeforeTheCommitIsNotRememberedAfterIt() {
        IssuedTokens login = node.login();
        List<Runnable> afterCommit = new ArrayList<>();
        node.store.duringNextRead(() -> BoundedNode.inAnotherRequest(() -> {
            node.here.withSessionStore(node.shared, afterCommit::add).revokeAllSessions("alice");
            afterCommit.forEach(Runnable::run);
        }));
        node.assertAccepted(login);

        node.assertRefused(login);
    }

    @Test
    void aServiceInATransactionNeverAnswersFromMemory() {
        IssuedTokens login = node.login();
        SessionAwareTokenService joined = node.here.withSessionStore(node.calls);
        node.here.validate(login.accessToken());
        node.calls.reset();

        for (int request = 0; request < 3; request++) {
            joined.validate(login.accessToken());
        }

        assertEquals(3, node.calls.reads());
    }

    @Test
    void whatARefreshChangesIsSeenHereAtOnce() {
        IssuedTokens login = node.remembered();
        ClientInfo tablet = ClientInfo.builder().device("Safari on iPad").build();

        IssuedTokens next = node.here.refresh(login.refreshToken(), tablet);

        assertEquals(
                "Safari on iPad",
                node.here.validate(next.accessToken()).session().client().device());
    }

    @Test
    void aBindingAndARenewalAreSeenHereAtOnceAndElsewhereWithinTheBound() {
        SessionAwareTokenService binding = bindingNode();
        SessionAwareTokenService other = bindingNode();
        ExperimentalBoundSessions bound = binding.boundSessions();
        TestDevice device = TestDevice.es256();
        IssuedTokens login = binding.issue("alice", CLIENT);
        AuthenticatedSession current = binding.validate(login.accessToken());
        AuthenticatedSession before = other.validate(login.accessToken());

        IssuedTokens tokens =
                bound.bind(current, device.registration(bound.registrationChallenge(login)), () -> CLIENT);

        binding.validate(tokens.accessToken()).requireDeviceBound();
        assertFalse(other.validate(tokens.accessToken()).session().deviceBound());
        other.revalidate(before).requireDeviceBound();
        node.clocks.advance(BOUND.plusMillis(1));
        other.validate(tokens.accessToken()).requireDeviceBound();

        ClientInfo tablet = ClientInfo.builder().device("Safari on iPad").build();
        binding.validate(tokens.accessToken());
        IssuedTokens next =
                bound.renew(bound.identifier(tokens), device.renewal(bound.nextChallenge(tokens)), () -> tablet);
        assertEquals(
                "Safari on iPad",
                binding.validate(next.accessToken()).session().client().device());
    }

    /** The renewal on the other node asks the store, so it knows of the challenge that this node has used. */
    @Test
    void aChallengeThatWasUsedHereIsRefusedElsewhereAtOnce() {
        SessionAwareTokenService binding = bindingNode();
        SessionAwareTokenService other = bindingNode();
        ExperimentalBoundSessions bound = binding.boundSessions();
        TestDevice device = TestDevice.es256();
        IssuedTokens login = binding.issue("alice", CLIENT);
        IssuedTokens tokens = bound.bind(
                binding.validate(login.accessToken()),
                device.registration(bound.registrationChallenge(login)),
                () -> CLIENT);
        other.validate(tokens.accessToken());
        String proof = device.renewal(bound.nextChallenge(tokens));
        bound.renew(bound.identifier(tokens), proof, () -> CLIENT);

        assertThrows(
                ExperimentalChallengeException.class,
                () -> other.boundSessions().renew(bound.identifier(tokens), proof, () -> CLIENT));
    }

    private SessionAwareTokenService bindingNode() {
        return node.settings(node.shared)
                .deviceBinding(ExperimentalDeviceBinding.defaults())
                .maxStaleness(BOUND)
                .build();
    }

    @Test
    void aReusedRefreshTokenEndsTheSessionHereAtOnce() {
        IssuedTokens login = node.remembered();
        node.here.refresh(login.refreshToken(), CLIENT);
        node.clocks.advance(Duration.ofSeconds(11));
        node.assertAccepted(login);
        assertThrows(InvalidTokenException.class, () -> node.here.refresh(login.refreshToken(), CLIENT));

        node.assertRefused(login);
    }

    @Test
    void zeroToOneMinuteIsAcceptedAndEverythingElseRefused() {
        SessionAwareTokenServiceBuilder builder = TestService.aServiceOn(node.shared);
        for (Duration good : List.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofMinutes(1))) {
            builder.maxStaleness(good).build();
        }

        for (Duration bad : List.of(
                Duration.ofNanos(-1),
                Duration.ofMinutes(1).plusNanos(1),
                Duration.ofSeconds(Long.MAX_VALUE),
                Duration.ofSeconds(Long.MIN_VALUE))) {
            assertEquals(
                    "maxStaleness must be 0 to 60 s, was " + bad,
                    assertThrows(IllegalArgumentException.class, () -> builder.maxStaleness(bad))
                            .getMessage());
        }
        assertThrows(NullPointerException.class, () -> builder.maxStaleness(null));
    }
}
