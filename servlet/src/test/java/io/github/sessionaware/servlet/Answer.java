package io.github.sessionaware.servlet;

import java.util.List;
import java.util.Optional;

/** An HTTP response as it came over the wire. The status is 0 if the server closed the connection without one. */
record Answer(int status, List<String> head, String body) {

    static Answer parse(String text) {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Answer(0, List.of(), text);
        }
        List<String> lines = text.substring(0, end).lines().toList();
        String body = text.substring(end + 4);
        Answer answer =
                new Answer(Integer.parseInt(lines.get(0).substring(9, 12)), lines.subList(1, lines.size()), body);
        return answer.header("Transfer-Encoding").isPresent()
                ? new Answer(answer.status, answer.head, withoutChunks(body))
                : answer;
    }

    private static String withoutChunks(String body) {
        StringBuilder whole = new StringBuilder();
        int at = 0;
        while (at < body.length()) {
            int end = body.indexOf("\r\n", at);
            int size = Integer.parseInt(body.substring(at, end), 16);
            whole.append(body, end + 2, end + 2 + size);
            at = end + 2 + size + 2;
            if (size == 0) {
                break;
            }
        }
        return whole.toString();
    }

    List<String> headers(String name) {
        return head.stream()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .toList();
    }

    Optional<String> header(String name) {
        return headers(name).isEmpty() ? Optional.empty() : Optional.of(String.join(", ", headers(name)));
    }

    String location() {
        return header("Location").orElse("(none)");
    }

    List<String> setCookies() {
        return headers("Set-Cookie");
    }

    /** Containers delete cookies by either attribute. */
    static boolean isDeletion(String cookie) {
        return cookie.contains("Max-Age=0") || cookie.contains(" 1970 ") || cookie.contains("-1970 ");
    }

    /** Returns the names of the cookies that the response sets or deletes. */
    List<String> cookieNames() {
        return setCookies().stream().map(Answer::name).toList();
    }

    /** Returns the names of the cookies that the response deletes. */
    List<String> deletedCookies() {
        return setCookies().stream()
                .filter(Answer::isDeletion)
                .map(Answer::name)
                .toList();
    }

    private static String name(String cookie) {
        return cookie.substring(0, cookie.indexOf('='));
    }

    /** Returns the value of one line of a page of {@link Site}. */
    String line(String key) {
        return body.lines()
                .filter(line -> line.startsWith(key + ": "))
                .map(line -> line.substring(key.length() + 2))
                .findFirst()
                .orElse("(none)");
    }
}
