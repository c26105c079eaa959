package io.github.sessionaware.servlet;

/** Gives shared tests the application that they run on. */
interface SiteTests {
    Site site();
}
