package io.github.sessionaware.examples.frameworks;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.ExperimentalDeviceBinding;
import io.github.sessionaware.ExperimentalDeviceBinding.Refusal;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionListener;
import io.github.sessionaware.servlet.ExperimentalDeviceBound;
import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;

/** The samples of docs/device-bound-sessions.md. */
final class DeviceBoundSample {
    private DeviceBoundSample() {}

    static SessionAwareTokenService service(SessionAwareTokenServiceBuilder builder, byte[] secret) {
        SessionAwareTokenService tokens = builder.refreshTokens(secret)
                .deviceBinding(ExperimentalDeviceBinding.defaults())
                .build();
        return tokens;
    }

    static SessionFilter filter(SessionAwareTokenService tokens) {
        SessionFilter sessions = SessionFilter.builder(tokens)
                .cookies()
                .signInPage("/sign-in")
                .open("/static/*")
                .deviceBound(ExperimentalDeviceBound.defaults().withExcluded("/static/*"))
                .build();
        return sessions;
    }

    static ExperimentalDeviceBound forStaff() {
        return ExperimentalDeviceBound.defaults().withRequired(session -> isStaff(session), Duration.ofMinutes(1));
    }

    static void sensitive(SessionFilter sessions, HttpServletRequest request) {
        AuthenticatedSession current = SessionFilter.current(request);
        if (current.session().deviceBound()) {
            sessions.requireDeviceProof(request, Duration.ofMinutes(1));
        } else {
            current.requireAuthenticatedWithin(Duration.ofMinutes(5));
        }
    }

    static void warn(SessionAwareTokenServiceBuilder builder) {
        builder.listener(new SessionListener() {
            @Override
            public void deviceProofRefused(String userId, Session session, ClientInfo presentedBy, Refusal refusal) {
                warn(userId, session, presentedBy);
            }
        });
    }

    private static boolean isStaff(AuthenticatedSession session) {
        return session.userId().startsWith("staff-");
    }

    private static void warn(String userId, Session session, ClientInfo presentedBy) {
        System.out.println(userId + " " + session + " " + presentedBy);
    }
}
