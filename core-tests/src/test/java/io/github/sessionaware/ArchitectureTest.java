package io.github.sessionaware;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.github.sessionaware.badexample.BadNeighbour;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The architecture of core. Each rule must also catch {@link BadNeighbour}, because an empty rule would pass. */
class ArchitectureTest {
    private static final JavaClasses CORE = new ClassFileImporter()
            .importUrl(SessionAwareTokenService.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation());
    private static final JavaClasses BAD =
            new ClassFileImporter().importClasses(BadNeighbour.class, BadNeighbour.Failure.class);

    private static final DescribedPredicate<JavaClass> CONCURRENT_MAP = belongToAnyOf(ConcurrentHashMap.class);
    private static final DescribedPredicate<JavaClass> ADDRESSES =
            belongToAnyOf(InetAddress.class).or(belongToAnyOf(UnknownHostException.class));

    private static final Pattern FOREIGN = Pattern.compile("(?<![\\w.])(com|net|org|tools)\\.");

    private static final Set<String> ASKS_THE_TIME = Set.of(
            "now", "system", "systemUTC", "systemDefaultZone", "tick", "tickMillis", "tickSeconds", "tickMinutes");

    @Test
    void coreIsOnePackage() {
        ArchRule rule = classes().should().resideInAPackage("io.github.sessionaware");

        assertTrue(CORE.contain(SessionAwareTokenService.class) && CORE.contain(TokenGate.class));
        assertCatches(rule, "BadNeighbour");
    }

    /**
     * Jdbi, JDBC, servlets and Spring are not in this list. Of concurrency only a map is, and of the network only the
     * parser of addresses.
     */
    @Test
    void coreDependsOnNoStoreAndNoFramework() {
        ArchRule rule = noClasses()
                .should()
                .dependOnClassesThat(not(CONCURRENT_MAP
                        .or(ADDRESSES)
                        .or(resideInAnyPackage(
                                "io.github.sessionaware",
                                "java.io",
                                "java.lang",
                                "java.lang.annotation",
                                "java.lang.invoke",
                                "java.lang.runtime",
                                "java.nio",
                                "java.math",
                                "java.nio.charset",
                                "java.nio.file",
                                "java.security",
                                "java.security.cert",
                                "java.security.interfaces",
                                "java.security.spec",
                                "java.time",
                                "java.time.temporal",
                                "java.util",
                                "java.util.function",
                                "java.util.regex",
                                "java.util.stream",
                                "javax.crypto",
                                "javax.crypto.spec",
                                "com.auth0.jwt..",
                                "com.fasterxml.jackson.core",
                                "org.jspecify.annotations",
                                "org.slf4j"))));

        assertCatches(rule, "javax.sql.DataSource", "java.sql.Connection", "java.util.concurrent.Executors");
    }

    /** What is public is a promise, and the libraries below may change their types. */
    @Test
    void thePublicApiShowsNoTypeOfAnotherLibrary() {
        assertEquals(Set.of(), foreignTypes(CORE));

        assertEquals(
                Set.of(
                        "BadNeighbour: public static com.auth0.jwt.interfaces.DecodedJWT BadNeighbour.token()",
                        "BadNeighbour: protected java.util.List<com.auth0.jwt.interfaces.Claim> BadNeighbour.claims"),
                foreignTypes(BAD));
    }

    /** Returns what public types show: their supertypes, and their public and protected members, with generics. */
    private static Set<String> foreignTypes(JavaClasses classes) {
        return classes.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::reflect)
                .flatMap(type -> shownBy(type)
                        .filter(shown -> FOREIGN.matcher(shown).find())
                        .map(shown ->
                                type.getSimpleName() + ": " + shown.replace(type.getName(), type.getSimpleName())))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> shownBy(Class<?> type) {
        Stream<Type> inherited =
                Stream.concat(Stream.ofNullable(type.getGenericSuperclass()), Stream.of(type.getGenericInterfaces()));
        return Stream.concat(
                inherited.map(Type::getTypeName),
                Stream.<Member[]>of(type.getDeclaredMethods(), type.getDeclaredConstructors(), type.getDeclaredFields())
                        .flatMap(Stream::of)
                        .filter(member -> (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0)
                        .map(ArchitectureTest::genericTextOf));
    }

    private static String genericTextOf(Member member) {
        return member instanceof Executable executable
                ? executable.toGenericString()
                : ((Field) member).toGenericString();
    }

    @Test
    void everyPublicExceptionHasTheCommonSuperclass() {
        ArchRule rule = classes()
                .that()
                .areAssignableTo(RuntimeException.class)
                .and()
                .arePublic()
                .should()
                .beAssignableTo(SessionAwareJwtException.class);

        assertCatches(rule, "BadNeighbour$Failure");
        assertEquals(
                Set.of(
                        "ExperimentalChallengeException",
                        "InvalidTokenException",
                        "LoginRefusedException",
                        "ReauthenticationRequiredException",
                        "SessionLimitExceededException",
                        "SessionStoreException"),
                CORE.stream()
                        .filter(type -> type.isAssignableTo(SessionAwareJwtException.class)
                                && !type.isEquivalentTo(SessionAwareJwtException.class))
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toSet()));
    }

    @Test
    void onlyTheDefaultsOfTheBuilderReadTheSystemTimeAndOnlyMetricsMeasureDurations() {
        assertEquals(
                Set.of(
                        "SessionAwareTokenServiceBuilder -> java.time.Clock.systemUTC",
                        "SessionAwareTokenServiceBuilder -> java.lang.System.nanoTime",
                        "GuardedMetrics -> java.lang.System.nanoTime",
                        "GuardedStore -> java.lang.System.nanoTime"),
                accessesToTheTime(CORE));

        assertEquals(
                Set.of(
                        "BadNeighbour -> java.time.Instant.now",
                        "BadNeighbour -> java.time.LocalDate.now",
                        "BadNeighbour -> java.time.Clock.system",
                        "BadNeighbour -> java.time.InstantSource.system",
                        "BadNeighbour -> java.util.Date.<init>",
                        "BadNeighbour -> java.lang.System.currentTimeMillis",
                        "BadNeighbour -> java.lang.System.nanoTime"),
                accessesToTheTime(BAD));
    }

    @Test
    void coreUsesNoGuessableRandom() {
        ArchRule rule = noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.UUID")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.SplittableRandom")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
                .orShould()
                .callMethod(Math.class, "random");

        assertCatches(
                rule, "java.util.Random", "java.util.UUID", "java.util.concurrent.ThreadLocalRandom", "Math.random()");
    }

    @Test
    void staticFieldsAreFinal() {
        assertCatches(fields().that().areStatic().should().beFinal(), "BadNeighbour.shared");
    }

    @Test
    void coreStartsNoThreadAndNoShutdownHook() {
        ArchRule rule = noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Timer")
                .orShould()
                .callMethodWhere(
                        target(owner(type(Runtime.class))).and(not(target(nameMatching("getRuntime|maxMemory")))))
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.ThreadLocal")
                .orShould()
                .dependOnClassesThat(resideInAPackage("java.util.concurrent..").and(not(CONCURRENT_MAP)));

        assertCatches(
                rule,
                "java.lang.Thread.<init>",
                "java.util.Timer.<init>",
                "java.lang.Runtime.addShutdownHook",
                "java.util.concurrent.Executors");
    }

    private static void assertCatches(ArchRule rule, String... caught) {
        rule.check(CORE);
        String found = rule.evaluate(BAD).getFailureReport().toString();
        for (String each : caught) {
            assertTrue(found.contains(each), () -> each + " is not in " + found);
        }
    }

    private static Set<String> accessesToTheTime(JavaClasses classes) {
        return classes.stream()
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(ArchitectureTest::asksTheTime)
                .map(access -> access.getOriginOwner().getSimpleName() + " -> "
                        + access.getTargetOwner().getName() + "."
                        + access.getTarget().getName())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean asksTheTime(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getTarget().getName();
        return (owner.startsWith("java.time.") && ASKS_THE_TIME.contains(name))
                || (owner.equals("java.lang.System")
                        && List.of("currentTimeMillis", "nanoTime").contains(name))
                || (owner.equals("java.util.Date") && name.equals("<init>"))
                || owner.equals("java.util.Calendar");
    }
}
