package io.github.sessionaware.servlet;

import org.junit.jupiter.api.extension.RegisterExtension;

class JettySessionFilterTest implements SessionFilterContract {
    @RegisterExtension
    static final Site SITE = new Site(JettyContainer::new);

    @Override
    public Site site() {
        return SITE;
    }
}
