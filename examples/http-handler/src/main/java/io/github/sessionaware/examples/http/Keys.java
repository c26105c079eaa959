package io.github.sessionaware.examples.http;

import io.github.sessionaware.JwsAlgorithm;
import io.github.sessionaware.KeyRing;
import io.github.sessionaware.KeySource;
import io.github.sessionaware.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** The keys of this installation: a key pair that signs access tokens with ES256, and the secret of refresh tokens. */
final class Keys {
    private final KeyRing ring;
    private final byte[] refreshSecret;

    private Keys(String pem, byte[] refreshSecret) {
        this.ring =
                KeyRing.of(SigningKey.of(JwsAlgorithm.ES256, KeySource.pem(pem).keyPair()));
        this.refreshSecret = refreshSecret;
    }

    static Keys random() {
        return new Keys(newKey(), SecretFile.random());
    }

    static Keys readOrCreate(Path folder) throws IOException {
        OwnerOnly.createFolder(folder);
        byte[] pem =
                SecretFile.readOrCreate(folder.resolve("signing.pem"), newKey().getBytes(StandardCharsets.US_ASCII));
        return new Keys(
                new String(pem, StandardCharsets.ISO_8859_1), SecretFile.readOrCreate(folder.resolve("secret.key")));
    }

    KeyRing ring() {
        return ring;
    }

    byte[] refreshSecret() {
        return refreshSecret;
    }

    private static String newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return pem("PRIVATE KEY", pair.getPrivate().getEncoded())
                    + pem("PUBLIC KEY", pair.getPublic().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
