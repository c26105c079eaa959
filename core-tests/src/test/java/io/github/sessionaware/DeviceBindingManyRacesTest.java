package io.github.sessionaware;

import org.junit.jupiter.api.Tag;

/** Runs each race more often than every build has time for. */
@Tag("thorough")
class DeviceBindingManyRacesTest extends DeviceBindingRacesTest {

    @Override
    int rounds() {
        return 200;
    }
}
