package io.github.sessionaware.tck;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.ReferenceStore;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.support.TypeBasedParameterResolver;

/** The contract as {@link BrokenStoresTest} runs it; by its name, no build runs it by itself. */
@ExtendWith(ContractOnAnyStore.Opened.class)
class ContractOnAnyStore extends SessionStoreContract {
    static final String BROKEN_STORE = "broken.store";

    private final SessionStore store;

    ContractOnAnyStore(SessionStore store) {
        this.store = store;
    }

    @Override
    protected SessionStore store() {
        return store;
    }

    static final class Opened extends TypeBasedParameterResolver<SessionStore> {
        @Override
        public SessionStore resolveParameter(ParameterContext parameter, ExtensionContext test) {
            return test.getConfigurationParameter(BROKEN_STORE)
                    .map(name -> BrokenStore.valueOf(name).open())
                    .orElseGet(ReferenceStore::new);
        }
    }
}
