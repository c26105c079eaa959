package io.github.sessionaware.tck;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.github.sessionaware.tck.elsewhere.SharedStoreContractTest;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** The rules can fail: each broken store fails the rules that it breaks, and each rule fails for a broken store. */
class BrokenStoresTest {
    private static final Map<String, Method> RULES =
            AnnotationSupport.findAnnotatedMethods(
                            SessionStoreContract.class, Testable.class, HierarchyTraversalMode.TOP_DOWN)
                    .stream()
                    .collect(toMap(Method::getName, rule -> rule));

    /** A mistake of one millisecond shows only if the rule looks in that millisecond. */
    private static final int RUNS = 10;

    private static final Set<BrokenStore> CAUGHT = new TreeSet<>();

    @AfterAll
    static void printHowManyWereCaught() {
        System.out.println(
                "broken stores: " + BrokenStore.values().length + ", caught by the contract: " + CAUGHT.size());
    }

    @ParameterizedTest
    @EnumSource
    void brokenStoreFailsEachRuleThatItBreaks(BrokenStore broken) {
        DiscoverySelector[] rules = broken.brokenRules().stream()
                .map(name -> selectMethod(BrokenStoreContract.class, RULES.get(name)))
                .toArray(DiscoverySelector[]::new);

        Set<String> failed = new TreeSet<>();
        for (int run = 0; run < RUNS && !failed.equals(broken.brokenRules()); run++) {
            failed.addAll(names(EngineTestKit.engine("junit-jupiter")
                    .configurationParameter(BrokenStoreContract.BROKEN_STORE, broken.name())
                    .selectors(rules)
                    .execute()
                    .testEvents()
                    .failed()));
        }

        assertEquals(broken.brokenRules(), failed);
        CAUGHT.add(broken);
    }

    @Test
    void everyRuleFailsForABrokenStore() {
        Set<String> broken = Arrays.stream(BrokenStore.values())
                .flatMap(store -> store.brokenRules().stream())
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(new TreeSet<>(RULES.keySet()), broken, "Each rule needs a broken store that fails it");
    }

    @Test
    void storeInAnotherPackagePassesEveryRule() {
        Events tests = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(SharedStoreContractTest.class))
                .execute()
                .testEvents();

        assertEquals(Set.of(), names(tests.failed()));
        assertEquals(Set.of(), names(tests.aborted()));
        assertEquals(Set.of(), names(tests.skipped()));
        assertEquals(RULES.keySet(), names(tests.succeeded()));
    }

    private static Set<String> names(Events events) {
        return events.stream().map(BrokenStoresTest::nameOf).collect(Collectors.toSet());
    }

    private static String nameOf(Event event) {
        return ((MethodSource) event.getTestDescriptor().getSource().orElseThrow()).getMethodName();
    }
}
