package io.github.sessionaware;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.sessionaware.testing.TestDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bad proofs made for a good challenge, most of them correctly signed with the device's own key. */
final class HostileProofs {
    /**
     * A proof that must be refused.
     *
     * @param wrongSignature whether its signature is the only fault, which a renewal sees only with the session's key
     */
    record Hostile(String name, String proof, boolean wrongSignature) {}

    private final List<Hostile> all = new ArrayList<>();
    private final TestDevice device;
    private final String challenge;
    private final String header;
    private final String payload;
    private final String[] live;

    private HostileProofs(TestDevice device, String challenge, boolean isRegistration) {
        this.device = device;
        this.challenge = challenge;
        this.header = isRegistration ? device.registrationHeader() : device.renewalHeader();
        this.payload = TestDevice.payload(challenge);
        this.live = device.sign(header, payload).split("\\.", -1);
    }

    static List<Hostile> ofRegistration(TestDevice device, String challenge) {
        HostileProofs proofs = new HostileProofs(device, challenge, true);
        proofs.both();
        proofs.keys();
        return List.copyOf(proofs.all);
    }

    static List<Hostile> ofRenewal(TestDevice device, String challenge) {
        HostileProofs proofs = new HostileProofs(device, challenge, false);
        proofs.both();
        proofs.add("a key in a renewal", device.registration(challenge));
        proofs.add("the key of a stranger in a renewal", TestDevice.es256().registration(challenge));
        return List.copyOf(proofs.all);
    }

    private void both() {
        oddStrings();
        signatures();
        algorithms();
        headers();
        claims();
        challenges();
        encodings();
        json();
        sizes();
    }

    private void oddStrings() {
        String whole = String.join(".", live);
        add("a word", "token");
        add("dots", "..");
        add("NUL", "\0");
        add("quotes around it", "\"" + whole + "\"");
        add("a byte sequence of a structured field", ":" + whole + ":");
        add("parameters after it", whole + ";a=1");
        add("a scheme before it", "Bearer " + whole);
        add("a space before it", " " + whole);
        add("two proofs", whole + ", " + whole);
        add("not ASCII", "é.é.é");
        add("lone surrogates", "\ud800.\ud800.\ud800");
        add("one part", live[1]);
        add("two parts", live[0] + "." + live[1]);
        add("a fourth, empty part", whole + ".");
        add("a fourth part", whole + "." + live[2]);
        add("a leading dot", "." + live[1] + "." + live[2]);
        add("no header", "." + live[1] + "." + live[2]);
        add("no payload", live[0] + ".." + live[2]);
        add("parts in another order", live[1] + "." + live[0] + "." + live[2]);
        add("five parts", live[0] + "...." + live[2]);
    }

    private void signatures() {
        String content = live[0] + "." + live[1] + ".";
        wrong("no signature", content);
        for (int length = 1; length < live[2].length(); length += 9) {
            String cut = live[2].substring(0, length);
            if (length % 4 != 1) {
                wrong("signature cut at " + length, content + canonical(cut));
            }
        }
        byte[] bytes = Base64.getUrlDecoder().decode(live[2]);
        for (int i = 0; i < bytes.length; i += 4) {
            byte[] flipped = bytes.clone();
            flipped[i] ^= (byte) (1 << (i % 8));
            wrong("signature with a flipped bit in byte " + i, content + TestDevice.encode(flipped));
        }
        wrong("signature of zeros", content + TestDevice.encode(new byte[bytes.length]));
        byte[] ones = new byte[bytes.length];
        Arrays.fill(ones, (byte) 0xFF);
        wrong("signature of ones", content + TestDevice.encode(ones));
        byte[] order =
                java.util.HexFormat.of().parseHex("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
        wrong("signature of the group's order", content + TestDevice.encode(concat(order, order)));
        wrong(
                "signature in DER",
                content
                        + TestDevice.encode(concat(
                                new byte[] {0x30, 0x44, 0x02, 0x20},
                                concat(
                                        Arrays.copyOf(bytes, 32),
                                        concat(new byte[] {0x02, 0x20}, Arrays.copyOfRange(bytes, 32, 64))))));
        wrong("signature twice", content + TestDevice.encode(concat(bytes, bytes)));
        wrong("signature of a stranger's key", TestDevice.es256().signEncoded(live[0], live[1]));
        wrong("signature of an RSA key", TestDevice.rs256().signEncoded(live[0], live[1]));
        wrong(
                "an HMAC with the public key as its secret",
                RawSigner.mac("HmacSHA256", device.keys().getPublic().getEncoded())
                        .signEncoded(live[0], live[1]));
        wrong(
                "the signature of another payload",
                content + device.sign(header, payload + " ").split("\\.", -1)[2]);
    }

    private void algorithms() {
        for (String name : List.of(
                "none",
                "None",
                "NONE",
                "nOnE",
                "",
                " ",
                "HS256",
                "HS384",
                "HS512",
                "RS384",
                "RS512",
                "PS256",
                "PS384",
                "PS512",
                "ES384",
                "ES512",
                "ES256K",
                "EdDSA",
                "Ed25519",
                "es256",
                "ES256 ",
                "dir",
                "RSA1_5",
                "A128KW",
                "ML-DSA-44")) {
            String named = header.replace("\"ES256\"", "\"" + name + "\"");
            add("alg " + name + ", signed", device.sign(named, payload));
            add("alg " + name + ", unsigned", encode(named) + "." + live[1] + ".");
        }
        for (String json : List.of("null", "true", "1", "[\"ES256\"]", "{\"ES256\":1}")) {
            add("alg of JSON " + json, device.sign(header.replace("\"ES256\"", json), payload));
        }
        add("alg missing", device.sign(header.replace("\"alg\":\"ES256\",", ""), payload));
        String rs256 = header.replace("\"ES256\"", "\"RS256\"");
        wrong("alg of another kind of key", device.sign(rs256, payload));
    }

    private void headers() {
        for (String member : List.of(
                "\"crit\":[]",
                "\"crit\":[\"exp\"]",
                "\"crit\":[\"b64\"],\"b64\":false",
                "\"b64\":false",
                "\"jku\":\"https://attacker.example/keys\"",
                "\"x5u\":\"https://attacker.example/cert\"",
                "\"x5c\":[\"AAAA\"]",
                "\"x5t\":\"AAAA\"",
                "\"zip\":\"DEF\"",
                "\"enc\":\"A256GCM\"",
                "\"cty\":\"JWT\"",
                "\"kid\":\"1\"",
                "\"kid\":\"../../dev/null\"",
                "\"kid\":null",
                "\"jwk\":{}",
                "\"jwk\":null",
                "\"jwk\":\"\"",
                "\"jwk\":[]",
                "\"JWK\":{}",
                "\"alg\":\"ES256\"",
                "\"typ\":\"dbsc+jwt\"",
                "\"\\u0074yp\":\"dbsc+jwt\"",
                "\"unknown\":1")) {
            add(
                    "header with " + member,
                    device.sign(header.substring(0, header.length() - 1) + "," + member + "}", payload));
        }
        for (String typ : List.of(
                "null",
                "1",
                "[\"dbsc+jwt\"]",
                "\"JWT\"",
                "\"at+jwt\"",
                "\"DBSC+JWT\"",
                "\"dpop+jwt\"",
                "\"application/dbsc+jwt\"",
                "\"dbsc+jwt \"",
                "\"\"")) {
            add("typ of JSON " + typ, device.sign(header.replace("\"dbsc+jwt\"", typ), payload));
        }
        add("typ missing", device.sign(header.replace(",\"typ\":\"dbsc+jwt\"", ""), payload));
    }

    private void claims() {
        for (String json : List.of("null", "true", "1", "1.5", "[]", "{}", "[\"" + challenge + "\"]")) {
            add("jti of JSON " + json, device.sign(header, "{\"jti\":" + json + "}"));
        }
        for (String json : List.of("null", "true", "1", "[]", "{}")) {
            add(
                    "authorization of JSON " + json,
                    device.sign(header, "{\"jti\":\"" + challenge + "\",\"authorization\":" + json + "}"));
        }
        add("no claims", device.sign(header, "{}"));
        add("jti in capitals", device.sign(header, "{\"JTI\":\"" + challenge + "\"}"));
        add("jti twice", device.sign(header, "{\"jti\":\"" + challenge + "\",\"jti\":\"" + challenge + "\"}"));
        add(
                "jti twice, once escaped",
                device.sign(header, "{\"jti\":\"" + challenge + "\",\"\\u006ati\":\"" + challenge + "\"}"));
        add("jti in an object", device.sign(header, "{\"a\":{\"jti\":\"" + challenge + "\"}}"));
        add("a nested member twice", device.sign(header, "{\"jti\":\"" + challenge + "\",\"a\":{\"b\":1,\"b\":2}}"));
    }

    private void challenges() {
        String time = challenge.substring(0, challenge.indexOf('~'));
        String hash = challenge.substring(challenge.indexOf('~') + 1);
        Map<String, String> odd = new LinkedHashMap<>();
        odd.put("empty", "");
        odd.put("only a time", time);
        odd.put("only a hash", hash);
        odd.put("without a hash", time + "~");
        odd.put("without a time", "~" + hash);
        odd.put("a millisecond later", (Long.parseLong(time) + 1) + "~" + hash);
        odd.put("a minute earlier", (Long.parseLong(time) - 60_000) + "~" + hash);
        odd.put("with a zero in front", "0" + challenge);
        odd.put("with a sign", "+" + challenge);
        odd.put("at the epoch", "0~" + hash);
        odd.put("before the epoch", "-1~" + hash);
        odd.put("of a huge time", "9".repeat(18) + "~" + hash);
        odd.put("of the latest time", "9".repeat(15) + "~" + hash);
        odd.put("in other digits", "\u0661" + challenge.substring(1));
        odd.put("with a space", challenge + " ");
        odd.put("with a line break", challenge + "\\n");
        odd.put("with a cut hash", challenge.substring(0, challenge.length() - 1));
        odd.put("with a longer hash", challenge + "A");
        odd.put("with another hash", time + "~" + "A".repeat(43));
        odd.put("with a third part", challenge + "~" + hash);
        odd.put("in capitals", challenge.toUpperCase(java.util.Locale.ROOT) + "x");
        odd.put("of SQL", "' or '1'='1");
        odd.put("of 4,000 characters", "A".repeat(4_000));
        odd.forEach((name, text) -> add("challenge " + name, device.sign(header, "{\"jti\":\"" + text + "\"}")));
    }

    private void encodings() {
        add("padded", String.join(".", live) + "=");
        for (int part = 0; part < 3; part++) {
            for (String inserted : List.of(" ", "\n", "\t", "%", "+", "/", "=", "\0", "\u00a0")) {
                String[] parts = live.clone();
                parts[part] = parts[part].substring(0, 4) + inserted + parts[part].substring(4);
                add(
                        "part " + part + " with an inserted " + (int) inserted.charAt(0),
                        part < 2 ? device.signEncoded(parts[0], parts[1]) : String.join(".", parts));
            }
        }
        add("payload in UTF-16", device.signEncoded(live[0], TestDevice.encode(payload.getBytes(UTF_16BE))));
        add("header in UTF-16", device.signEncoded(TestDevice.encode(header.getBytes(UTF_16BE)), live[1]));
        add("payload after a byte order mark", device.sign(header, "\ufeff" + payload));
        add("header after a byte order mark", device.sign("\ufeff" + header, payload));
        for (String bytes : List.of("\u00ff", "\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080")) {
            String text = payload.replace("}", ",\"own\":\"" + bytes + "\"}");
            add(
                    "payload outside of UTF-8, " + (int) bytes.charAt(0),
                    device.signEncoded(live[0], TestDevice.encode(text.getBytes(ISO_8859_1))));
        }
        add("signature with stray last bits", strayBits());
    }

    private void json() {
        Map<String, String> odd = new LinkedHashMap<>();
        odd.put("empty", "");
        odd.put("null", "null");
        odd.put("a number", "1");
        odd.put("a string", "\"x\"");
        odd.put("a list", "[" + payload + "]");
        odd.put("cut", payload.substring(0, payload.length() - 1));
        odd.put("two objects", payload + payload);
        odd.put("something after it", payload + "x");
        odd.put("a comma at the end", payload.replace("}", ",}"));
        odd.put("a comment", payload.replace("{", "{/* */"));
        odd.put("single quotes", payload.replace('"', '\''));
        odd.put("NaN", payload.replace("}", ",\"own\":NaN}"));
        odd.forEach((name, text) -> {
            add("payload that is " + name, device.sign(header, text));
            add("header that is " + name, device.sign(text, payload));
        });
    }

    private void sizes() {
        for (int depth : List.of(65, 100_000)) {
            add(
                    "list nested " + depth + " deep",
                    device.sign(
                            header, payload.replace("}", ",\"own\":" + "[".repeat(depth) + "]".repeat(depth) + "}")));
        }
        add("a long claim", device.sign(header, payload.replace("}", ",\"own\":\"" + "x".repeat(7_000) + "\"}")));
        add("5 MB of payload, signed", device.sign(header, payload.replace("}", "," + " ".repeat(5 << 20) + "}")));
        add("5 MB of dots", ".".repeat(5 << 20));
        add("5 MB of header", "A".repeat(5 << 20) + "." + live[1] + "." + live[2]);
        add("5 MB of signature", live[0] + "." + live[1] + "." + "A".repeat(5 << 20));
    }

    /** Registrations whose key is weak, foreign, private or none. */
    private void keys() {
        String jwk = device.jwk();
        Map<String, String> odd = new LinkedHashMap<>();
        odd.put("null", "null");
        odd.put("a string", "\"x\"");
        odd.put("a list", "[" + jwk + "]");
        odd.put("empty", "{}");
        odd.put("a secret", "{\"kty\":\"oct\",\"k\":\"AAAA\"}");
        odd.put("an Edwards key", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + "A".repeat(43) + "\"}");
        odd.put("with its private part", jwk.replace("}", ",\"d\":\"" + "A".repeat(43) + "\"}"));
        odd.put("with a member more", jwk.replace("}", ",\"kid\":\"1\"}"));
        odd.put("with a use", jwk.replace("}", ",\"use\":\"sig\"}"));
        odd.put("with x twice", jwk.replace("}", ",\"x\":\"" + "A".repeat(43) + "\"}"));
        odd.put("without y", jwk.replaceFirst(",\"y\":\"[^\"]*\"", ""));
        odd.put("without kty", jwk.replace("\"kty\":\"EC\",", ""));
        odd.put("of kty ec", jwk.replace("\"EC\"", "\"ec\""));
        odd.put("of kty RSA", jwk.replace("\"EC\"", "\"RSA\""));
        odd.put("of a number", jwk.replaceFirst("\"x\":\"[^\"]*\"", "\"x\":1"));
        odd.put("said to be on P-384", jwk.replace("P-256", "P-384"));
        odd.put("said to be on secp256k1", jwk.replace("P-256", "secp256k1"));
        odd.put("off the curve", jwk.replaceFirst("\"x\":\"[^\"]*\"", "\"x\":\"" + "A".repeat(43) + "\""));
        odd.put("the point 0, 0", jwk.replaceAll("\"([xy])\":\"[^\"]*\"", "\"$1\":\"" + "A".repeat(43) + "\""));
        odd.put("with a short coordinate", jwk.replaceFirst("\"x\":\"[^\"]*\"", "\"x\":\"AAAA\""));
        odd.put("with a long coordinate", jwk.replaceFirst("\"x\":\"", "\"x\":\"AAAA"));
        odd.put("with a padded coordinate", jwk.replaceFirst("(\"x\":\"[^\"]*)\"", "$1=\""));
        odd.put("with an x above the field", jwk.replaceFirst("\"x\":\"[^\"]*\"", "\"x\":\"" + "_".repeat(42) + "8\""));
        odd.forEach((name, json) -> add("key that is " + name, device.sign(header.replace(jwk, json), payload)));
        String besides = jwk.substring(1, jwk.length() - 1);
        add(
                "null, with the members of a key beside it",
                device.sign("{\"alg\":\"ES256\",\"typ\":\"dbsc+jwt\",\"jwk\":null," + besides + "}", payload));
        TestDevice other = TestDevice.onCurve("secp384r1");
        add("key on P-384", other.sign(other.registrationHeader(), payload));
        TestDevice third = TestDevice.onCurve("secp521r1");
        add("key on P-521", third.sign(third.registrationHeader(), payload));
        add("RSA key of 1024 bits", TestDevice.rs256(1024).registration(challenge));
        TestDevice rsa = TestDevice.rs256();
        add("RSA key under ES256", rsa.sign(rsa.registrationHeader().replace("RS256", "ES256"), payload));
        add("RSA key under PS256", rsa.sign(rsa.registrationHeader().replace("RS256", "PS256"), payload));
        for (String e : List.of("AQ", "Aw", "AA", "", "AAEAAQ", "AQAA", "A".repeat(400))) {
            add(
                    "RSA key with the exponent " + e,
                    rsa.sign(rsa.registrationHeader().replace("AQAB", e), payload));
        }
        String n = rsa.jwk().replaceFirst(".*\"n\":\"([^\"]*)\".*", "$1");
        for (String modulus :
                List.of("AA" + n, "", n.substring(0, 44), n + n + n, n.substring(0, n.length() - 1) + "A")) {
            add(
                    "RSA key with the modulus " + modulus,
                    rsa.sign(rsa.registrationHeader().replace(n, modulus), payload));
        }
        for (String member : List.of("\"d\":\"AAAA\"", "\"kid\":\"1\"", "\"x\":\"AAAA\"")) {
            add(
                    "RSA key with " + member,
                    rsa.sign(rsa.registrationHeader().replace("\"kty\"", member + ",\"kty\""), payload));
        }
        for (String type : List.of("EC", "oct", "rsa", "")) {
            add(
                    "RSA key of the type " + type,
                    rsa.sign(rsa.registrationHeader().replace("\"RSA\"", "\"" + type + "\""), payload));
        }
        add("no key", device.renewal(challenge));
        add("the key of another", device.sign(TestDevice.es256().registrationHeader(), payload));
    }

    private String strayBits() {
        byte[] bytes = Base64.getUrlDecoder().decode(live[2]);
        // 64 bytes leave one byte for the last group, of whose last character only two bits count.
        String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int last = digits.indexOf(live[2].charAt(live[2].length() - 1));
        return live[0] + "." + live[1] + "." + live[2].substring(0, live[2].length() - 1)
                + digits.charAt(last + (bytes.length % 3 == 0 ? 0 : 1));
    }

    /** Clears the bits of the last character that no byte needs. */
    private static String canonical(String cut) {
        return TestDevice.encode(Base64.getUrlDecoder().decode(cut));
    }

    private static String encode(String text) {
        return TestDevice.encode(text.getBytes(UTF_8));
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private void add(String name, String proof) {
        all.add(new Hostile(name, proof, false));
    }

    private void wrong(String name, String proof) {
        all.add(new Hostile(name, proof, true));
    }
}
