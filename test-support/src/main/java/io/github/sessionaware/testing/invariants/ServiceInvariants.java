package io.github.sessionaware.testing.invariants;

import io.github.sessionaware.testing.history.StepUpHistory;

/** What service and store can only keep together. The invariants that no store can break are tested in core-tests. */
public interface ServiceInvariants
        extends RevocationInvariants,
                RefreshInvariants,
                RefreshStories,
                DeviceBindingInvariants,
                StepUpHistory,
                LoginInvariants,
                LimitStories,
                LoginInFlightInvariants,
                MigrationInvariants,
                ActivityInvariants,
                HostInvariants {}
