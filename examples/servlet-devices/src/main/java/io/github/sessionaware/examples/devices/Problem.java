package io.github.sessionaware.examples.devices;

import static io.github.sessionaware.examples.devices.Html.text;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The pages for requests that get no other page. */
enum Problem {
    BAD_REQUEST(400, "Bad request", "The server can't understand this request."),
    FORM_OUT_OF_DATE(403, "This form is out of date", "Go back, reload the page, and try again."),
    NOT_FOUND(404, "Page not found", "This page doesn't exist. The link may be wrong or out of date."),
    NOT_A_PAGE(405, "This isn't a page", "Go back, and use the button there."),
    FAILED(500, "Something went wrong", "Try again in a few minutes."),
    UNAVAILABLE(
            503,
            "Just a moment",
            "We can't check your session right now. You're still signed in. Try again in a few seconds.");

    private final int status;
    private final String title;
    private final String sentence;

    Problem(int status, String title, String sentence) {
        this.status = status;
        this.title = title;
        this.sentence = sentence;
    }

    /** Returns the page for a status that a servlet or the container has set. */
    static Problem of(int status) {
        for (Problem problem : values()) {
            if (problem.status == status) {
                return problem;
            }
        }
        return status < 500 ? BAD_REQUEST : FAILED;
    }

    void answer(HttpServletResponse response) throws IOException {
        Answers.page(response, status, html());
    }

    String html() {
        return Layout.page(title, """
                <div class="narrow">
                <h1>%s</h1>
                <p class="lead">%s</p>
                <p><a class="button" href="/">Go to the home page</a></p>
                </div>
                """.formatted(text(title), text(sentence)));
    }
}
