package io.github.sessionaware;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.auth0.jwt.JWT;
import io.github.sessionaware.TestKeys.Signer;
import io.github.sessionaware.testing.TestService;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bad tokens made from a live one, most of them correctly signed with the service's own key. */
final class HostileTokens {
    record Hostile(String name, String token) {}

    private static final Signer HS256 = TestKeys.hmac("256", TestService.secret());

    private final List<Hostile> all = new ArrayList<>();
    private final RawSigner signer;
    private final String algorithm;
    private final byte[] secret;
    private final String rightHeader;
    private final String live;
    private final String header;
    private final String payload;
    private final String signature;
    private final Map<String, String> claims;

    private HostileTokens(String live, Map<String, String> claims, Signer signer) {
        this.signer = signer.raw();
        this.algorithm = signer.algorithm();
        this.secret = signer.secret();
        this.rightHeader = header(algorithm);
        String[] parts = live.split("\\.", -1);
        this.live = live;
        this.header = parts[0];
        this.payload = parts[1];
        this.signature = parts[2];
        this.claims = claims;
    }

    /** The claims are those of a correct payload: JSON by name. */
    static List<Hostile> madeFrom(String live, Map<String, String> claims) {
        return madeFrom(live, claims, HS256);
    }

    /** For a service with another algorithm. The signer holds its key. */
    static List<Hostile> madeFrom(String live, Map<String, String> claims, Signer signer) {
        HostileTokens tokens = new HostileTokens(live, claims, signer);
        tokens.oddStrings();
        tokens.parts();
        tokens.signatures();
        tokens.algorithms();
        tokens.headers();
        tokens.claims();
        tokens.duplicates();
        tokens.encodings();
        tokens.json();
        tokens.sizes();
        return List.copyOf(tokens.all);
    }

    /** Returns the claims of a token that this library has written, each as JSON. */
    static Map<String, String> claimsOf(String token) {
        Map<String, String> claims = new LinkedHashMap<>();
        JWT.decode(token).getClaims().forEach((name, value) -> claims.put(name, value.toString()));
        return claims;
    }

    static String rightly(Map<String, String> claims) {
        return rightly(claims, HS256);
    }

    static String rightly(String payload) {
        return HS256.raw().sign(header(HS256.algorithm()), payload);
    }

    static String rightly(Map<String, String> claims, Signer signer) {
        return signer.raw().sign(header(signer.algorithm()), object(claims));
    }

    private static String header(String algorithm) {
        return "{\"alg\":\"" + algorithm + "\",\"typ\":\"at+jwt\"}";
    }

    private void oddStrings() {
        add("empty", "");
        add("blank", " \t ");
        add("a word", "token");
        add("dots", "..");
        add("null in letters", "null");
        add("NUL", "\0");
        add("a scheme before it", "Bearer " + live);
        add("quotes around it", "\"" + live + "\"");
        add("a session id", "A".repeat(24));
        add("not ASCII", "é.é.é");
        add("lone surrogates", "\ud800.\ud800.\ud800");
    }

    private void parts() {
        add("one part", payload);
        add("two parts", header + "." + payload);
        add("a fourth, empty part", live + ".");
        add("a fourth part", live + "." + signature);
        add("a leading dot", "." + live);
        add("no header", "." + payload + "." + signature);
        add("no payload", header + ".." + signature);
        add("parts in another order", payload + "." + header + "." + signature);
        add("five parts, as an encrypted token has", header + "...." + signature);
        String jwe = RawSigner.encode("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}".getBytes(UTF_8));
        add("an encrypted token", jwe + ".." + payload + "." + payload + "." + signature);
    }

    private void signatures() {
        add("no signature", header + "." + payload + ".");
        for (int length = 1; length < signature.length(); length += 7) {
            add("signature cut at " + length, header + "." + payload + "." + signature.substring(0, length));
        }
        byte[] bytes = Base64.getUrlDecoder().decode(signature);
        for (int i = 0; i < bytes.length; i += 3) {
            byte[] flipped = bytes.clone();
            flipped[i] ^= (byte) (1 << (i % 8));
            add("signature with a flipped bit in byte " + i, header + "." + payload + "." + RawSigner.encode(flipped));
        }
        add("signature of zeros", header + "." + payload + "." + RawSigner.encode(new byte[bytes.length]));
        add(
                "signature twice",
                header + "." + payload + "." + RawSigner.encode((signature + signature).getBytes(UTF_8)));
        byte[] foreign = "another secret of 32 bytes or more".getBytes(UTF_8);
        add("another key", RawSigner.mac("HmacSHA256", foreign).signEncoded(header, payload));
        add("the secret of zeros", RawSigner.mac("HmacSHA256", new byte[32]).signEncoded(header, payload));
        for (String claim : claims.keySet()) {
            Map<String, String> changed = new LinkedHashMap<>(claims);
            changed.put(
                    claim, claim.equals("exp") || claim.equals("iat") ? "4000000000" : "\"AAAAAAAAAAAAAAAAAAAAAAAA\"");
            add(
                    "payload with another " + claim + " under the old signature",
                    header + "." + RawSigner.encode(object(changed).getBytes(UTF_8)) + "." + signature);
        }
    }

    private void algorithms() {
        for (String name : List.of(
                "none",
                "None",
                "NONE",
                "nOnE",
                "",
                " ",
                "HS384",
                "HS512",
                "hs256",
                "Hs256",
                "HS256 ",
                "RS256",
                "PS256",
                "ES256",
                "ES256K",
                "EdDSA",
                "dir",
                "A128KW",
                "RSA-OAEP",
                "HS256",
                "RS384",
                "RS512",
                "ES384",
                "ES512")) {
            if (name.equals(algorithm)) {
                continue;
            }
            String named = "{\"alg\":\"" + name + "\",\"typ\":\"at+jwt\"}";
            add("alg " + name + ", signed", signer.sign(named, object(claims)));
            add("alg " + name + ", unsigned", RawSigner.encode(named.getBytes(UTF_8)) + "." + payload + ".");
        }
        for (String mac : List.of("256", "384", "512")) {
            if (algorithm.equals("HS" + mac)) {
                continue;
            }
            RawSigner other = RawSigner.mac("HmacSHA" + mac, secret);
            add("signed with HS" + mac + " and saying so", other.sign(header("HS" + mac), object(claims)));
            add("signed with HS" + mac + ", said to be " + algorithm, other.signEncoded(header, payload));
        }
        for (String json : List.of("null", "true", "1", "[\"HS256\"]", "{\"HS256\":1}", "256.0")) {
            add("alg of JSON " + json, signer.sign("{\"alg\":" + json + ",\"typ\":\"at+jwt\"}", object(claims)));
        }
        add("alg missing", signer.sign("{\"typ\":\"at+jwt\"}", object(claims)));
    }

    private void headers() {
        for (String member : List.of(
                "\"crit\":[]",
                "\"crit\":[\"exp\"]",
                "\"crit\":[\"b64\"],\"b64\":false",
                "\"b64\":false",
                "\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}",
                "\"jku\":\"https://attacker.example/keys\"",
                "\"x5u\":\"https://attacker.example/cert\"",
                "\"x5c\":[\"AAAA\"]",
                "\"x5t\":\"AAAA\"",
                "\"zip\":\"DEF\"",
                "\"enc\":\"A256GCM\"",
                "\"cty\":\"JWT\"",
                "\"kid\":\"\"",
                "\"kid\":\"1\"",
                "\"kid\":\"../../dev/null\"",
                "\"kid\":\"' or '1'='1\"",
                "\"kid\":null",
                "\"kid\":1",
                "\"unknown\":1")) {
            add("header with " + member, signer.sign(rightHeader.replace("}", "," + member + "}"), object(claims)));
        }
        for (String typ :
                List.of("null", "1", "[\"at+jwt\"]", "\"JWT\"", "\"at+JWT\"", "\"application/at+jwt\"", "\"\"")) {
            add(
                    "typ of JSON " + typ,
                    signer.sign("{\"alg\":\"" + algorithm + "\",\"typ\":" + typ + "}", object(claims)));
        }
        add("typ missing", signer.sign("{\"alg\":\"" + algorithm + "\"}", object(claims)));
    }

    private void claims() {
        List<String> wrongForText = List.of("null", "true", "1", "1.5", "[]", "{}", "[\"%s\"]");
        List<String> wrongForSeconds = List.of(
                "null",
                "true",
                "\"1772362800\"",
                "4000000000.0",
                "4e9",
                "[]",
                "{}",
                "-1",
                "253402300800",
                "9223372036854775807",
                "9223372036854775808",
                "1".repeat(900));
        claims.forEach((claim, value) -> {
            boolean isTime = claim.equals("exp") || claim.equals("iat");
            for (String wrong : isTime ? wrongForSeconds : wrongForText) {
                add(claim + " of JSON " + wrong, with(claim, wrong.formatted(value.replace("\"", ""))));
            }
            Map<String, String> without = new LinkedHashMap<>(claims);
            without.remove(claim);
            add(claim + " missing", signer.sign(rightHeader, object(without)));
            without.put(claim.toUpperCase(java.util.Locale.ROOT), value);
            add(claim + " in capitals", signer.sign(rightHeader, object(without)));
        });
        add("another issuer", with("iss", "\"https://other.example\""));
        add("another audience", with("aud", "\"https://other.example\""));
        add("several audiences without ours", with("aud", "[\"x\",\"y\"]"));
        add("our audience and a number", with("aud", "[\"" + TestService.ISSUER + "\",1]"));
        add("expired", with("exp", "1000"));
        add("not yet valid", with("nbf", "4000000000"));
        for (String nbf : List.of("null", "\"1\"", "1.5", "[]", "-1")) {
            add("nbf of JSON " + nbf, with("nbf", nbf));
        }
        for (String generation : List.of(
                "null",
                "true",
                "\"2\"",
                "\"\"",
                "2.0",
                "2.5",
                "2e0",
                "0",
                "-0",
                "1",
                "-1",
                "-2147483648",
                "2147483648",
                "-2147483649",
                "4294967298",
                "9223372036854775807",
                "9223372036854775810",
                "18446744073709551618",
                "1".repeat(900),
                "[]",
                "[2]",
                "{}",
                "{\"sid_gen\":2}")) {
            add("sid_gen of JSON " + generation, with("sid_gen", generation));
        }
        for (String id : List.of(
                "",
                "short",
                "A".repeat(65),
                "has space in the middle",
                "A".repeat(23) + "/",
                "é".repeat(24),
                "A".repeat(24) + "\\n",
                "A".repeat(24) + "\\u0000",
                "' or 1=1 --aaaaaaaaaaaaaaa")) {
            add("sid of another form: " + id, with("sid", "\"" + id + "\""));
        }
    }

    private void duplicates() {
        claims.forEach((claim, value) -> {
            String escaped = "\\u%04x%s".formatted((int) claim.charAt(0), claim.substring(1));
            add(
                    claim + " twice",
                    signer.sign(rightHeader, object(claims).replace("}", ",\"" + claim + "\":" + value + "}")));
            add(
                    claim + " twice, once escaped",
                    signer.sign(rightHeader, object(claims).replace("}", ",\"" + escaped + "\":" + value + "}")));
        });
        add("alg twice", signer.sign(rightHeader.replace("}", ",\"alg\":\"" + algorithm + "\"}"), object(claims)));
        add("alg twice, none first", signer.sign("{\"alg\":\"none\"," + rightHeader.substring(1), object(claims)));
        add("typ twice", signer.sign(rightHeader.replace("}", ",\"typ\":\"at+jwt\"}"), object(claims)));
        add("sid_gen twice", signer.sign(rightHeader, object(claims).replace("}", ",\"sid_gen\":2,\"sid_gen\":2}")));
        add(
                "sid_gen twice, once escaped",
                signer.sign(rightHeader, object(claims).replace("}", ",\"sid_gen\":2,\"sid\\u005fgen\":3}")));
        add("a nested member twice", with("own", "{\"a\":1,\"a\":2}"));
        add("a member of a list's object twice", with("own", "[{\"a\":1,\"\\u0061\":2}]"));
    }

    private void encodings() {
        String body = object(claims);
        add("padded", live + "=");
        for (int part = 0; part < 3; part++) {
            String[] parts = live.split("\\.", -1);
            for (String inserted : List.of(" ", "\n", "\r\n", "\t", "%", "+", "/", "=", "\0", "\u00a0")) {
                parts[part] = parts[part].substring(0, 4) + inserted + parts[part].substring(4);
                add("part " + part + " with an inserted " + (int) inserted.charAt(0), String.join(".", parts));
                add("the same, signed", part < 2 ? signer.signEncoded(parts[0], parts[1]) : String.join(".", parts));
                parts = live.split("\\.", -1);
            }
        }
        add("header with stray last bits", signer.signEncoded(strayBits(rightHeader + " "), payload));
        add("payload with stray last bits", signer.signEncoded(header, strayBits(body)));
        int last = signature.length() - 1;
        if (signature.length() % 4 != 0) {
            add(
                    "signature with stray last bits",
                    header + "." + payload + "." + signature.substring(0, last) + next(signature.charAt(last)));
        }
        add("padded payload, signed", signer.signEncoded(header, pad(body)));
        add("payload in UTF-16", signer.sign(rightHeader.getBytes(UTF_8), body.getBytes(UTF_16BE)));
        add("header in UTF-16", signer.sign(rightHeader.getBytes(UTF_16BE), body.getBytes(UTF_8)));
        add("payload after a byte order mark", signer.sign(rightHeader, "\ufeff" + body));
        add("header after a byte order mark", signer.sign("\ufeff" + rightHeader, body));
        Map<String, String> bytes = new LinkedHashMap<>();
        bytes.put("a byte that UTF-8 never has", "\u00ff");
        bytes.put("an overlong slash", "\u00c0\u00af");
        bytes.put("an encoded surrogate", "\u00ed\u00a0\u0080");
        bytes.put("a cut sequence", "\u00e2\u0082");
        bytes.put("beyond Unicode", "\u00f4\u0090\u0080\u0080");
        bytes.forEach((name, text) -> add(
                "payload with " + name,
                signer.sign(
                        rightHeader.getBytes(UTF_8),
                        body.replace("}", ",\"own\":\"" + text + "\"}").getBytes(ISO_8859_1))));
    }

    private void json() {
        String body = object(claims);
        Map<String, String> odd = new LinkedHashMap<>();
        odd.put("empty", "");
        odd.put("blank", "  ");
        odd.put("null", "null");
        odd.put("true", "true");
        odd.put("a number", "1");
        odd.put("a string", "\"x\"");
        odd.put("a list", "[" + body + "]");
        odd.put("empty object", "{}");
        odd.put("cut", body.substring(0, body.length() - 1));
        odd.put("two objects", body + body);
        odd.put("something after it", body + "x");
        odd.put("a NUL after it", body + "\0");
        odd.put("a comma at the end", body.replace("}", ",}"));
        odd.put("a comment", body.replace("{", "{/* */"));
        odd.put("single quotes", body.replace('"', '\''));
        odd.put("names without quotes", body.replaceAll("\"(\\w+)\":", "$1:"));
        odd.put("NaN", body.replace("}", ",\"own\":NaN}"));
        odd.put("a leading zero", body.replace("}", ",\"own\":01}"));
        odd.put("a plus sign", body.replace("}", ",\"own\":+1}"));
        odd.put("a raw line break in a string", body.replace("}", ",\"own\":\"\n\"}"));
        odd.put("an unknown escape", body.replace("}", ",\"own\":\"\\x\"}"));
        odd.forEach((name, text) -> {
            add("payload that is " + name, signer.sign(rightHeader, text));
            String other = text.equals(body + "x") ? rightHeader + "x" : text;
            add("header that is " + name, signer.sign(other, body));
        });
    }

    private void sizes() {
        for (int depth : List.of(65, 1_000, 100_000)) {
            add("list nested " + depth + " deep", with("own", "[".repeat(depth) + "]".repeat(depth)));
            add("object nested " + depth + " deep", with("own", "{\"a\":".repeat(depth) + "1" + "}".repeat(depth)));
            add("list opened " + depth + " times", with("own", "[".repeat(depth)));
        }
        String filled = with("own", "\"\"");
        add(
                "one group of characters too long",
                with("own", "\"" + "x".repeat((8192 - filled.length()) / 4 * 3 + 3) + "\""));
        add("20 MB of payload, signed", with("own", "\"" + "x".repeat(15 << 20) + "\""));
        add("20 MB of dots", ".".repeat(20 << 20));
        add("20 MB of header", "A".repeat(20 << 20) + "." + payload + "." + signature);
        add("20 MB of signature", header + "." + payload + "." + "A".repeat(20 << 20));
        add("20 MB of spaces", " ".repeat(20 << 20));
        add("a number of 7,000 digits", with("own", "1".repeat(5_000)));
    }

    private String with(String claim, String json) {
        Map<String, String> changed = new LinkedHashMap<>(claims);
        changed.put(claim, json);
        return signer.sign(rightHeader, object(changed));
    }

    static String object(Map<String, String> members) {
        StringBuilder json = new StringBuilder();
        members.forEach((name, value) -> json.append(json.isEmpty() ? "{" : ",")
                .append('"')
                .append(name)
                .append("\":")
                .append(value));
        return json.isEmpty() ? "{}" : json.append('}').toString();
    }

    /** A space after the text leaves its last group incomplete, so that it has unused bits. */
    private static String strayBits(String json) {
        String text = incomplete(json);
        String encoded = RawSigner.encode(text.getBytes(UTF_8));
        return encoded.substring(0, encoded.length() - 1) + next(encoded.charAt(encoded.length() - 1));
    }

    private static String pad(String json) {
        return Base64.getUrlEncoder().encodeToString(incomplete(json).getBytes(UTF_8));
    }

    private static String incomplete(String json) {
        return json.length() % 3 == 0 ? json + " " : json;
    }

    private static char next(char digit) {
        return (char) (digit + 1);
    }

    private void add(String name, String token) {
        all.add(new Hostile(name, token));
    }
}
