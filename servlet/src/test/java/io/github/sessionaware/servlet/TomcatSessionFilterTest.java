package io.github.sessionaware.servlet;

import org.junit.jupiter.api.extension.RegisterExtension;

class TomcatSessionFilterTest implements SessionFilterContract {
    @RegisterExtension
    static final Site SITE = new Site(TomcatContainer::new);

    @Override
    public Site site() {
        return SITE;
    }
}
