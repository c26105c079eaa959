package io.github.sessionaware.testing.invariants;

import static io.github.sessionaware.testing.invariants.TwoServices.ALICE;
import static io.github.sessionaware.testing.invariants.TwoServices.CLIENT;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.LoginRefusedException;
import io.github.sessionaware.testing.Together;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A login that has checked the former password leaves no session once the password has changed, although the change
 * revokes all sessions on the other node while the login is under way.
 */
public interface LoginInFlightInvariants extends Races {
    String CHECKED = "passwordVersion";

    @Test
    default void noLoginWithTheFormerPasswordIsAliveOnceTheChangeHasReturned() throws Exception {
        TwoServices services = new TwoServices(emptyStores());
        AtomicInteger passwordVersion = new AtomicInteger();
        for (int round = 0; round < roundsOfOneLogin(); round++) {
            IssuedTokens before = services.login();

            List<Optional<IssuedTokens>> logins = Together.call(3, caller -> {
                if (caller == 0) {
                    changePassword(passwordVersion, () -> services.other.revokeAllSessions(ALICE));
                    return Optional.empty();
                }
                return logIn(services, caller, passwordVersion);
            });

            services.assertEnded(before);
            String present = Integer.toString(passwordVersion.get());
            for (IssuedTokens login : logins.stream().flatMap(Optional::stream).toList()) {
                // The change may also revoke a login with the new password.
                assertTrue(
                        present.equals(login.session().attributes().get(CHECKED)) || !services.isAccepted(login),
                        "A login with the former password must not be alive");
            }
            assertTrue(
                    services.other.listSessions(ALICE).stream()
                            .allMatch(session ->
                                    present.equals(session.attributes().get(CHECKED))),
                    "No session of a former password may be listed");
            services.one.revokeAllSessions(ALICE);
        }
    }

    /** Two logins need few threads, so there are more rounds than in the other races. */
    default int roundsOfOneLogin() {
        return 20 * rounds();
    }

    /** Raises the version first, and revokes after that. */
    default void changePassword(AtomicInteger passwordVersion, Runnable revokeAllSessions) {
        passwordVersion.incrementAndGet();
        revokeAllSessions.run();
    }

    /** Returns the options of a login that has checked the password of this version. */
    default LoginOptions loginWith(int checked, AtomicInteger passwordVersion) {
        return LoginOptions.defaults().withStillAllowed(() -> passwordVersion.get() == checked);
    }

    private Optional<IssuedTokens> logIn(TwoServices services, int caller, AtomicInteger passwordVersion) {
        int checked = passwordVersion.get();
        LoginOptions options =
                loginWith(checked, passwordVersion).withAttributes(Map.of(CHECKED, Integer.toString(checked)));
        try {
            return Optional.of(services.of(caller).issue(ALICE, CLIENT, options));
        } catch (LoginRefusedException e) {
            return Optional.empty();
        }
    }
}
