package io.github.sessionaware;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs any bytes at all, so that a bad token can carry a good signature and only the checks of form can stop it. */
final class RawSigner {
    private final SignatureOf signatureOf;

    private RawSigner(SignatureOf signatureOf) {
        this.signatureOf = signatureOf;
    }

    static RawSigner mac(String macAlgorithm, byte[] secret) {
        return new RawSigner(content -> {
            Mac mac = Mac.getInstance(macAlgorithm);
            mac.init(new SecretKeySpec(secret, macAlgorithm));
            return mac.doFinal(content);
        });
    }

    static RawSigner signature(String signatureAlgorithm, PrivateKey key) {
        return new RawSigner(content -> {
            Signature signature = Signature.getInstance(signatureAlgorithm);
            signature.initSign(key);
            signature.update(content);
            return signature.sign();
        });
    }

    static RawSigner pss(String hash, int saltBytes, PrivateKey key) {
        return new RawSigner(content -> {
            Signature signature = Signature.getInstance("RSASSA-PSS");
            signature.setParameter(new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), saltBytes, 1));
            signature.initSign(key);
            signature.update(content);
            return signature.sign();
        });
    }

    String sign(String header, String payload) {
        return sign(header.getBytes(UTF_8), payload.getBytes(UTF_8));
    }

    String sign(byte[] header, byte[] payload) {
        return signEncoded(encode(header), encode(payload));
    }

    String signEncoded(String header, String payload) {
        String content = header + "." + payload;
        return content + "." + encode(bytesOf(content));
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private byte[] bytesOf(String content) {
        try {
            return signatureOf.apply(content.getBytes(US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface SignatureOf {
        byte[] apply(byte[] content) throws GeneralSecurityException;
    }
}
