package io.github.sessionaware.servlet;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/** Runs one call per key at a time on this node. Callers that come during the call wait for it and get its result. */
final class SharedCalls<T> {
    private final ConcurrentMap<String, CompletableFuture<T>> running = new ConcurrentHashMap<>();

    /** Throws what the call throws, also to those who waited for it. */
    T run(String key, Supplier<T> call) {
        CompletableFuture<T> own = new CompletableFuture<>();
        CompletableFuture<T> other = running.putIfAbsent(key, own);
        if (other != null) {
            return await(other);
        }
        try {
            T result = call.get();
            own.complete(result);
            return result;
        } catch (Throwable e) {
            own.completeExceptionally(e);
            throw e;
        } finally {
            running.remove(key, own);
        }
    }

    private static <T> T await(CompletableFuture<T> other) {
        try {
            return other.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw e;
        }
    }
}
