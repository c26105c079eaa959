package io.github.sessionaware.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.sessionaware.tck.elsewhere.SharedStoreContractTest;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** The contract has teeth: every broken store fails it for its own reason, and every rule catches a broken store. */
class BrokenStoresTest {
    private static final Map<BrokenStore, Set<String>> FAILING = new EnumMap<>(BrokenStore.class);

    @BeforeAll
    static void runEveryBrokenStoreThroughTheContract() {
        for (BrokenStore broken : BrokenStore.values()) {
            FAILING.put(broken, names(runContractOn(broken).testEvents().failed()));
            System.out.printf("%-40s fails %s%n", broken, String.join(", ", FAILING.get(broken)));
        }
        long caught =
                FAILING.values().stream().filter(names -> !names.isEmpty()).count();
        System.out.println("broken stores: " + FAILING.size() + ", caught by the contract: " + caught);
    }

    @ParameterizedTest
    @EnumSource
    void brokenStoreFailsForItsOwnReason(BrokenStore broken) {
        assertTrue(
                FAILING.get(broken).containsAll(broken.ownReasons()),
                () -> broken + " must fail " + broken.ownReasons() + " but failed " + FAILING.get(broken));
    }

    @Test
    void everyRuleCatchesABrokenStore() {
        Set<String> toothless = names(runContractOnTheReference().testEvents().succeeded());
        for (BrokenStore broken : BrokenStore.values()) {
            toothless.removeAll(broken.ownReasons());
        }

        assertEquals(
                Set.of(), toothless, "A rule that is no broken store's own reason has not been shown to test anything");
    }

    @Test
    void correctStorePassesEveryRule() {
        Events tests = runContractOnTheReference().testEvents();

        assertEquals(Set.of(), names(tests.failed()));
        assertEquals(tests.started().count(), tests.succeeded().count(), "No test may be skipped or aborted");
        assertEquals(0, tests.skipped().count(), "No test may be skipped or aborted");
    }

    @Test
    void storeInAnotherPackageInheritsEveryRule() {
        assertEquals(
                names(runContractOnTheReference().testEvents().succeeded()),
                names(run(SharedStoreContractTest.class, Function.identity())
                        .testEvents()
                        .succeeded()));
    }

    private static EngineExecutionResults runContractOn(BrokenStore broken) {
        return run(
                ContractOnAnyStore.class,
                kit -> kit.configurationParameter(ContractOnAnyStore.BROKEN_STORE, broken.name()));
    }

    private static EngineExecutionResults runContractOnTheReference() {
        return run(ContractOnAnyStore.class, Function.identity());
    }

    private static EngineExecutionResults run(
            Class<? extends SessionStoreContract> contract,
            Function<EngineTestKit.Builder, EngineTestKit.Builder> configuration) {
        return configuration
                .apply(EngineTestKit.engine("junit-jupiter").selectors(selectClass(contract)))
                .execute();
    }

    private static Set<String> names(Events events) {
        return events.stream().map(BrokenStoresTest::nameOf).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String nameOf(Event event) {
        return ((MethodSource) event.getTestDescriptor().getSource().orElseThrow()).getMethodName();
    }
}
