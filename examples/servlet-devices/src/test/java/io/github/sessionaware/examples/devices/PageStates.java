package io.github.sessionaware.examples.devices;

import io.github.sessionaware.Authentication;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The pages in all their states, with fixed sessions, so that no test needs a server to bring a state about. */
final class PageStates {
    static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    static final Map<String, String> FIELDS = Map.of("csrf", "token-of-the-form");

    /** A label without a place to break, as wide as one can be. */
    static final String WIDE = "W".repeat(64);

    static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    static final String IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
            + " (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
    static final String EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0";
    private static final String IPAD = "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
            + " (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

    static final Session LAPTOP =
            session("laptop", "device", client("Firefox on Linux", FIREFOX, "Berlin, DE"), null, 0, 120, true);
    static final Session TABLET =
            session("tablet", "device", client("Safari on iPad", IPAD, "Berlin, DE"), null, 2, 2, false);
    static final Session PHONE =
            session("phone", "device", client("Safari on iPhone", IPHONE, "Hamburg, DE"), null, 185, 20_000, false);
    static final Session OLDER_PHONE =
            session("phone-2", "device", client("Safari on iPhone", IPHONE, "Berlin, DE"), null, 6_200, 20_000, false);
    static final Session NO_PLACE =
            session("phone-3", "device", client("Safari on iPhone", IPHONE, null), null, 90_000, 90_000, false);
    static final Session RENAMED =
            session("kitchen", "device", client("Edge on Windows", EDGE, null), "kitchen tablet", 2_900, 20_000, false);
    static final Session PROGRAM = session(
            "program", "device", client("okhttp 4.12", "okhttp/4.12.0", "Utrecht, NL"), null, 7_300, 7_300, false);
    static final Session SUPPORT =
            session("support", "support", client("Firefox on Linux", FIREFOX, "Utrecht, NL"), null, 15, 15, false);
    static final Session WIDEST =
            session("wide", "device", client("D".repeat(128), "A".repeat(512), "L".repeat(128)), WIDE, 30, 30, false);
    static final Session NOTHING_KNOWN = session("unknown", "device", ClientInfo.unknown(), null, 100, 100, false);

    private PageStates() {}

    /** Returns the pages by the names of their screenshots. */
    static Map<String, String> all() {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put(
                "devices",
                devices(List.of(LAPTOP, TABLET, PHONE, OLDER_PHONE, RENAMED, PROGRAM), List.of(TABLET), null));
        pages.put("devices-alone", devices(List.of(LAPTOP), List.of(), Outcome.of(Outcome.Kind.OTHERS_SIGNED_OUT)));
        pages.put(
                "devices-many",
                devices(
                        List.of(LAPTOP, TABLET, SUPPORT, WIDEST, NOTHING_KNOWN, PHONE, OLDER_PHONE, NO_PLACE),
                        List.of(TABLET, WIDEST, PHONE, NO_PLACE),
                        Outcome.signedOut(List.of(WIDEST))));
        pages.put("device", device(PHONE, ""));
        pages.put("device-current", device(LAPTOP, ""));
        pages.put("device-wide", device(WIDEST, FormErrors.DEVICE_NAME));
        pages.put("device-unknown", device(NOTHING_KNOWN, ""));
        pages.put("sign-out", SignOutPage.of(RENAMED, FIELDS, NOW));
        pages.put("sign-out-wide", SignOutPage.of(WIDEST, FIELDS, NOW));
        pages.put("sign-out-current", SignOutPage.of(LAPTOP, FIELDS, NOW));
        pages.put(
                "sign-out-group", SignOutPage.of(new DeviceGroup(List.of(PHONE, OLDER_PHONE, NO_PLACE)), FIELDS, NOW));
        pages.put(
                "sign-out-others",
                SignOutPage.ofOthers(List.of(LAPTOP, TABLET, PHONE, OLDER_PHONE, RENAMED, WIDEST), FIELDS));
        pages.put("home", new HomePage("alice", LAPTOP, List.of(), null, FIELDS, NOW).html());
        pages.put(
                "home-notices",
                new HomePage("a".repeat(64), WIDEST, List.of(TABLET, RENAMED), Outcome.recognized(PHONE), FIELDS, NOW)
                        .html());
        pages.put("password", new PasswordPage(true, "alice", "", FIELDS).html());
        pages.put("password-wrong", new PasswordPage(true, "alice", FormErrors.WRONG_PASSWORD, FIELDS).html());
        pages.put("password-without-session", new PasswordPage(false, "", "", FIELDS).html());
        pages.put("confirm", new ConfirmPage("alice", "", FIELDS).html());
        pages.put(
                "confirm-throttled",
                new ConfirmPage("alice", FormErrors.tooManyTries(Duration.ofSeconds(40)), FIELDS).html());
        pages.put("sign-in", signIn(Ended.NOT, "", ""));
        pages.put("sign-in-elsewhere", signIn(Ended.ELSEWHERE, "", ""));
        pages.put("sign-in-wrong", signIn(Ended.NOT, FormErrors.WRONG_SIGN_IN, "alice"));
        pages.put(
                "sign-in-throttled", signIn(Ended.NOT, FormErrors.tooManyTries(Duration.ofMinutes(5)), "a".repeat(64)));
        pages.put("unavailable", Problem.UNAVAILABLE.html());
        return pages;
    }

    /** Returns the list on which the sign-ins with a notice are new. */
    static String devices(List<Session> sessions, List<Session> notices, @Nullable Outcome outcome) {
        Set<String> unseen = Set.copyOf(notices.stream().map(Session::id).toList());
        return new DevicesPage(sessions, unseen, notices, null, outcome, FIELDS, NOW).html();
    }

    static String device(Session session, String error) {
        return new DevicePage(session, false, session.label(), error, FIELDS, NOW).html();
    }

    private static String signIn(Ended ended, String error, String user) {
        return new SignInPage(ended.sentence(), error, user, Map.of("returnTo", "/devices")).html();
    }

    static ClientInfo client(@Nullable String device, String userAgent, @Nullable String place) {
        return ClientInfo.builder()
                .device(device)
                .userAgent(userAgent)
                .ipAddress("203.0.113.0/24")
                .location(place)
                .build();
    }

    static Session session(
            String id,
            String category,
            ClientInfo client,
            @Nullable String label,
            int minutesActive,
            int minutesSignedIn,
            boolean current) {
        Instant created = NOW.minus(Duration.ofMinutes(minutesSignedIn));
        return new Session(
                id,
                category,
                client,
                label,
                Map.of(),
                created,
                NOW.minus(Duration.ofMinutes(minutesActive)),
                NOW.plus(Duration.ofDays(30)),
                new Authentication(created, List.of("pwd")),
                false,
                current);
    }
}
