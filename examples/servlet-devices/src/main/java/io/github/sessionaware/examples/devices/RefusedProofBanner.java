package io.github.sessionaware.examples.devices;

import static io.github.sessionaware.examples.devices.Html.text;

import io.github.sessionaware.examples.devices.RefusedProofs.RefusedProof;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Warns that somebody has a copy of a session that is bound to its device. */
final class RefusedProofBanner {
    private RefusedProofBanner() {}

    static String html(@Nullable RefusedProof refused, Instant now) {
        return refused == null
                ? ""
                : """
                <section class="notices" aria-label="Copied session">
                  <ul><li>
                    <p><b>Somebody tried to use a copy of your session</b> on %s <span class="made-by">· %s · %s</span></p>
                    <p>It got them nothing, because only that device has the key. Your device may have malware: check it, and change your password on another one.</p>
                  </li></ul>
                </section>
                """.formatted(
                        DeviceName.html(refused.session()),
                        text(Objects.requireNonNullElse(refused.presentedBy().userAgent(), "an unknown program")),
                        Ago.html(refused.time(), now));
    }
}
