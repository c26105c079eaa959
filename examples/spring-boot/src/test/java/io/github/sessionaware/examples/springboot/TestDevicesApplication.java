package io.github.sessionaware.examples.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Starts the application for a try, with a database and a user that end with the process. It has no annotation, because
 * the component scan would find it in the tests, too, and add the user there.
 */
class TestDevicesApplication {
    private final JdbcClient jdbc;

    TestDevicesApplication(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public static void main(String[] arguments) {
        SpringApplication.from(DevicesApplication::main)
                .with(TestDevicesApplication.class)
                .run(Database.start().arguments().toArray(String[]::new));
    }

    @EventListener(ApplicationReadyEvent.class)
    void addUser() {
        jdbc.sql("insert into users (name, password) values ('alice', '{noop}wonderland')")
                .update();
    }
}
