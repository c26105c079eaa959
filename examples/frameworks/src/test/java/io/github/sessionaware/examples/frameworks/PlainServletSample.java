package io.github.sessionaware.examples.frameworks;

import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.BiPredicate;

/** The sample of docs/frameworks.md for servlets: a whole application with sign-in, a devices page and sign-out. */
@SuppressWarnings("serial") // containers do not serialize servlets
final class PlainServletSample {
    private final SessionAwareTokenService tokens;
    private final BiPredicate<String, String> passwords;
    private final SessionFilter sessions;

    PlainServletSample(SessionAwareTokenService tokens, BiPredicate<String, String> passwords) {
        this.tokens = tokens;
        this.passwords = passwords;
        this.sessions = SessionFilter.builder(tokens)
                .cookies()
                .signInPage("/sign-in")
                .open("/static/*")
                .build();
    }

    void addTo(ServletContext context) {
        sessions.addTo(context);
        context.addServlet("sign-in", new SignIn()).addMapping("/sign-in");
        context.addServlet("devices", new Devices()).addMapping("/devices", "");
    }

    final class SignIn extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            PrintWriter page = form(request, response, "Sign in");
            page.println("<label>Name <input name=user></label>");
            page.println("<label>Password <input name=password type=password></label><button>Sign in</button>");
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String user = request.getParameter("user");
            if (passwords.test(user, request.getParameter("password"))) {
                sessions.signIn(request, response, user, LoginOptions.defaults());
                response.sendRedirect(sessions.returnAddress(request));
            } else {
                doGet(request, response);
            }
        }
    }

    final class Devices extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            PrintWriter page = form(request, response, "Your devices");
            for (Session device : tokens.listSessions(SessionFilter.current(request))) {
                String name = escaped(device.client().userAgent()) + (device.current() ? ", this device" : "");
                page.printf("<p>%s <button name=device value=\"%s\">Sign out</button></p>", name, device.id());
            }
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            sessions.signOut(request, response, request.getParameter("device"));
            response.sendRedirect(request.getContextPath() + "/devices");
        }
    }

    private PrintWriter form(HttpServletRequest request, HttpServletResponse response, String title)
            throws IOException {
        response.setContentType("text/html;charset=UTF-8");
        PrintWriter page = response.getWriter();
        page.printf("<!doctype html><title>%1$s</title><h1>%1$s</h1><form method=post>", title);
        sessions.formFields(request)
                .forEach((name, value) ->
                        page.printf("<input type=hidden name=\"%s\" value=\"%s\">", name, escaped(value)));
        return page;
    }

    private static String escaped(String text) {
        return String.valueOf(text).replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
