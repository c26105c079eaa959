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
 * Reads an RSA or elliptic curve key from PEM (RFC 7468) or from a {@link KeyStore}. If the source contains something
 * else than the caller asks for, the methods throw {@link IllegalArgumentException}. The message says what was found
 * and what was expected, and contains nothing of the key.
 *
 * <pre>{@code
 * SigningKey key = SigningKey.of(JwsAlgorithm.ES256, KeySource.pemFile(Path.of("signing.pem")).keyPair());
 * }</pre>
 *
 * <p>Immutable and thread-safe. A source keeps its input in memory, secrets included, for as long as it exists.
 */
public sealed interface KeySource permits PemSource, KeyStoreSource {

    /**
     * Creates a source from PEM text.
     *
     * @param pem text with one private key (PKCS#8, encrypted or not, PKCS#1 or SEC 1), with its public key or without.
     *     If only {@link #publicKey} will be called: text with one public key ({@code PUBLIC KEY} or PKCS#1). Other
     *     text around the keys is skipped
     * @return the source
     * @throws IllegalArgumentException if the text is longer than 65,536 characters
     */
    static KeySource pem(String pem) {
        return new PemSource(requireNonNull(pem, "pem"));
    }

    /**
     * Creates a source from a PEM file, which is read at once.
     *
     * @param file the file, with content as for {@link #pem}
     * @return the source
     * @throws UncheckedIOException if the file cannot be read
     * @throws IllegalArgumentException as {@link #pem} does
     */
    static KeySource pemFile(Path file) {
        try {
            return new PemSource(Files.readString(requireNonNull(file, "file"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Creates a source from an entry of a key store, such as a PKCS#12 file: a private key and its certificate.
     *
     * @param keyStore the key store, loaded
     * @param alias the name of the entry
     * @return the source
     */
    static KeySource keyStore(KeyStore keyStore, String alias) {
        return new KeyStoreSource(requireNonNull(keyStore, "keyStore"), requireNonNull(alias, "alias"));
    }

    /**
     * Returns the private key, which must not be encrypted, and its public key. An elliptic curve key in PEM must
     * contain its public key, as OpenSSL writes it, or the text must contain the public key in a second block.
     *
     * @return both keys
     * @throws IllegalArgumentException if something else was found
     */
    KeyPair keyPair();

    /**
     * Returns the private key, which must be encrypted, and its public key.
     *
     * @param password the password of the private key, for PEM in printable ASCII characters; not kept
     * @return both keys
     * @throws IllegalArgumentException if something else was found, or the password is wrong
     */
    KeyPair keyPair(char[] password);

    /**
     * Returns the public key, which for a key store is the one in the certificate.
     *
     * @return the key
     * @throws IllegalArgumentException if something else was found
     */
    PublicKey publicKey();
}
