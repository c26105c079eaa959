package io.github.sessionaware.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.ExperimentalBoundSessions;
import io.github.sessionaware.ExperimentalDeviceBinding;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.memory.InMemorySessionStore;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Measures the renewal of a session that is bound to a device's key beside a refresh: the same session, with one read
 * and one write each. The device signs outside of the measurement.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the methods of setup.
public class RenewalBenchmark {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /** Where the sessions are. */
    public enum Store {
        MEMORY,
        POSTGRES
    }

    @Param
    public Store store;

    private SessionAwareTokenService service;
    private ExperimentalBoundSessions boundSessions;
    private KeyPair key;
    private IssuedTokens refreshed;
    private IssuedTokens bound;
    private String identifier;
    private String proof;
    private @Nullable HikariDataSource pool;

    @Setup
    public void logIn() throws Exception {
        pool = store == Store.POSTGRES ? Postgres.pool(Plan.FEW) : null;
        SessionStore sessions = pool == null ? new InMemorySessionStore() : Services.storeOn(pool);
        byte[] secret = new byte[32];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) (i * 7 + 3);
        }
        service = Services.withDefaults(sessions, SignedWith.HS256)
                .refreshTokens(secret)
                .deviceBinding(ExperimentalDeviceBinding.defaults())
                .build();
        boundSessions = service.boundSessions();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        key = generator.generateKeyPair();
        refreshed = service.issue(IssueBenchmark.USER, Login.CLIENT);
        IssuedTokens login = service.issue(IssueBenchmark.USER, Login.CLIENT);
        ECPublicKey point = (ECPublicKey) key.getPublic();
        String jwk = "\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\""
                + coordinate(point.getW().getAffineX().toByteArray()) + "\",\"y\":\""
                + coordinate(point.getW().getAffineY().toByteArray()) + "\"},";
        bound = boundSessions.bind(
                service.validate(login.accessToken()),
                proof(jwk, boundSessions.registrationChallenge(login)),
                ClientInfo::unknown);
        identifier = boundSessions.identifier(bound);
    }

    @TearDown
    public void close() {
        if (pool != null) {
            pool.close();
        }
    }

    /** A call takes much longer than this costs in clock reads. */
    @Setup(Level.Invocation)
    public void sign() throws GeneralSecurityException {
        proof = proof("", boundSessions.nextChallenge(bound));
    }

    @Benchmark
    public IssuedTokens refresh() {
        refreshed = service.refresh(refreshed.refreshToken(), Login.CLIENT);
        return refreshed;
    }

    @Benchmark
    public IssuedTokens renew() {
        bound = boundSessions.renew(identifier, proof, () -> Login.CLIENT);
        return bound;
    }

    private String proof(String jwk, String challenge) throws GeneralSecurityException {
        String content = encoded("{\"alg\":\"ES256\"," + jwk + "\"typ\":\"dbsc+jwt\"}") + "."
                + encoded("{\"jti\":\"" + challenge + "\"}");
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(key.getPrivate());
        signature.update(content.getBytes(US_ASCII));
        return content + "." + ENCODER.encodeToString(signature.sign());
    }

    private static String encoded(String json) {
        return ENCODER.encodeToString(json.getBytes(US_ASCII));
    }

    private static String coordinate(byte[] number) {
        byte[] padded = new byte[32];
        byte[] last = number.length > 32 ? Arrays.copyOfRange(number, number.length - 32, number.length) : number;
        System.arraycopy(last, 0, padded, 32 - last.length, last.length);
        return ENCODER.encodeToString(padded);
    }
}
