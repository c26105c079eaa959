package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PublicKey;

/**
 * Where an RSA or elliptic curve key is kept: PEM (RFC 7468) or a {@link KeyStore}. What is there but is not what was
 * asked for is refused with {@link IllegalArgumentException}, whose message names what was found and what was expected,
 * and nothing of the key.
 *
 * <pre>{@code
 * SigningKey key = SigningKey.ecdsa256(KeySource.pemFile(Path.of("signing.pem")).keyPair());
 * }</pre>
 *
 * <p>Immutable and thread-safe. Keeps what it was given, secrets included, as long as it lives itself.
 */
public sealed interface KeySource permits PemSource, KeyStoreSource {

    /**
     * A key in PEM.
     *
     * @param pem text with one private key (PKCS#8, encrypted or not, PKCS#1 or SEC 1), with its public key or without;
     *     or, to be asked for nothing but {@link #publicKey}, with one public key ({@code PUBLIC KEY} or PKCS#1's);
     *     text around them is skipped
     * @return the source
     * @throws IllegalArgumentException if the text is longer than 65,536 characters
     */
    static KeySource pem(String pem) {
        return new PemSource(requireNonNull(pem, "pem"));
    }

    /**
     * A key in a PEM file, which is read now.
     *
     * @param file the file, as for {@link #pem}
     * @return the source
     * @throws UncheckedIOException if the file cannot be read
     * @throws IllegalArgumentException as by {@link #pem}
     */
    static KeySource pemFile(Path file) {
        try {
            return new PemSource(Files.readString(requireNonNull(file, "file"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A private key and its certificate in a key store, for instance a PKCS#12 file.
     *
     * @param keyStore the store, loaded
     * @param alias the entry's name
     * @return the source
     */
    static KeySource keyStore(KeyStore keyStore, String alias) {
        return new KeyStoreSource(requireNonNull(keyStore, "keyStore"), requireNonNull(alias, "alias"));
    }

    /**
     * The private key, which must not be encrypted, and its public key. PEM of an elliptic curve key must carry the
     * public key along, as OpenSSL writes it, or have it as a second block.
     *
     * @return both
     * @throws IllegalArgumentException if something else was found
     */
    KeyPair keyPair();

    /**
     * The private key, which must be encrypted, and its public key.
     *
     * @param password what it is encrypted with, for PEM printable ASCII characters; not kept
     * @return both
     * @throws IllegalArgumentException if something else was found, or the password is wrong
     */
    KeyPair keyPair(char[] password);

    /**
     * The public key, or the one in the certificate of a key store.
     *
     * @return the key
     * @throws IllegalArgumentException if something else was found
     */
    PublicKey publicKey();
}
