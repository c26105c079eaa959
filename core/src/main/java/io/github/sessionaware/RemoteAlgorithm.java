package io.github.sessionaware;

import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.UnaryOperator;

/** Lets somebody else sign, trusts nothing of what comes back, and lets java-jwt verify. */
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

    /** Both parts come encoded. */
    @Override
    public byte[] sign(byte[] header, byte[] payload) {
        String content =
                new String(header, StandardCharsets.US_ASCII) + "." + new String(payload, StandardCharsets.US_ASCII);
        byte[] signature = sign(content.getBytes(StandardCharsets.US_ASCII));
        String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        try {
            verifier.verify(PresentedToken.unread(content + "." + encoded, null));
        } catch (JWTVerificationException e) {
            throw new IllegalStateException(
                    "The signer returned no signature by this key and algorithm, " + verifier.getName());
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
        // A copy, because what is verified must be what is given away, whatever the signer does with its array.
        return coordinateBytes == 0 || signature.length == 2 * coordinateBytes
                ? signature.clone()
                : joseSignature(signature);
    }

    private byte[] joseSignature(byte[] der) {
        try {
            return Der.twoNumbers(der, coordinateBytes);
        } catch (Der.Malformed e) {
            throw new IllegalStateException("The signer returned neither DER nor " + 2 * coordinateBytes + " bytes");
        }
    }

    @Override
    public void verify(DecodedJWT token) {
        verifier.verify(token);
    }

    /** Carries what the signer threw past those who would take it for a failure of java-jwt or of their own. */
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
