package io.github.sessionaware.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.memory.InMemorySessionStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How many logins a store in memory takes, each in a virtual machine of its own with a heap of a given size.
 *
 * @param end why no more were taken
 * @param bytesPerSession what the heap has grown by, 0 where it ran out
 */
record Heap(String heap, int bound, int logins, String end, long bytesPerSession) {
    static final int MILLION = 1_000_000;

    /** As many as the store takes unasked. */
    static final int DEFAULT_BOUND = 0;

    private static final long MINUTES = 2;

    /** The smallest heaps come first, until a million sessions fit. */
    static List<Heap> inProcessesOfTheirOwn() throws IOException, InterruptedException {
        List<Heap> heaps = new ArrayList<>();
        for (String heap : List.of("1g", "1536m", "2g")) {
            Heap tried = inAProcess(heap, MILLION, MILLION);
            heaps.add(tried);
            if (tried.logins == MILLION) {
                break;
            }
        }
        heaps.add(inAProcess("64m", DEFAULT_BOUND, MILLION));
        return heaps;
    }

    private static Heap inAProcess(String heap, int bound, int logins) throws IOException, InterruptedException {
        return inAProcess(heap, Heap.class, heap, String.valueOf(bound), String.valueOf(logins))
                .orElseGet(() -> new Heap(heap, bound, 0, "not done after " + MINUTES + " minutes", 0));
    }

    /** What the main method of that record prints, as JSON; empty if it was not done in time. */
    static <T> Optional<T> inAProcess(String heap, Class<T> main, String... args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        // Near its end a heap may be collected for ever.
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            return Optional.empty();
        }
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Optional.of(new ObjectMapper().readValue(printed, main));
    }

    /** Heap, bound and logins: prints what happened, as JSON. */
    public static void main(String... args) throws IOException {
        System.out.println(new ObjectMapper()
                .writeValueAsString(fill(args[0], Integer.parseInt(args[1]), Integer.parseInt(args[2]))));
    }

    private static Heap fill(String heap, int bound, int logins) {
        InMemorySessionStore store =
                bound == DEFAULT_BOUND ? new InMemorySessionStore() : new InMemorySessionStore(bound);
        SessionAwareTokenService service =
                Services.withDefaults(store, SignedWith.HS256).build();
        // Loads what the first login loads.
        service.issue("user-0", client(0));
        service.revokeAllSessions("user-0");
        long before = used();
        int done = 0;
        String end = "all logged in";
        try {
            while (done < logins) {
                service.issue("user-" + done, client(done));
                done++;
            }
        } catch (SessionStoreException e) {
            end = String.valueOf(e.getMessage());
        } catch (OutOfMemoryError e) {
            return new Heap(heap, bound, done, "OutOfMemoryError", 0);
        }
        return new Heap(heap, bound, done, end, (used() - before) / Math.max(1, done));
    }

    /** Texts of its own for each, as they come with a request. */
    private static ClientInfo client(int number) {
        return ClientInfo.builder()
                .device("Firefox " + number % 100 + " on Linux")
                .userAgent("Mozilla/5.0 (X11; Linux x86_64; rv:%1$d.0) Gecko/20100101 Firefox/%1$d.0"
                        .formatted(number % 100))
                .ipAddress("203.0.113." + number % 256)
                .location("Berlin, DE " + number % 100)
                .build();
    }

    static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
