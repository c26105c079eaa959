package io.github.sessionaware.benchmarks;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.benchmarks.Login.Client;
import io.github.sessionaware.memory.InMemorySessionStore;
import java.util.List;
import java.util.function.BiFunction;

/** This library on the in-memory store. */
final class OursInMemory implements Ours {
    private final SignedWith signedWith;
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final SessionAwareTokenService service;

    OursInMemory(
            SignedWith signedWith, BiFunction<SessionStore, SignedWith, SessionAwareTokenServiceBuilder> settings) {
        this.signedWith = signedWith;
        this.service = settings.apply(store, signedWith).build();
    }

    @Override
    public List<Client> logIn(int clients) {
        int used = Math.min(clients, Login.USED_SESSIONS);
        List<Login> logins = Login.spreadOver(used, used);
        logins.forEach(login -> store.create(login.session(), Admission.unconditional()));
        return Login.clients(logins, clients, signedWith);
    }

    @Override
    public SessionAwareTokenService service() {
        return service;
    }
}
