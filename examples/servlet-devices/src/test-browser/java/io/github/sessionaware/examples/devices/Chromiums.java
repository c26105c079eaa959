package io.github.sessionaware.examples.devices;

import java.io.IOException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Two browsers and one without scripts, which start when a test of the class first needs them. */
final class Chromiums implements AfterAllCallback {
    private Chromium laptop;
    private Chromium phone;
    private Chromium withoutScripts;

    Chromium laptop(int port) throws IOException {
        if (laptop == null) {
            laptop = Chromium.start();
        }
        return laptop.visit(port);
    }

    Chromium phone(int port) throws IOException {
        if (phone == null) {
            phone = Chromium.start();
        }
        return phone.visit(port).withUserAgent(PageStates.IPHONE);
    }

    Chromium withoutScripts(int port) throws IOException {
        if (withoutScripts == null) {
            withoutScripts = Chromium.startWithoutScripts();
        }
        return withoutScripts.visit(port);
    }

    @Override
    public void afterAll(ExtensionContext tests) throws IOException {
        for (Chromium browser : new Chromium[] {laptop, phone, withoutScripts}) {
            if (browser != null) {
                browser.close();
            }
        }
    }
}
