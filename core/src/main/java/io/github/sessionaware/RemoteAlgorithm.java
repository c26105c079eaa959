package io.github.sessionaware;

import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.UnaryOperator;

/** Signs through a function of the application, and checks each signature that the function returns. */
final class RemoteAlgorithm extends Algorithm {
    private final Algorithm verifier;
    private final UnaryOperator<byte[]> signer;
    private final int coordinateBytes;

    RemoteAlgorithm(Algorithm verifier, UnaryOperator<byte[]> signer) {
        super(verifier.getName(), verifier.toString());
        this.verifier = verifier;
        this.signer = signer;
        this.coordinateBytes = JwsAlgorithm.valueOf(verifier.getName()).coordinateBytes();
    }

    /** Both parts are already encoded in base64url. */
    @Override
    public byte[] sign(byte[] header, byte[] payload) {
        String content =
                new String(header, StandardCharsets.US_ASCII) + "." + new String(payload, StandardCharsets.US_ASCII);
        byte[] signature = sign(content.getBytes(StandardCharsets.US_ASCII));
        String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        try {
            verifier.verify(new UnverifiedToken(content + "." + encoded, null));
        } catch (JWTVerificationException e) {
            throw new IllegalStateException(
                    "The signer returned a signature that this key does not verify with " + verifier.getName());
        }
        return signature;
    }

    @Override
    public byte[] sign(byte[] content) {
        byte[] signature;
        try {
            signature = signer.apply(content);
        } catch (RuntimeException e) {
            throw new SignerFailure(e);
        }
        if (signature == null) {
            throw new IllegalStateException("The signer returned null");
        }
        // The copy cannot change after it was verified, whatever the signer does with its array.
        return coordinateBytes == 0 || signature.length == 2 * coordinateBytes
                ? signature.clone()
                : joseSignature(signature);
    }

    private byte[] joseSignature(byte[] der) {
        try {
            return Der.twoNumbers(der, coordinateBytes);
        } catch (Der.Malformed e) {
            throw new IllegalStateException(
                    "The signer returned neither a signature in DER nor one of " + 2 * coordinateBytes + " bytes");
        }
    }

    @Override
    public void verify(DecodedJWT token) {
        verifier.verify(token);
    }

    /** Carries the signer's exception past code that would take it for a failure of java-jwt or of this library. */
    static final class SignerFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final RuntimeException thrown;

        private SignerFailure(RuntimeException thrown) {
            super(thrown);
            this.thrown = thrown;
        }

        RuntimeException thrown() {
            return thrown;
        }
    }
}
