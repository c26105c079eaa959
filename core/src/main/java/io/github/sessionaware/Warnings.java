package io.github.sessionaware;

import org.slf4j.Logger;

/**
 * Logs warnings of a call that has done its work. If the log cannot be written, because the disk is full for instance,
 * the call must succeed nevertheless.
 */
final class Warnings {
    private Warnings() {}

    static void log(Logger log, String message, Object... details) {
        try {
            log.warn(message, details);
        } catch (Throwable e) {
            // There is no other place to report that the log failed.
        }
    }
}
