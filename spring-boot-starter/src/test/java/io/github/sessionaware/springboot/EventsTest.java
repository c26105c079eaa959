package io.github.sessionaware.springboot;

import static io.github.sessionaware.springboot.TestApplication.OTHER_SECRET;
import static io.github.sessionaware.springboot.TestApplication.inMemory;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.event.EventListener;

/** The events that an application receives with {@code @EventListener}. */
class EventsTest {
    private static final ClientInfo PHONE = ClientInfo.builder().device("Phone").build();
    private static final ClientInfo TABLET =
            ClientInfo.builder().device("Tablet").build();

    static class Recorder {
        private final List<SessionEvent> all = new ArrayList<>();
        private final List<SessionEvent.Ended> ended = new ArrayList<>();

        @EventListener
        void on(SessionEvent event) {
            all.add(event);
        }

        @EventListener
        void on(SessionEvent.Ended event) {
            ended.add(event);
        }
    }

    static class Failing {
        @EventListener
        void on(SessionEvent.Created event) {
            throw new IllegalStateException(event.userId());
        }
    }

    /** Ends the user's other sessions at each login. It needs the service, so it cannot be one of its listeners. */
    record OnlyOneDevice(SessionAwareTokenService tokens) {
        @EventListener
        void on(SessionEvent.Created event) {
            tokens.listSessions(event.userId()).stream()
                    .filter(session -> !session.id().equals(event.session().id()))
                    .forEach(session -> tokens.revokeSession(event.userId(), session.id()));
        }
    }

    record ListenerThatNeedsTheService(SessionAwareTokenService tokens) implements SessionListener {}

    @Test
    void aSessionListenerThatNeedsTheServiceIsACircleAndAnEventListenerIsNot() {
        inMemory()
                .withBean(ListenerThatNeedsTheService.class)
                .run(context -> assertTrue(
                        String.valueOf(context.getStartupFailure()).contains("circular reference"),
                        String.valueOf(context.getStartupFailure())));
        inMemory().withBean(OnlyOneDevice.class).run(context -> {
            SessionAwareTokenService tokens = context.getBean(SessionAwareTokenService.class);
            tokens.issue("user-42", PHONE);
            tokens.issue("user-42", TABLET);

            assertEquals(1, tokens.listSessions("user-42").size());
        });
    }

    @Test
    void everyNotificationIsAnEvent() {
        inMemory()
                .withPropertyValues(
                        "session-aware-jwt.refresh-tokens.secret=" + OTHER_SECRET,
                        "session-aware-jwt.refresh-tokens.refuse-retries-from-another=DEVICE")
                .withBean(Recorder.class)
                .run(context -> {
                    SessionAwareTokenService tokens = context.getBean(SessionAwareTokenService.class);
                    Recorder recorder = context.getBean(Recorder.class);

                    IssuedTokens first = tokens.issue("user-42", PHONE);
                    IssuedTokens second = tokens.refresh(first.refreshToken(), PHONE);
                    tokens.refresh(first.refreshToken(), PHONE);
                    assertThrows(InvalidTokenException.class, () -> tokens.refresh(first.refreshToken(), TABLET));
                    tokens.reauthenticate(tokens.validate(second.accessToken()));
                    assertThrows(InvalidTokenException.class, () -> tokens.refresh(second.refreshToken(), TABLET));
                    tokens.revokeAllSessions("user-42", EndCause.PASSWORD_CHANGED);

                    assertEquals(
                            List.of("Created", "Refreshed", "RefreshRetried", "RefreshRetryRefused", "Reauthenticated"),
                            recorder.all.stream()
                                    .map(event -> event.getClass().getSimpleName())
                                    .limit(5)
                                    .toList());
                    assertTrue(recorder.all.stream()
                            .allMatch(event -> event.userId().equals("user-42")));
                    assertTrue(recorder.all.stream()
                            .allMatch(event ->
                                    event.session().id().equals(first.session().id())));
                    SessionEvent.Created created = assertInstanceOf(SessionEvent.Created.class, recorder.all.get(0));
                    assertEquals(Set.of(), created.novelties());
                    assertEquals(1, recorder.ended.size());
                });
    }

    @Test
    void anEventListenerThatThrowsFailsNoCall() {
        inMemory().withBean(Failing.class).run(context -> {
            SessionAwareTokenService tokens = context.getBean(SessionAwareTokenService.class);
            tokens.validate(tokens.issue("user-42", PHONE).accessToken());
        });
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aPropertyWritesTheEventsToTheLog(CapturedOutput output) {
        inMemory().withPropertyValues("session-aware-jwt.log-events=true").run(context -> {
            context.getBean(SessionAwareTokenService.class).issue("user-42", PHONE);
            assertTrue(output.getOut().contains("session_created"), output.getOut());
        });
    }
}
