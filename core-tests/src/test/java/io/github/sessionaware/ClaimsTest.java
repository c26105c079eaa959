package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.ISSUER;
import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an application reads of a token that was validated. */
class ClaimsTest {
    private final SessionAwareTokenService service =
            aServiceOn(new ReferenceStore()).clock(new FakeClock(START)).build();

    @Test
    void theClaimsOfAPlainTokenAreThoseOfTheLibrary() {
        IssuedTokens login = service.issue("alice", ClientInfo.unknown());

        Map<String, Object> claims = service.validate(login.accessToken()).claims();

        assertEquals(Set.of("iss", "sub", "aud", "iat", "exp", "jti", "sid"), claims.keySet());
        assertEquals(
                List.of(ISSUER, "alice", ISSUER, login.session().id()),
                List.of(claims.get("iss"), claims.get("sub"), claims.get("aud"), claims.get("sid")));
        assertEquals(START.getEpochSecond(), ((Number) claims.get("iat")).longValue());
    }

    @Test
    void aNumberThatTheWantedTypeCannotHoldIsRefusedAndNotRounded() {
        AuthenticatedSession current = service.validate(service.issue(
                        "alice",
                        ClientInfo.unknown(),
                        LoginOptions.defaults()
                                .withClaims(
                                        Map.of("late", Long.MAX_VALUE, "exact", 1L << 53, "rounded", (1L << 53) + 1)))
                .accessToken());

        assertThrows(IllegalArgumentException.class, () -> current.claim("late", Instant.class));
        assertEquals(Optional.of(9_007_199_254_740_992.0), current.claim("exact", Double.class));
        assertThrows(IllegalArgumentException.class, () -> current.claim("rounded", Double.class));
        assertThrows(NullPointerException.class, () -> current.claim("absent", null));
        assertThrows(NullPointerException.class, () -> current.claimList("absent", null));
    }

    /** The types that the javadoc names, and no others of Jackson or java-jwt. */
    @Test
    void eachJsonValueHasOneType() {
        Map<String, Object> claims = claimsOfJson("""
                {"text":"a","yes":true,"int":7,"long":3000000000,"big":12345678901234567890,"fraction":0.5,\
                "null":null,"list":[1,"b",null,[2],{"c":3}],"object":{"d":[4],"e":null}}""");

        assertEquals("a", claims.get("text"));
        assertEquals(true, claims.get("yes"));
        assertEquals(7, claims.get("int"));
        assertEquals(3_000_000_000L, claims.get("long"));
        assertEquals(new BigInteger("12345678901234567890"), claims.get("big"));
        assertEquals(0.5, claims.get("fraction"));
        assertTrue(claims.containsKey("null"));
        assertNull(claims.get("null"));
        assertEquals(Arrays.asList(1, "b", null, List.of(2), Map.of("c", 3)), claims.get("list"));
        Map<String, Object> object = new HashMap<>(Map.of("d", List.of(4)));
        object.put("e", null);
        assertEquals(object, claims.get("object"));
    }

    @Test
    void nothingInTheClaimsCanBeChanged() {
        Map<String, Object> claims = claimsOfJson("{\"list\":[[1],{\"a\":[2]}],\"object\":{\"b\":{\"c\":[3]}}}");

        List<?> list = (List<?>) claims.get("list");
        Map<?, ?> object = (Map<?, ?>) claims.get("object");
        for (List<?> each : List.of(list, (List<?>) list.get(0), (List<?>) ((Map<?, ?>) list.get(1)).get("a"), (List<?>)
                ((Map<?, ?>) object.get("b")).get("c"))) {
            assertThrows(UnsupportedOperationException.class, each::clear);
            assertThrows(UnsupportedOperationException.class, () -> each.remove(0));
            assertThrows(
                    UnsupportedOperationException.class, () -> each.iterator().remove());
        }
        for (Map<?, ?> each : List.of(claims, (Map<?, ?>) list.get(1), object, (Map<?, ?>) object.get("b"))) {
            assertThrows(UnsupportedOperationException.class, each::clear);
            assertThrows(
                    UnsupportedOperationException.class, () -> each.keySet().clear());
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> each.entrySet().iterator().next().setValue(null));
        }
    }

    /** The cache of verified tokens is shared by all requests. */
    @Test
    void oneRequestCannotChangeTheClaimsOfAnother() {
        String token = tokenWith(Map.of("roles", List.of("reader")));
        AuthenticatedSession one = service.validate(token);
        List<String> roles = one.claimList("roles", String.class);

        assertThrows(UnsupportedOperationException.class, () -> roles.add("admin"));
        assertThrows(UnsupportedOperationException.class, () -> one.claims().put("roles", List.of("admin")));

        assertEquals(List.of("reader"), service.validate(token).claimList("roles", String.class));
    }

    @Test
    void aClaimIsReadWithTheTypeOfItsValue() {
        AuthenticatedSession current = currentOfJson("""
                {"text":"a","yes":true,"int":7,"long":3000000000,"big":12345678901234567890,"fraction":0.5,\
                "list":[1],"object":{"a":1}}""");

        assertEquals(Optional.of("a"), current.claim("text", String.class));
        assertEquals(Optional.of(true), current.claim("yes", Boolean.class));
        assertEquals(Optional.of(7), current.claim("int", Integer.class));
        assertEquals(Optional.of(3_000_000_000L), current.claim("long", Long.class));
        assertEquals(Optional.of(new BigInteger("12345678901234567890")), current.claim("big", BigInteger.class));
        assertEquals(Optional.of(0.5), current.claim("fraction", Double.class));
        assertEquals(Optional.of(List.of(1)), current.claim("list", List.class));
        assertEquals(Optional.of(Map.of("a", 1)), current.claim("object", Map.class));
        assertEquals(Optional.of("alice"), current.claim("sub", String.class));
        assertEquals(Optional.of("a"), current.claim("text", Object.class));
    }

    /** JSON has one type for all numbers, so its reader chooses the smallest. */
    @Test
    void aWholeNumberIsAlsoReadAsALongerNumberOrATime() {
        AuthenticatedSession current = currentOfJson("{\"small\":7,\"long\":3000000000}");

        assertEquals(Optional.of(7L), current.claim("small", Long.class));
        assertEquals(Optional.of(7.0), current.claim("small", Double.class));
        assertEquals(Optional.of(Instant.ofEpochSecond(7)), current.claim("small", Instant.class));
        assertEquals(Optional.of(3e9), current.claim("long", Double.class));
        assertEquals(Optional.of(Instant.ofEpochSecond(3_000_000_000L)), current.claim("long", Instant.class));
        assertEquals(Optional.of(START), current.claim("iat", Instant.class));
        assertEquals(
                List.of(1L, 3_000_000_000L),
                currentOfJson("{\"n\":[1,3000000000]}").claimList("n", Long.class));
    }

    @Test
    void aMissingClaimAndANullAreEmpty() {
        AuthenticatedSession current = currentOfJson("{\"nothing\":null}");

        for (String name : List.of("nothing", "missing", "", "ROLE")) {
            assertEquals(Optional.empty(), current.claim(name, String.class));
            assertEquals(List.of(), current.claimList(name, String.class));
        }
    }

    record Mismatch(String json, Class<?> type, String message) {}

    static List<Mismatch> mismatches() {
        return List.of(
                new Mismatch("\"7\"", Integer.class, "The claim \"own\" must have the type Integer, but has String"),
                new Mismatch("7", String.class, "The claim \"own\" must have the type String, but has Integer"),
                new Mismatch("3000000000", Integer.class, "The claim \"own\" must have the type Integer, but has Long"),
                new Mismatch(
                        "12345678901234567890",
                        Long.class,
                        "The claim \"own\" must have the type Long, but has BigInteger"),
                new Mismatch("0.5", Long.class, "The claim \"own\" must have the type Long, but has Double"),
                new Mismatch("0.5", Instant.class, "The claim \"own\" must have the type Instant, but has Double"),
                new Mismatch(
                        "\"2026-03-01T10:00:00Z\"",
                        Instant.class,
                        "The claim \"own\" must have the type Instant, but has String"),
                new Mismatch("[1]", Map.class, "The claim \"own\" must have the type Map, but has List"),
                new Mismatch("{\"a\":1}", String.class, "The claim \"own\" must have the type String, but has Map"),
                new Mismatch("true", String.class, "The claim \"own\" must have the type String, but has Boolean"),
                new Mismatch("1", Boolean.class, "The claim \"own\" must have the type Boolean, but has Integer"),
                new Mismatch("1", int.class, "The claim \"own\" must have the type int, but has Integer"));
    }

    @ParameterizedTest
    @MethodSource("mismatches")
    void aClaimOfAnotherTypeIsRefusedWithBothTypesAndWithoutTheValue(Mismatch mismatch) {
        AuthenticatedSession current = currentOfJson("{\"own\":" + mismatch.json() + "}");

        assertEquals(
                mismatch.message(),
                assertThrows(IllegalArgumentException.class, () -> current.claim("own", mismatch.type()))
                        .getMessage());
    }

    @Test
    void aListOfAnotherTypeIsRefused() {
        AuthenticatedSession current = currentOfJson("""
                {"mixed":["a",1],"nulls":["a",null],"text":"a","nested":[["a"]],"empty":[]}""");

        assertRefusedList("The claim \"mixed\" must have the type String, but has Integer", current, "mixed");
        assertRefusedList("The claim \"nulls\" must have the type String, but has null", current, "nulls");
        assertRefusedList("The claim \"nested\" must have the type String, but has List", current, "nested");
        assertThrows(IllegalArgumentException.class, () -> current.claimList("text", String.class));
        assertEquals(List.of(), current.claimList("empty", String.class));
        assertEquals(List.of(List.of("a")), current.claimList("nested", List.class));
    }

    private static void assertRefusedList(String message, AuthenticatedSession current, String name) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> current.claimList(name, String.class))
                        .getMessage());
    }

    @Test
    void nullIsRefusedByName() {
        AuthenticatedSession current = currentOfJson("{\"own\":\"a\",\"list\":[\"a\"]}");

        assertEquals("name", nameOf(() -> current.claim(null, String.class)));
        assertEquals("type", nameOf(() -> current.claim("own", null)));
        assertEquals("name", nameOf(() -> current.claimList(null, String.class)));
        assertThrows(NullPointerException.class, () -> current.claimList("list", null));
    }

    private static String nameOf(Runnable call) {
        return assertThrows(NullPointerException.class, call::run).getMessage();
    }

    @Test
    void claimsOfAnyNameAndTextComeBackExactly() {
        Map<String, Object> claims = new HashMap<>();
        for (String text : List.of("", " ", "a\"b\\c", "\u2028", "\ud83d\ude00", "\0", "<script>")) {
            claims.put("name " + text, text);
        }
        claims.put("deep", Collections.nCopies(3, Map.of("a", List.of(Map.of("b", "c")))));

        Map<String, Object> read = service.validate(tokenWith(claims)).claims();

        claims.forEach((name, value) -> assertEquals(value, read.get(name), name));
    }

    @Test
    void aRequestShowsNoClaimInItsText() {
        String shown =
                service.validate(tokenWith(Map.of("secret", "hush-hush"))).toString();

        assertFalse(shown.contains("hush"), shown);
    }

    private String tokenWith(Map<String, ?> claims) {
        return service.issue(
                        "alice", ClientInfo.unknown(), LoginOptions.defaults().withClaims(claims))
                .accessToken();
    }

    private Map<String, Object> claimsOfJson(String members) {
        return currentOfJson(members).claims();
    }

    /** Signs members of JSON beside the claims of a live session. */
    private AuthenticatedSession currentOfJson(String members) {
        Map<String, String> claims = HostileTokens.claimsOf(
                service.issue("alice", ClientInfo.unknown()).accessToken());
        String own = members.strip();
        String token = HostileTokens.rightly(HostileTokens.object(claims).replaceAll("}$", ",") + own.substring(1));
        return service.validate(token);
    }
}
