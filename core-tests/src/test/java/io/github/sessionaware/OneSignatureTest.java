package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A call that changes a session signs one access token, however often other callers change the session first. */
class OneSignatureTest {
    private static final int CHANGES = 67;
    private static final ClientInfo FIREFOX =
            ClientInfo.builder().device("Firefox on Linux").build();

    private final FakeClock clock = new FakeClock(START);
    private final ReferenceStore store = new ReferenceStore();
    private final AtomicInteger signatures = new AtomicInteger();
    private final SigningKey key =
            SigningKey.remote(VerificationKey.of(JwsAlgorithm.RS256, TestKeys.RSA.getPublic()), this::sign);
    private final SessionAwareTokenService service = aService(store).build();
    private final IssuedTokens login = service.issue("alice", FIREFOX);
    private final String id = login.session().id();

    @Test
    void renamesDuringARefreshCostOneSignature() {
        signatures.set(0);

        IssuedTokens next = busy(change -> service.renameSession("alice", id, "name " + change))
                .refresh(login.refreshToken(), FIREFOX);

        assertEquals(1, signatures.get());
        assertEquals("name 67", next.session().label());
        assertEquals(List.of(TestSessions.notCurrent(next.session())), service.listSessions("alice"));
        service.validate(next.accessToken());
        service.refresh(next.refreshToken(), FIREFOX);
    }

    @Test
    void renamesDuringAReauthenticationCostOneSignature() {
        AuthenticatedSession current = service.validate(login.accessToken());
        signatures.set(0);

        IssuedTokens next = busy(change -> {
                    clock.advance(Duration.ofMillis(1));
                    service.renameSession("alice", id, "name " + change);
                })
                .reauthenticate(current);

        assertEquals(1, signatures.get());
        assertEquals("name 67", next.session().label());
        assertEquals(START, next.session().authentication().time(), "The user was authenticated before the call");
        assertEquals(List.of(TestSessions.notCurrent(next.session())), service.listSessions("alice"));
        service.validate(next.accessToken());
        service.refresh(next.refreshToken(), FIREFOX);
    }

    /** Two tabs: the access token of the attempt that lost is as good as another one. */
    @Test
    void aRefreshThatLostToAnotherCostsOneSignature() {
        SessionAwareTokenService slow = busy(change -> {
            if (change == 1) {
                service.refresh(login.refreshToken(), FIREFOX);
                signatures.set(0);
            }
        });

        IssuedTokens next = slow.refresh(login.refreshToken(), FIREFOX);

        assertEquals(0, signatures.get(), "The first attempt had signed before the other caller refreshed");
        service.validate(next.accessToken());
        service.refresh(next.refreshToken(), FIREFOX);
    }

    /** Its claims may depend on them. */
    @Test
    void aChangeOfTheAttributesDuringARefreshIsSigned() {
        SessionStore changing = new StoreWrapper(store) {
            private int changes;

            @Override
            public boolean replace(SessionRecord seen, SessionRecord next) {
                if (changes < 3) {
                    changes++;
                    super.replace(
                            seen,
                            seen.next()
                                    .attributes(Map.of("tenant", "t" + changes))
                                    .build());
                }
                return super.replace(seen, next);
            }
        };
        SessionAwareTokenService slow = aService(changing)
                .claimsOnRefresh((userId, session) -> session.attributes())
                .build();
        signatures.set(0);

        IssuedTokens next = slow.refresh(login.refreshToken(), FIREFOX);

        assertEquals(4, signatures.get());
        assertEquals(Optional.of("t3"), service.validate(next.accessToken()).claim("tenant", String.class));
    }

    /** Returns a service before each of whose first writes another caller changes the session. */
    private SessionAwareTokenService busy(Change change) {
        return aService(new StoreWrapper(store) {
                    private int changes;

                    @Override
                    public boolean replace(SessionRecord seen, SessionRecord next) {
                        if (changes < CHANGES) {
                            changes++;
                            change.make(changes);
                        }
                        return super.replace(seen, next);
                    }
                })
                .build();
    }

    /** The changes of another caller, numbered from 1. */
    private interface Change {
        void make(int change);
    }

    private SessionAwareTokenServiceBuilder aService(SessionStore on) {
        return aServiceOn(on, () -> KeyRing.of(key)).clock(clock).refreshTokens(TestService.refreshSecret());
    }

    private byte[] sign(byte[] content) {
        signatures.incrementAndGet();
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(TestKeys.RSA.getPrivate());
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
