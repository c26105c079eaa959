package io.github.sessionaware.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.benchmarks.Login.Client;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * HS256 as fast as we could write it without a token cache: a constant header, one {@code Mac} per thread, a streaming
 * parser and a map.
 */
final class HandWritten implements Authenticator {
    private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(HandWritten::newMac);

    private final JsonFactory json = new JsonFactory();
    private final ConcurrentHashMap<String, SessionRecord> sessions = new ConcurrentHashMap<>();
    private String header = "";

    @Override
    public List<Client> logIn(int clients) {
        List<Login> logins = Login.spreadOver(clients, clients);
        logins.forEach(login -> sessions.put(login.sessionId(), login.session()));
        List<Client> loggedIn = Login.clients(logins, clients, SignedWith.HS256);
        String token = loggedIn.get(0).credentials();
        header = token.substring(0, token.indexOf('.') + 1);
        return loggedIn;
    }

    @Override
    public String userOf(String token) throws IOException {
        Claims claims = verify(token);
        SessionRecord session = claims.sid == null ? null : sessions.get(claims.sid);
        if (session == null
                || !session.userId().equals(claims.sub)
                || session.expiresAt().toEpochMilli() <= System.currentTimeMillis()) {
            throw new Refused();
        }
        return session.userId();
    }

    private Claims verify(String token) throws IOException {
        int dot = token.lastIndexOf('.');
        if (!token.startsWith(header) || dot < header.length()) {
            throw new Refused();
        }
        byte[] bytes = token.getBytes(StandardCharsets.ISO_8859_1);
        Mac mac = MAC.get();
        mac.update(bytes, 0, dot);
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
        if (!MessageDigest.isEqual(mac.doFinal(), signature)) {
            throw new Refused();
        }
        Claims claims = read(Base64.getUrlDecoder().decode(token.substring(header.length(), dot)));
        if (!Login.ISSUER.equals(claims.iss)
                || !Login.ISSUER.equals(claims.aud)
                || claims.exp <= System.currentTimeMillis() / 1000) {
            throw new Refused();
        }
        return claims;
    }

    private Claims read(byte[] payload) throws IOException {
        Claims claims = new Claims();
        try (JsonParser parser = json.createParser(payload)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "iss" -> claims.iss = parser.getText();
                    case "aud" -> claims.aud = parser.getText();
                    case "sub" -> claims.sub = parser.getText();
                    case "sid" -> claims.sid = parser.getText();
                    case "exp" -> claims.exp = parser.getLongValue();
                    default -> parser.skipChildren();
                }
            }
        }
        return claims;
    }

    @Override
    public boolean logOut(String token) throws IOException {
        String sid = verify(token).sid;
        return sid != null && sessions.remove(sid) != null;
    }

    private static Mac newMac() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SignedWith.SECRET, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Claims {
        private @Nullable String iss;
        private @Nullable String aud;
        private @Nullable String sub;
        private @Nullable String sid;
        private long exp;
    }
}
