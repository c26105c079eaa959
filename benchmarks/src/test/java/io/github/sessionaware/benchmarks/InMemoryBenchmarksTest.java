package io.github.sessionaware.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.auth0.jwt.JWT;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contenders and the benchmarks that need no database. */
class InMemoryBenchmarksTest extends ContenderChecks {
    static Set<Contender> contenders() {
        return IN_MEMORY;
    }

    @ParameterizedTest
    @EnumSource
    void everyAlgorithmSignsAndVerifies(SignedWith signedWith) throws Exception {
        IssueBenchmark issue = new IssueBenchmark();
        issue.signedWith = signedWith;
        issue.setUp();
        ValidateBenchmark validate = new ValidateBenchmark();
        validate.contender = Contender.OURS;
        validate.signedWith = signedWith;
        validate.tokens = 2;
        validate.setUp();

        String issued = issue.issue().accessToken();

        assertEquals(signedWith.name(), JWT.decode(issued).getAlgorithm());
        assertEquals(IssueBenchmark.USER, JWT.decode(issued).getSubject());
        ValidateBenchmark.Caller caller = new ValidateBenchmark.Caller();
        assertEquals("user-2", validate.validate(caller));
        assertEquals("user-1", validate.validate(caller));
    }

    @Test
    void everyBenchmarkRunsInJmh() throws Exception {
        assertEquals(1, runOnceInJmh(ValidateBenchmark.class));
        assertEquals(SignedWith.values().length, runOnceInJmh(IssueBenchmark.class));
        assertEquals(3, runOnceInJmh(FilterBenchmark.class));
    }
}
