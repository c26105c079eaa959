package io.github.sessionaware.testing.invariants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.testing.ReferenceStore;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

/** {@link LoginInFlightInvariants} catches an application that leaves out one of the two halves. */
class LoginInFlightTwinsTest {

    @Test
    void aLoginThatDoesNotAskAgainIsCaught() {
        assertCaught(new StoredAfterTheChange() {
            @Override
            public LoginOptions loginWith(int checked, AtomicInteger passwordVersion) {
                super.loginWith(checked, passwordVersion);
                return LoginOptions.defaults();
            }
        });
    }

    @Test
    void aChangeThatRevokesBeforeItRaisesTheVersionIsCaught() {
        assertCaught(new Twin() {
            private final CountDownLatch revoked = new CountDownLatch(1);
            private final CountDownLatch asked = new CountDownLatch(2);

            @Override
            public void changePassword(AtomicInteger passwordVersion, Runnable revokeAllSessions) {
                revokeAllSessions.run();
                revoked.countDown();
                await(asked);
                passwordVersion.incrementAndGet();
            }

            @Override
            public LoginOptions loginWith(int checked, AtomicInteger passwordVersion) {
                await(revoked);
                return LoginOptions.defaults().withStillAllowed(() -> {
                    boolean isSame = passwordVersion.get() == checked;
                    asked.countDown();
                    return isSame;
                });
            }
        });
    }

    /** The control: in the same order of events, the question makes the difference. */
    @Test
    void aLoginThatAsksAgainPasses() throws Exception {
        new StoredAfterTheChange().noLoginWithTheFormerPasswordIsAliveOnceTheChangeHasReturned();
    }

    private static void assertCaught(Twin twin) {
        AssertionFailedError failure = assertThrows(
                AssertionFailedError.class, twin::noLoginWithTheFormerPasswordIsAliveOnceTheChangeHasReturned);
        assertEquals(
                "A login with the former password must not be alive ==> expected: <true> but was: <false>",
                failure.getMessage());
    }

    private abstract static class Twin implements LoginInFlightInvariants {
        @Override
        public Nodes emptyStores() {
            return Nodes.sharing(new ReferenceStore());
        }

        @Override
        public int roundsOfOneLogin() {
            return 1;
        }

        static void await(CountDownLatch latch) {
            try {
                assertEquals(true, latch.await(30, TimeUnit.SECONDS), "The other caller did not come");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Both logins check the former password, and store their sessions after the change has returned. */
    private static class StoredAfterTheChange extends Twin {
        private final CountDownLatch checked = new CountDownLatch(2);
        private final CountDownLatch changed = new CountDownLatch(1);

        @Override
        public void changePassword(AtomicInteger passwordVersion, Runnable revokeAllSessions) {
            await(checked);
            super.changePassword(passwordVersion, revokeAllSessions);
            changed.countDown();
        }

        @Override
        public LoginOptions loginWith(int checkedVersion, AtomicInteger passwordVersion) {
            checked.countDown();
            await(changed);
            return super.loginWith(checkedVersion, passwordVersion);
        }
    }
}
