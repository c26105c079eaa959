package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.Challenges.Purpose;
import io.github.sessionaware.ExperimentalDeviceBinding.Refusal;
import io.github.sessionaware.InvalidTokenException.Reason;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Binds sessions to keys that cannot leave a device, and renews their tokens against proofs of those keys, by Device
 * Bound Session Credentials (W3C draft, <a href="https://w3c.github.io/webappsec-dbsc/">webappsec-dbsc</a>). The
 * servlet module speaks the protocol: use these methods only to speak it elsewhere.
 *
 * <p><strong>Experimental: may change in a minor release</strong>, because the draft may.
 *
 * <p>The first binding of a session wins, and is never changed. From then on its refresh token is dead, and its access
 * tokens have {@link ExperimentalDeviceBinding#withAccessTokenLifetime a lifetime of their own}. The access tokens from
 * before the binding stay valid until they expire, because requests with them may be under way. Everything else about
 * the session stays, also through a renewed authentication: its deadlines, limits, events, and that a revoke ends it at
 * its next request.
 *
 * <p>Immutable and thread-safe. {@link SessionAwareTokenService#boundSessions} returns it.
 */
public final class ExperimentalBoundSessions {
    private final ExperimentalDeviceBinding settings;
    private final Challenges challenges;
    private final TokenIssuer issuer;
    private final RefreshTokens refreshTokens;
    private final GuardedStore store;
    private final LiveSessions live;
    private final SessionLifetime lifetime;
    private final Listeners listeners;
    private final ServiceClock clock;
    private final TokenCodec codec;
    private final SessionMetrics metrics;

    /** @param metrics must not throw */
    ExperimentalBoundSessions(
            ExperimentalDeviceBinding settings, Refresher refresher, TokenCodec codec, SessionMetrics metrics) {
        this.settings = settings;
        this.challenges = new Challenges(refresher.refreshTokens().hashes());
        this.issuer = refresher.issuer();
        this.refreshTokens = refresher.refreshTokens();
        this.store = refresher.store();
        this.live = refresher.live();
        this.lifetime = refresher.lifetime();
        this.listeners = refresher.listeners();
        this.clock = refresher.clock();
        this.codec = codec;
        this.metrics = metrics;
    }

    /**
     * Returns the challenge with which a browser may bind a new session, for the header
     * {@code Secure-Session-Registration}. It is valid for the registration window, for requests with this session, and
     * until the next renewed authentication.
     *
     * @param issued the tokens of a login or a renewed authentication
     * @return the challenge; no secret, and a valid {@code sf-string}
     */
    public String registrationChallenge(IssuedTokens issued) {
        return Registration.of(issued.record()).challenge(challenges, clock.now());
    }

    /**
     * Returns a challenge as {@link #registrationChallenge} does, for a login in a navigation that came from another
     * site, such as the return from an identity provider. Browsers register without the cookies of such a login, so the
     * challenge names the session, with the user id and the session id.
     *
     * <p><strong>It is a secret, as the tokens are.</strong> Whoever signs it first binds the session to a key of his
     * own and gets tokens. Send it only with the answer to a navigation ({@code Sec-Fetch-Site: cross-site}): scripts
     * cannot read its headers.
     *
     * @param issued the tokens of a login or a renewed authentication
     * @return the challenge; a valid {@code sf-string}
     */
    public String crossSiteRegistrationChallenge(IssuedTokens issued) {
        return Registration.of(issued.record()).crossSiteChallenge(challenges, clock.now());
    }

    /**
     * Returns the name under which the browser keeps the session: the {@code session_identifier} of the draft. It
     * contains the user id and the session id, and authenticates nobody.
     *
     * @param issued tokens of the session
     * @return a valid {@code sf-string} and {@code sf-token}
     */
    public String identifier(IssuedTokens issued) {
        return BoundSessionName.of(issued.record()).encoded();
    }

    /**
     * Returns the challenge for the next renewal, to send it ahead of time with the answer of this one.
     *
     * @param issued what {@link #bind} or {@link #renew} has returned
     * @return the challenge; no secret, and a valid {@code sf-string}
     */
    public String nextChallenge(IssuedTokens issued) {
        return renewalChallenge(BoundSessionName.of(issued.record()), nextTime(issued.record()));
    }

    private Instant nextTime(SessionRecord session) {
        Instant now = clock.now();
        return BindingState.of(session, refreshTokens.hashes())
                .map(state -> state.nextChallenge(now))
                .orElse(now);
    }

    private String renewalChallenge(BoundSessionName session, Instant time) {
        return challenges.make(Purpose.RENEWAL, session.userId(), session.sessionId(), time);
    }

    /**
     * Binds a session to the key that a proof brings, and issues its first access token of the shorter lifetime. Costs
     * one read and one write of the store, and none if the proof shows by itself that it binds nothing.
     *
     * <p>Refuse requests that a page of another origin caused, here and for {@link #renew}. Otherwise a page of another
     * host of the same site could make a visitor's browser bind and renew a session of another user.
     *
     * @param current the session of the request, as {@code validate} returned it; null if the request has none, for
     *     which only a challenge of {@link #crossSiteRegistrationChallenge} is accepted. A challenge of another session
     *     is refused
     * @param proof the header {@code Secure-Session-Response} as received, without quotes
     * @param client returns what is known about the client; called at most once, for a refusal that listeners receive
     * @return an access token without a refresh token, and the session
     * @throws InvalidTokenException if the proof is refused, the session is bound already, or it has ended
     * @throws IllegalArgumentException if {@code current} is of another service, or {@code issue} would refuse the
     *     claims of {@link SessionAwareTokenServiceBuilder#claimsOnRefresh}; the session is not bound
     * @throws IllegalStateException if the key ring has no key that signs, or the key could not sign; the session is
     *     not bound
     * @throws SessionStoreException if the store cannot answer; the session may be bound or not
     */
    public IssuedTokens bind(
            @Nullable AuthenticatedSession current, @Nullable String proof, Supplier<ClientInfo> client) {
        requireNonNull(client, "client");
        AuthenticatedSession own = current == null ? null : current.requireAcceptedBy(codec);
        DeviceProof presented = DeviceProof.withKey(proof);
        DeviceKey key = requireNonNull(presented.key());
        Registration registration = Registration.require(
                presented.challenge(), own, challenges, settings.registrationWindow(), clock.now());
        if (!key.signed(presented)) {
            throw new InvalidTokenException(Reason.BAD_SIGNATURE);
        }
        OneSignature signature = new OneSignature(issuer);
        return Retries.untilDone(() -> {
            Instant now = clock.now();
            SessionRecord seen =
                    live.require(registration.userId(), registration.sessionId(), registration.generation(), now);
            if (seen.deviceKey() != null) {
                listeners.proofRefused(seen, client, Refusal.SECOND_BINDING);
                throw new InvalidTokenException(Reason.ALREADY_BOUND);
            }
            SessionRecord bound = BindingState.first(seen)
                    .sealed(seen.next().deviceKey(key.encoded()).build(), refreshTokens.hash());
            SessionRecord next = lifetime.active(bound, now);
            IssuedTokens tokens = signature.tokens(next, () -> refreshTokens.claimsOf(next), null, now);
            if (!store.replace(seen, next)) {
                return Optional.empty();
            }
            listeners.bound(next);
            return Optional.of(tokens);
        });
    }

    /**
     * Issues the next access token of a bound session, if the proof was signed with the session's key and a challenge
     * that was not used before. Counts as activity and never moves the absolute deadline, like a refresh. Costs one
     * read and one write of the store, and none if the proof shows by itself that it is not for this session.
     *
     * @param identifier the header {@code Sec-Secure-Session-Id} as received, without quotes
     * @param proof the header {@code Secure-Session-Response} as received, without quotes; null if there was none
     * @param client returns what is known about the client now; called at most once, only if the session lives
     * @return an access token without a refresh token, and the session
     * @throws ExperimentalChallengeException if the browser must sign another challenge: answer 403 with it
     * @throws InvalidTokenException if the proof is refused, or the session has ended
     * @throws IllegalArgumentException as {@link #bind} does
     * @throws IllegalStateException as {@link #bind} does
     * @throws SessionStoreException if the store cannot answer; the challenge may be used up or not
     */
    public IssuedTokens renew(@Nullable String identifier, @Nullable String proof, Supplier<ClientInfo> client) {
        requireNonNull(client, "client");
        boolean hasProof = proof != null && !proof.isBlank();
        try {
            BoundSessionName name = BoundSessionName.parse(identifier);
            if (!hasProof) {
                throw new ExperimentalChallengeException(renewalChallenge(name, clock.now()));
            }
            IssuedTokens tokens = renew(name, proof, client);
            metrics.refreshAccepted();
            return tokens;
        } catch (InvalidTokenException e) {
            metrics.refreshRefused(e.reason());
            throw e;
        } catch (ExperimentalChallengeException e) {
            // A browser that has no challenge sends no proof to get one. That does not count as a refusal.
            if (hasProof) {
                metrics.refreshRefused(Reason.WRONG_CHALLENGE);
            }
            throw e;
        }
    }

    private IssuedTokens renew(BoundSessionName name, @Nullable String proof, Supplier<ClientInfo> client) {
        Instant started = clock.now();
        DeviceProof presented = DeviceProof.withoutKey(proof);
        Instant challenge = challenges
                .timeOf(
                        presented.challenge(),
                        Purpose.RENEWAL,
                        name.userId(),
                        name.sessionId(),
                        settings.challengeLifetime(),
                        started)
                .orElseThrow(() -> new ExperimentalChallengeException(renewalChallenge(name, started)));
        OneClient presentedBy = new OneClient(client);
        OneSignature signature = new OneSignature(issuer);
        return Retries.untilDone(() -> {
            Instant now = clock.now();
            SessionRecord seen = live.require(name.userId(), name.sessionId(), now);
            BindingState state = requireKey(seen, presented, presentedBy);
            if (state.isUsed(challenge)) {
                listeners.proofRefused(seen, presentedBy, Refusal.USED_CHALLENGE);
                throw new ExperimentalChallengeException(renewalChallenge(name, state.nextChallenge(clock.now())));
            }
            SessionRecord renewed = state.after(challenge)
                    .sealed(
                            seen.next()
                                    .client(presentedBy.get().replacing(seen.client()))
                                    .build(),
                            refreshTokens.hash());
            SessionRecord next = lifetime.active(renewed, now);
            IssuedTokens tokens = signature.tokens(next, () -> refreshTokens.claimsOf(next), null, now);
            if (!store.replace(seen, next)) {
                return Optional.empty();
            }
            listeners.refreshed(next, seen.client());
            return Optional.of(tokens);
        });
    }

    /** Refuses a proof that the key of the session has not made. */
    private BindingState requireKey(SessionRecord session, DeviceProof presented, OneClient presentedBy) {
        DeviceKey key = DeviceKey.of(session);
        Optional<BindingState> state = BindingState.of(session, refreshTokens.hashes());
        if (key == null || state.isEmpty()) {
            throw new InvalidTokenException(Reason.NOT_DEVICE_BOUND);
        }
        if (!key.signed(presented)) {
            listeners.proofRefused(session, presentedBy, Refusal.WRONG_KEY);
            throw new InvalidTokenException(Reason.BAD_SIGNATURE);
        }
        return state.get();
    }

    /**
     * Notifies the listeners that a browser has not renewed a session ({@link SessionListener#deviceRenewalSkipped}).
     * The store is not used, and nothing is verified.
     *
     * @param identifier the parameter {@code session_identifier} of an item of {@code Secure-Session-Skipped}; anything
     *     that is not of the form of {@link #identifier} is ignored
     * @param reason the item, such as {@code quota_exceeded}
     */
    public void skipped(@Nullable String identifier, String reason) {
        requireNonNull(reason, "reason");
        try {
            BoundSessionName name = BoundSessionName.parse(identifier);
            listeners.renewalSkipped(name.userId(), name.sessionId(), reason);
        } catch (InvalidTokenException e) {
            // A client can write anything into the header.
        }
    }
}
