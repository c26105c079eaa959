package io.github.sessionaware.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** A device with a key of its own, which makes the proofs that a browser makes, and any others. */
public final class TestDevice {
    private final String algorithm;
    private final KeyPair keys;

    private TestDevice(String algorithm, KeyPair keys) {
        this.algorithm = algorithm;
        this.keys = keys;
    }

    public static TestDevice es256() {
        return onCurve("secp256r1");
    }

    public static TestDevice onCurve(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return new TestDevice("ES256", generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A device with an RSA key of 2048 bits. All such devices of a process have the same, which takes long to make. */
    public static TestDevice rs256() {
        return Rsa.DEVICE;
    }

    private static final class Rsa {
        static final TestDevice DEVICE = rs256(2048);
    }

    public static TestDevice rs256(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return new TestDevice("RS256", generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public KeyPair keys() {
        return keys;
    }

    /** Returns the public key as the header of a registration has it. */
    public String jwk() {
        if (keys.getPublic() instanceof RSAPublicKey rsa) {
            return "{\"e\":\"" + number(rsa.getPublicExponent(), 0) + "\",\"kty\":\"RSA\",\"n\":\""
                    + number(rsa.getModulus(), 0) + "\"}";
        }
        ECPublicKey ec = (ECPublicKey) keys.getPublic();
        int bytes = (ec.getParams().getCurve().getField().getFieldSize() + 7) / 8;
        return "{\"crv\":\"P-" + ec.getParams().getCurve().getField().getFieldSize() + "\",\"kty\":\"EC\",\"x\":\""
                + number(ec.getW().getAffineX(), bytes) + "\",\"y\":\""
                + number(ec.getW().getAffineY(), bytes) + "\"}";
    }

    public String registrationHeader() {
        return "{\"alg\":\"" + algorithm + "\",\"jwk\":" + jwk() + ",\"typ\":\"dbsc+jwt\"}";
    }

    public String renewalHeader() {
        return "{\"alg\":\"" + algorithm + "\",\"typ\":\"dbsc+jwt\"}";
    }

    public static String payload(String challenge) {
        return "{\"jti\":\"" + challenge + "\"}";
    }

    public String registration(String challenge) {
        return sign(registrationHeader(), payload(challenge));
    }

    public String renewal(String challenge) {
        return sign(renewalHeader(), payload(challenge));
    }

    public String sign(String header, String payload) {
        return signEncoded(encode(header.getBytes(UTF_8)), encode(payload.getBytes(UTF_8)));
    }

    public String signEncoded(String header, String payload) {
        String content = header + "." + payload;
        try {
            Signature signature = Signature.getInstance(
                    keys.getPublic() instanceof RSAPublicKey ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            signature.initSign(keys.getPrivate());
            signature.update(content.getBytes(US_ASCII));
            return content + "." + encode(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String number(BigInteger number, int minBytes) {
        byte[] signed = number.toByteArray();
        int zeros = signed[0] == 0 ? 1 : 0;
        byte[] padded = new byte[Math.max(minBytes, signed.length - zeros)];
        System.arraycopy(signed, zeros, padded, padded.length - (signed.length - zeros), signed.length - zeros);
        return encode(padded);
    }
}
