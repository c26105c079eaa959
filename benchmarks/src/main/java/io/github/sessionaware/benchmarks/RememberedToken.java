package io.github.sessionaware.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.memory.InMemorySessionStore;
import java.io.IOException;
import java.util.List;

/**
 * What a token takes of the heap that a service remembers.
 *
 * @param bytes once it is verified
 * @param bytesOnceRead once the application has asked for one of its claims
 */
record Remembered(long bytes, long bytesOnceRead) {
    private static final int TOKENS = 10_000;

    static Remembered inAProcessOfItsOwn() throws IOException, InterruptedException {
        return Heap.inAProcess("1g", Remembered.class)
                .orElseThrow(() -> new IllegalStateException("Ten thousand tokens took minutes"));
    }

    /** Prints what was measured, as JSON. */
    public static void main(String... args) throws IOException {
        InMemorySessionStore store = new InMemorySessionStore();
        SessionAwareTokenService service = Services.withDefaults(store, SignedWith.HS256)
                .verifiedTokens(2 * TOKENS)
                .build();
        List<Login> logins = Login.spreadOver(TOKENS, TOKENS);
        logins.forEach(login -> store.create(login.session()));
        List<Login.Client> clients = Login.clients(logins, TOKENS, SignedWith.HS256);
        // Loads what the first call loads.
        service.validate(clients.get(0).credentials()).token().getClaims();
        long before = Heap.used();
        clients.forEach(client -> service.validate(client.credentials()));
        long verified = Heap.used();
        clients.forEach(client -> service.validate(client.credentials()).token().getClaims());
        long read = Heap.used();
        System.out.println(new ObjectMapper()
                .writeValueAsString(new Remembered((verified - before) / TOKENS, (read - before) / TOKENS)));
        // Else the tokens themselves and the service might be gone by now.
        if (!service.validate(clients.get(0).credentials())
                .userId()
                .equals(clients.get(0).userId())) {
            throw new IllegalStateException("Taken for another user");
        }
    }
}
