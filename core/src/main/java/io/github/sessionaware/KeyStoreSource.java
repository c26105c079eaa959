package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.TreeSet;

/** Reads an entry of a key store. */
record KeyStoreSource(KeyStore keyStore, String alias) implements KeySource {

    /**
     * Passes an empty password, because some key stores, such as one of the operating system, ask for it themselves.
     */
    @Override
    public KeyPair keyPair() {
        return keyPair(new char[0]);
    }

    @Override
    public KeyPair keyPair(char[] password) {
        requireNonNull(password, "password");
        PublicKey publicKey = publicKey();
        try {
            Key key = keyStore.getKey(alias, password);
            if (key instanceof PrivateKey privateKey) {
                return new KeyPair(publicKey, privateKey);
            }
        } catch (UnrecoverableKeyException e) {
            throw new IllegalArgumentException(
                    password.length == 0
                            ? "The key store's private key needs a password: call keyPair(password)"
                            : "The password does not open the key store's private key");
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("The key store failed to return its private key: "
                    + e.getClass().getName());
        }
        throw new IllegalArgumentException("Expected a private key in the key store, found a certificate only");
    }

    @Override
    public PublicKey publicKey() {
        try {
            if (!keyStore.containsAlias(alias)) {
                throw new IllegalArgumentException("Expected a private key with its certificate under \"" + alias
                        + "\", found no such entry; the entries are "
                        + new TreeSet<>(Collections.list(keyStore.aliases())));
            }
            Certificate certificate = keyStore.getCertificate(alias);
            if (certificate == null) {
                throw new IllegalArgumentException("Expected a certificate in the key store, found a secret key");
            }
            return certificate.getPublicKey();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("The key store cannot be read; load it first", e);
        }
    }

    @Override
    public String toString() {
        return "KeySource[key store]";
    }
}
