package io.github.sessionaware.examples.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Session;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pages say, without a server. */
class PageStatesTest {
    private static final String MARKUP = "<script>'\"&";

    @Test
    void everyFormCarriesAllHiddenFieldsEscaped() {
        Map<String, String> fields = new TreeMap<>(Map.of("a", "1", "re\"turn", "/<x>?y&z"));
        for (String page : List.of(
                new SignInPage("", "", "", fields).html(),
                new ConfirmPage("alice", "", fields).html(),
                new PasswordPage(true, "alice", "", fields).html(),
                new PasswordPage(false, "alice", "", fields).html(),
                new HomePage("alice", PageStates.LAPTOP, List.of(PageStates.PHONE), null, fields, PageStates.NOW)
                        .html(),
                new DevicePage(PageStates.PHONE, false, null, "", fields, PageStates.NOW).html(),
                SignOutPage.of(PageStates.PHONE, fields, PageStates.NOW),
                SignOutPage.of(new DeviceGroup(List.of(PageStates.PHONE, PageStates.NO_PLACE)), fields, PageStates.NOW),
                SignOutPage.ofOthers(List.of(PageStates.PHONE), fields))) {
            int forms = count("<form ", page);
            assertTrue(forms > 0, page);
            assertEquals(forms, count("name=\"a\" value=\"1\"", page), page);
            assertEquals(forms, count("name=\"re&quot;turn\" value=\"/&lt;x&gt;?y&amp;z\"", page), page);
        }
    }

    @Test
    void textFromRequestsAndSessionsIsEscaped() {
        Session odd = PageStates.session("odd", MARKUP, PageStates.client(MARKUP, MARKUP, MARKUP), MARKUP, 1, 1, false);
        Session current =
                PageStates.session("own", MARKUP, PageStates.client(MARKUP, MARKUP, MARKUP), MARKUP, 1, 1, true);
        Session twin = PageStates.session("twin", MARKUP, odd.client(), MARKUP, 1, 1, false);
        Map<String, String> fields = Map.of();
        for (String page : List.of(
                PageStates.devices(List.of(current, odd, twin), List.of(odd), Outcome.signedOut(List.of(odd))),
                PageStates.devices(List.of(current, odd), List.of(odd), Outcome.renamed(odd)),
                new HomePage(MARKUP, current, List.of(odd), Outcome.recognized(odd), fields, PageStates.NOW).html(),
                new DevicePage(odd, true, MARKUP, MARKUP, fields, PageStates.NOW).html(),
                SignOutPage.of(odd, fields, PageStates.NOW),
                SignOutPage.of(new DeviceGroup(List.of(odd, twin)), fields, PageStates.NOW),
                SignOutPage.ofOthers(List.of(current, odd), fields),
                new SignInPage(MARKUP, MARKUP, MARKUP, fields).html(),
                new ConfirmPage(MARKUP, MARKUP, fields).html(),
                new PasswordPage(true, MARKUP, MARKUP, fields).html(),
                new PasswordPage(false, MARKUP, MARKUP, fields).html())) {
            assertTrue(page.contains("&lt;script&gt;&#39;&quot;&amp;"), page);
            assertEquals(1, count("<script", page), page);
            assertFalse(page.contains(">'\""), page);
        }
    }

    @Test
    void severalNewSignInsAreSeveralNoticesAndTheFourthIsCounted() {
        List<Session> notices = List.of(PageStates.TABLET, PageStates.PHONE, PageStates.RENAMED, PageStates.PROGRAM);

        String two = PageStates.devices(List.of(PageStates.LAPTOP), notices.subList(0, 2), null);
        assertEquals(2, count("<b>New sign-in</b>", two));
        assertTrue(two.contains("action=\"/notices/tablet/dismiss\""), two);
        // It signed in before the laptop, which therefore sees the notice and cannot answer it.
        assertFalse(two.contains("action=\"/notices/phone/dismiss\""), two);
        assertTrue(two.contains("name=\"returnTo\" value=\"/devices\""), two);

        String four = PageStates.devices(List.of(PageStates.LAPTOP), notices, null);
        assertEquals(3, count("<b>New sign-in</b>", four));
        assertTrue(four.contains("1 more: "), four);
    }

    @Test
    void unseenSessionsAreNewExceptTheCurrentOne() {
        String page = new DevicesPage(
                        List.of(PageStates.LAPTOP, PageStates.TABLET, PageStates.PROGRAM),
                        Set.of("laptop", "tablet"),
                        List.of(),
                        null,
                        null,
                        PageStates.FIELDS,
                        PageStates.NOW)
                .html();

        assertEquals(1, count(">New<", page));
        assertTrue(page.contains("<bdi>Safari on iPad</bdi> <span class=\"badge new\">New</span>"), page);
    }

    @Test
    void sessionsOfOneNameKindAndCategoryAreOneGroupWithoutTheCurrentOne() {
        Session ofPhone = PageStates.session(
                "x", "device", PageStates.client("Firefox on Linux", PageStates.IPHONE, null), null, 1, 1, false);
        Session another = PageStates.session("y", "device", PageStates.LAPTOP.client(), null, 1, 1, false);
        Session named = PageStates.session("z", "device", PageStates.LAPTOP.client(), "desk", 1, 1, false);

        assertEquals(
                List.of(
                        List.of(another),
                        List.of(PageStates.PHONE, PageStates.OLDER_PHONE),
                        List.of(PageStates.SUPPORT),
                        List.of(ofPhone),
                        List.of(named)),
                DeviceGroup.of(List.of(
                                PageStates.LAPTOP,
                                another,
                                PageStates.PHONE,
                                PageStates.SUPPORT,
                                ofPhone,
                                PageStates.OLDER_PHONE,
                                named))
                        .stream()
                        .map(DeviceGroup::sessions)
                        .toList());
    }

    @Test
    void theConfirmationOfAGroupNamesEachOfItsSessionsOnce() {
        String page = SignOutPage.of(
                new DeviceGroup(List.of(PageStates.PHONE, PageStates.OLDER_PHONE, PageStates.NO_PLACE)),
                PageStates.FIELDS,
                PageStates.NOW);

        assertTrue(page.contains("<h1>Sign out all 3 sessions of Safari on iPhone?</h1>"), page);
        assertEquals(1, count("action=\"/devices/phone/sign-out\"", page));
        assertEquals(1, count("name=\"also\" value=\"phone-2\"", page));
        assertEquals(1, count("name=\"also\" value=\"phone-3\"", page));
        assertEquals(2, count("name=\"also\"", page));
    }

    @Test
    void aConfirmationShowsAtMostFiveDevices() {
        List<Session> seven = List.of(1, 2, 3, 4, 5, 6, 7).stream()
                .map(i -> PageStates.session(
                        "s" + i, "device", PageStates.client("Device " + i, "x", null), null, i, i, false))
                .toList();

        String page = SignOutPage.ofOthers(seven, PageStates.FIELDS);

        assertTrue(page.contains("Device 5") && !page.contains("Device 6"), page);
        assertTrue(page.contains("and 2 more"), page);
    }

    @Test
    void theListMarksALoginThatIsNotTheUsersOwn() {
        String page = PageStates.devices(List.of(PageStates.LAPTOP, PageStates.SUPPORT), List.of(), null);

        assertTrue(page.contains("<bdi>Firefox on Linux</bdi> <span class=\"badge plain\">Support</span>"), page);
    }

    @Test
    void aLabelIsShownBeforeTheDeviceAndNotTwice() {
        assertEquals("kitchen tablet · Edge on Windows", DeviceName.of(PageStates.RENAMED));
        assertEquals("Unknown device", DeviceName.of(PageStates.NOTHING_KNOWN));
        assertEquals(
                "Edge on Windows",
                DeviceName.of(PageStates.session(
                        "same", "device", PageStates.RENAMED.client(), "Edge on Windows", 1, 1, false)));
    }

    @Test
    void addressesAreInTheDetailsOnly() {
        assertFalse(PageStates.all().get("devices-many").contains("203.0.113"));
        assertTrue(PageStates.all().get("device").contains("203.0.113.0/24"));
    }

    @ParameterizedTest
    @CsvSource({
        "-5000, just now",
        "59999, just now",
        "60000, 1 minute ago",
        "3599999, 59 minutes ago",
        "3600000, 1 hour ago",
        "86399999, 23 hours ago",
        "86400000, 1 day ago",
        "5183999999, 59 days ago",
        "5184000000, 2 months ago"
    })
    void aTimeIsInWords(long millis, String words) {
        assertEquals(words, Ago.words(PageStates.NOW.minusMillis(millis), PageStates.NOW));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1 second",
        "1, 1 second",
        "1001, 2 seconds",
        "90000, 90 seconds",
        "90001, 2 minutes",
        "300000, 5 minutes"
    })
    void aWaitIsRoundedUp(long millis, String words) {
        assertEquals(
                "Too many tries. Try again in about " + words + ".",
                FormErrors.tooManyTries(Duration.ofMillis(millis)));
    }

    private static int count(String text, String page) {
        return (int)
                Pattern.compile(Pattern.quote(text)).matcher(page).results().count();
    }
}
