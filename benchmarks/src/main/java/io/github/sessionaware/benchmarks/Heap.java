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
 * How many logins the in-memory store accepts with a heap of a given size. Each heap size runs in its own JVM.
 *
 * @param end why the logins stopped
 * @param bytesPerSession the growth of the heap per session, or 0 if the heap ran out
 */
record Heap(String heap, int bound, int logins, String end, long bytesPerSession) {
    private static final int MILLION = 1_000_000;

    /** Leaves the number of sessions to the default of the store. */
    static final int DEFAULT_BOUND = 0;

    private static final long MINUTES = 2;

    /** Tries larger and larger heaps until a million sessions fit, then the default bound in a small heap. */
    static List<Heap> measure() throws IOException, InterruptedException {
        List<Heap> heaps = new ArrayList<>();
        for (String heap : List.of("1g", "1536m", "2g")) {
            Heap tried = inOwnJvm(heap, MILLION, MILLION);
            heaps.add(tried);
            if (tried.logins == MILLION) {
                break;
            }
        }
        heaps.add(inOwnJvm("64m", DEFAULT_BOUND, MILLION));
        return heaps;
    }

    private static Heap inOwnJvm(String heap, int bound, int logins) throws IOException, InterruptedException {
        return inOwnJvm(heap, Heap.class, heap, String.valueOf(bound), String.valueOf(logins))
                .orElseGet(() -> new Heap(heap, bound, 0, "stopped after " + MINUTES + " minutes", 0));
    }

    /** Runs the main method of a record in its own JVM and reads the JSON that it prints. Empty after a timeout. */
    static <T> Optional<T> inOwnJvm(String heap, Class<T> main, String... args)
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
        // A JVM whose heap is nearly full may spend all its time in the garbage collector.
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
        // The first login loads classes. They must not count as memory of sessions.
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

    /** Creates new strings for each login, as a real request does. */
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
