package io.github.sessionaware.redis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server's own answer that it refuses a command. Keeps its code and, in a redirection, the address. The rest is
 * dropped, because a server may quote arguments, and so the user id in a key.
 */
final class ReplyError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String MOVED = "MOVED";
    private static final String ASK = "ASK";

    /** Redis 6.2 puts the error of a command that a script has called behind its own text, with a minus or without. */
    private static final Pattern IN_A_SCRIPT = Pattern.compile("^ERR Error running script .{0,200}?(?:-|: )([A-Z]+) ");

    private static final Pattern CODE = Pattern.compile("^-?([A-Z]+)(?= |$)");
    private static final Pattern REDIRECTION = Pattern.compile("^(?:MOVED|ASK) [0-9]+ (.*:[0-9]+)$");

    private final String code;
    private final String target;

    ReplyError(String reply) {
        super(codeOf(reply));
        this.code = codeOf(reply);
        Matcher redirection = REDIRECTION.matcher(reply);
        this.target = redirection.matches() ? redirection.group(1) : "";
    }

    /** Returns the first word of the reply, or that of the error which it quotes; {@code ERR} if there is none. */
    static String codeOf(String reply) {
        Matcher inAScript = IN_A_SCRIPT.matcher(reply);
        if (inAScript.find()) {
            return inAScript.group(1);
        }
        Matcher first = CODE.matcher(reply);
        return first.find() ? first.group(1) : "ERR";
    }

    /** The first word of the reply, such as {@code OOM}. */
    String code() {
        return code;
    }

    boolean isMoved() {
        return code.equals(MOVED);
    }

    /** Whether the key is being moved, and only this one command is to be sent to the target. */
    boolean isAsk() {
        return code.equals(ASK);
    }

    boolean isScriptMissing() {
        return code.equals("NOSCRIPT");
    }

    /** Host and port of the node that has the key; empty if this is no redirection. */
    String target() {
        return target;
    }
}
