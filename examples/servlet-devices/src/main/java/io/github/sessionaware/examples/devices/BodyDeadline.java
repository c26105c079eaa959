package io.github.sessionaware.examples.devices;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Answers a request with 408 if its body takes too long to arrive. Jetty's idle timeout starts again with each byte.
 * Its {@code MinimumDataRateHandler} adds up the bytes of all requests, so a slow one passes while others are fast
 * (12.1.14).
 */
final class BodyDeadline extends Handler.Wrapper {
    private final Duration allowed;

    BodyDeadline(Duration allowed, Handler next) {
        super(next);
        this.allowed = allowed;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Scheduler.Task deadline = request.getComponents()
                .getScheduler()
                .schedule(
                        () -> request.fail(
                                new HttpException.RuntimeException(HttpStatus.REQUEST_TIMEOUT_408, "The body is late")),
                        allowed.toMillis(),
                        TimeUnit.MILLISECONDS);
        Request.addCompletionListener(request, failure -> deadline.cancel());
        return super.handle(new TimedRequest(request, deadline), response, callback);
    }

    /** Cancels the deadline with the last part of the body, so that it does not limit the time of the servlet. */
    private static final class TimedRequest extends Request.Wrapper {
        private final Scheduler.Task deadline;

        TimedRequest(Request request, Scheduler.Task deadline) {
            super(request);
            this.deadline = deadline;
        }

        @Override
        public Content.@Nullable Chunk read() {
            Content.Chunk chunk = super.read();
            if (chunk != null && chunk.isLast()) {
                deadline.cancel();
            }
            return chunk;
        }
    }
}
