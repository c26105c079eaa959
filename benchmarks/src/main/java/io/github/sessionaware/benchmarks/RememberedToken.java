package io.github.sessionaware.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.memory.InMemorySessionStore;
import java.io.IOException;
import java.util.List;

/**
 * The heap that one entry of the token cache takes.
 *
 * @param bytes after the token was verified
 * @param bytesOnceRead after the application has read a claim of the token
 */
record RememberedToken(long bytes, long bytesOnceRead) {
    private static final int TOKENS = 10_000;

    static RememberedToken measure() throws IOException, InterruptedException {
        return Heap.inOwnJvm("1g", RememberedToken.class)
                .orElseThrow(() -> new IllegalStateException(TOKENS + " tokens were not verified before the timeout"));
    }

    /** Prints the measurement as JSON. */
    public static void main(String... args) throws IOException {
        InMemorySessionStore store = new InMemorySessionStore();
        SessionAwareTokenService service = Services.withDefaults(store, SignedWith.HS256)
                .verifiedTokenCacheSize(2 * TOKENS)
                .build();
        List<Login> logins = Login.spreadOver(TOKENS, TOKENS);
        logins.forEach(login -> store.create(login.session(), Admission.unconditional()));
        List<Login.Client> clients = Login.clients(logins, TOKENS, SignedWith.HS256);
        // The first call loads classes. They must not count as memory of tokens.
        service.validate(clients.get(0).credentials()).claims();
        long before = Heap.used();
        clients.forEach(client -> service.validate(client.credentials()));
        long verified = Heap.used();
        clients.forEach(client -> service.validate(client.credentials()).claims());
        long read = Heap.used();
        System.out.println(new ObjectMapper()
                .writeValueAsString(new RememberedToken((verified - before) / TOKENS, (read - before) / TOKENS)));
        // This use keeps the service and the tokens reachable until here, so that the collector cannot free them.
        if (!service.validate(clients.get(0).credentials())
                .userId()
                .equals(clients.get(0).userId())) {
            throw new IllegalStateException("The service returned another user than the one of the token");
        }
    }
}
