package io.github.sessionaware.tck;

import io.github.sessionaware.SessionStore;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.support.TypeBasedParameterResolver;

/** The contract on one broken store. Only {@link BrokenStoresTest} runs it: the build skips a class of this name. */
@ExtendWith(BrokenStoreContract.Chosen.class)
class BrokenStoreContract extends SessionStoreContract {
    static final String BROKEN_STORE = "broken.store";

    private final BrokenStore broken;

    BrokenStoreContract(BrokenStore broken) {
        this.broken = broken;
    }

    @Override
    public SessionStore store() {
        return broken.open();
    }

    @Override
    public SessionStore otherNode(SessionStore store) {
        return store instanceof BrokenNode node ? node.otherNode() : store;
    }

    @Override
    public boolean dropsExpired() {
        return broken.dropsExpired();
    }

    static final class Chosen extends TypeBasedParameterResolver<BrokenStore> {
        @Override
        public BrokenStore resolveParameter(ParameterContext parameter, ExtensionContext test) {
            return BrokenStore.valueOf(
                    test.getConfigurationParameter(BROKEN_STORE).orElseThrow());
        }
    }
}
