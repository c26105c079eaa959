package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.Der.Element;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

/** Reads keys in PEM (RFC 7468). The JDK reads PKCS#8 and X.509; older forms are converted into these. */
final class PemSource implements KeySource {
    private static final int MAX_LENGTH = 64 * 1024;
    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----");

    /** Bounds the work that one file can cause. OpenSSL's default is 2,048 iterations. */
    private static final int MAX_ITERATIONS = 5_000_000;

    private static final String KINDS =
            " (RSA, or EC on P-256, P-384 or P-521 with a named curve and an uncompressed point)";
    private static final String PRIVATE_KEY = "private key" + KINDS;

    private static final byte[] VERSION_0 = {Der.INTEGER, 1, 0};

    /** The object identifiers of the algorithms, in DER. RSA has no parameters. */
    private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d010101");

    private static final byte[] NO_PARAMETERS = {0x05, 0};
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

    /** The tags of the curve and of the public key in SEC 1 (RFC 5915). */
    private static final int CURVE_TAG = 0xA0;

    private static final int PUBLIC_KEY_TAG = 0xA1;

    private final List<Block> privateBlocks;
    private final List<Block> publicBlocks;

    /** What the message says was found if the text has no complete block. */
    private final String foundInstead;

    PemSource(String pem) {
        this.foundInstead = pem.contains("-----BEGIN ") ? "one that is incomplete or malformed" : "none";
        if (pem.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "Expected PEM of at most " + MAX_LENGTH + " characters, found " + pem.length());
        }
        Map<Boolean, List<Block>> blocks = blocks(pem).stream()
                .filter(block -> !block.label().equals("EC PARAMETERS"))
                .collect(Collectors.partitioningBy(block -> block.label().endsWith("PUBLIC KEY")));
        this.publicBlocks = blocks.getOrDefault(true, List.of());
        this.privateBlocks = blocks.getOrDefault(false, List.of());
    }

    /** Returns the blocks before the first one that has no end. */
    private static List<Block> blocks(String pem) {
        List<Block> blocks = new ArrayList<>();
        Matcher begin = BEGIN.matcher(pem);
        int from = 0;
        while (begin.find(from)) {
            String end = "-----END " + begin.group(1) + "-----";
            int at = pem.indexOf(end, begin.end());
            if (at < 0) {
                return blocks;
            }
            blocks.add(new Block(begin.group(1), pem.substring(begin.end(), at)));
            from = at + end.length();
        }
        return blocks;
    }

    @Override
    public KeyPair keyPair() {
        Block block = privateBlock("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY");
        return read(PRIVATE_KEY, () -> keyPair(block.pkcs8()));
    }

    @Override
    public KeyPair keyPair(char[] password) {
        requireNonNull(password, "password");
        for (char each : password) {
            if (each < 0x20 || each > 0x7E) {
                throw new IllegalArgumentException(
                        "Expected a password of printable ASCII characters, found others; this Java platform"
                                + " accepts no others");
            }
        }
        privateBlocks.forEach(Block::requireNotOfOpenSsl);
        Block block = privateBlock("ENCRYPTED PRIVATE KEY");
        byte[] pkcs8 = read("private key with this password", () -> decrypted(block.der(), password));
        return read(PRIVATE_KEY, () -> keyPair(pkcs8));
    }

    @Override
    public PublicKey publicKey() {
        if (publicBlocks.size() != 1 || !privateBlocks.isEmpty()) {
            throw unexpected("PUBLIC KEY", "RSA PUBLIC KEY");
        }
        return readPublic(publicBlocks.get(0));
    }

    private Block privateBlock(String... expected) {
        if (privateBlocks.size() != 1
                || publicBlocks.size() > 1
                || !List.of(expected).contains(privateBlocks.get(0).label())) {
            throw unexpected(expected);
        }
        return privateBlocks.get(0);
    }

    private KeyPair keyPair(byte[] pkcs8) throws GeneralSecurityException {
        PrivateKey privateKey = keyFactory(Der.sequence(pkcs8).get(1)).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        return new KeyPair(
                publicBlocks.isEmpty() ? derived(privateKey, pkcs8) : readPublic(publicBlocks.get(0)), privateKey);
    }

    private static PublicKey derived(PrivateKey privateKey, byte[] pkcs8) throws GeneralSecurityException {
        if (privateKey instanceof RSAPrivateCrtKey rsa) {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
        }
        List<Element> parts = Der.sequence(pkcs8);
        byte[] point = child(Der.sequence(parts.get(2).content()), PUBLIC_KEY_TAG)
                .orElseThrow(() -> new IllegalArgumentException(
                        "Expected a private key that contains its public key, found one without it; add the block"
                                + " that openssl pkey -pubout writes"));
        byte[] x509 = Der.encoded(Der.SEQUENCE, parts.get(1).encoded(), point);
        return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(x509));
    }

    private static PublicKey readPublic(Block block) {
        return read("public key" + KINDS, () -> {
            byte[] x509 = block.x509();
            return keyFactory(Der.sequence(x509).get(0)).generatePublic(new X509EncodedKeySpec(x509));
        });
    }

    private static KeyFactory keyFactory(Element algorithm) throws GeneralSecurityException {
        byte[] name = algorithm.children().get(0).encoded();
        if (Arrays.equals(name, RSA)) {
            return KeyFactory.getInstance("RSA");
        }
        if (Arrays.equals(name, EC)) {
            return KeyFactory.getInstance("EC");
        }
        throw new IllegalArgumentException("Expected an RSA or elliptic curve key, found one of the algorithm "
                + Der.objectId(algorithm.children().get(0).content()));
    }

    /**
     * Decrypts a private key. The JDK has its own names for the schemes of PKCS#5, which only the parameters reveal.
     */
    private static byte[] decrypted(byte[] der, char[] password) throws GeneralSecurityException, IOException {
        // After this check, an IOException of the JDK means that it does not know the encryption scheme.
        List<Integer> tags = Der.sequence(der).stream().map(Element::tag).toList();
        if (!tags.equals(List.of(Der.SEQUENCE, Der.OCTET_STRING))) {
            throw new InvalidKeySpecException();
        }
        PBEKeySpec spec = new PBEKeySpec(password);
        try {
            EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(der);
            if (encrypted.getAlgParameters() == null) {
                throw new NoSuchAlgorithmException();
            }
            int iterations = encrypted
                    .getAlgParameters()
                    .getParameterSpec(PBEParameterSpec.class)
                    .getIterationCount();
            if (iterations > MAX_ITERATIONS) {
                throw new IllegalArgumentException("Expected an encryption of at most " + MAX_ITERATIONS
                        + " iterations, found one of " + iterations);
            }
            String scheme = encrypted.getAlgName().startsWith("PBEWith")
                    ? encrypted.getAlgName()
                    : encrypted.getAlgParameters().toString();
            Cipher cipher = Cipher.getInstance(scheme);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(scheme).generateSecret(spec),
                    encrypted.getAlgParameters());
            return encrypted.getKeySpec(cipher).getEncoded();
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalArgumentException(
                    "Expected an encryption that this Java platform knows, such as PBES2 with"
                            + " AES-128 or AES-256, found another one; convert it with openssl pkcs8 -topk8");
        } finally {
            spec.clearPassword();
        }
    }

    private static Optional<byte[]> child(List<Element> elements, int tag) {
        return elements.stream()
                .filter(element -> element.tag() == tag)
                .map(Element::content)
                .findFirst();
    }

    /** Drops the JDK's exceptions, because they may quote the key. */
    private static <T> T read(String what, Reader<T> reader) {
        try {
            return reader.read();
        } catch (GeneralSecurityException | IOException | IndexOutOfBoundsException | Der.Malformed e) {
            throw new IllegalArgumentException("Expected a " + what + ", found one that cannot be read");
        }
    }

    private IllegalArgumentException unexpected(String... expected) {
        List<String> found = Stream.concat(privateBlocks.stream(), publicBlocks.stream())
                .map(Block::label)
                .toList();
        boolean needsPassword =
                found.contains("ENCRYPTED PRIVATE KEY") && List.of(expected).contains("PRIVATE KEY");
        return new IllegalArgumentException("Expected one block of PEM, " + String.join(" or ", expected) + ", found "
                + (found.isEmpty() ? foundInstead : String.join(", ", found))
                + (needsPassword ? "; call keyPair(password)" : ""));
    }

    @Override
    public String toString() {
        return "KeySource[PEM]";
    }

    private interface Reader<T> {
        T read() throws GeneralSecurityException, IOException;
    }

    private record Block(String label, String content) {

        void requireNotOfOpenSsl() {
            if (content.contains("Proc-Type")) {
                throw new IllegalArgumentException("Expected PKCS#8, found OpenSSL's own encryption of " + label
                        + "; convert it with openssl pkcs8 -topk8");
            }
        }

        byte[] der() {
            requireNotOfOpenSsl();
            try {
                return Base64.getDecoder().decode(content.replaceAll("\\s", ""));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("Expected base64 in " + label + ", found something else");
            }
        }

        byte[] pkcs8() {
            return switch (label) {
                case "RSA PRIVATE KEY" -> pkcs8(Der.encoded(Der.SEQUENCE, RSA, NO_PARAMETERS), der());
                case "EC PRIVATE KEY" -> pkcs8(Der.encoded(Der.SEQUENCE, EC, curve(der())), der());
                default -> der();
            };
        }

        byte[] x509() {
            return label.equals("RSA PUBLIC KEY")
                    ? Der.encoded(
                            Der.SEQUENCE,
                            Der.encoded(Der.SEQUENCE, RSA, NO_PARAMETERS),
                            Der.encoded(Der.BIT_STRING, new byte[1], der()))
                    : der();
        }

        @Override
        public String toString() {
            return label;
        }

        private static byte[] pkcs8(byte[] algorithm, byte[] key) {
            return Der.encoded(Der.SEQUENCE, VERSION_0, algorithm, Der.encoded(Der.OCTET_STRING, key));
        }

        private static byte[] curve(byte[] sec1) {
            return child(Der.sequence(sec1), CURVE_TAG)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "Expected a key that names its curve, found one without a curve"));
        }
    }
}
