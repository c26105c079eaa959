package io.github.sessionaware;

import org.slf4j.Logger;

/** Warnings beside a call that has done its work: a log that cannot be written, on a full disk, must not undo it. */
final class Warnings {
    private Warnings() {}

    static void log(Logger log, String message, Object... details) {
        try {
            log.warn(message, details);
        } catch (Throwable e) {
            // Where else could it be told?
        }
    }
}
