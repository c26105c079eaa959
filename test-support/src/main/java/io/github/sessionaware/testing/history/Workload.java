package io.github.sessionaware.testing.history;

import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionTimeouts;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.RandomRuns;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * Makes random calls of several users from many threads on two nodes. Each call moves the clock, so sessions become due
 * for a touch, expire and can be purged within seconds. The seed decides which calls each thread makes. The machine
 * decides their order.
 */
final class Workload {
    static final long SEED = RandomRuns.seed();

    private static final int THREADS = 16;
    private static final SessionTimeouts SHORT = new SessionTimeouts(Duration.ofMinutes(30), Duration.ofHours(1));
    /** Passes once, early, so that a short history too has sessions that a purge removes. */
    private static final Duration DAY = Duration.ofDays(1);

    private final List<RecordedService> nodes;
    private final FakeClock clock;
    private final Duration step;
    private final List<User> busyUsers = List.of(new User("ann"), new User("ben"), new User("cleo"));

    /** Never revokes all sessions at once, so that some are left to expire and to be purged. */
    private final User quietUser = new User("dora");

    private final List<User> limitedUsers;
    private final List<User> users;

    /** Each call moves the clock by a step. */
    Workload(List<RecordedService> nodes, FakeClock clock, Duration step, boolean withLimits) {
        this.nodes = nodes;
        this.clock = clock;
        this.step = step;
        this.limitedUsers = withLimits
                ? TwoNodes.LIMITS.keySet().stream().sorted().map(User::new).toList()
                : List.of();
        this.users = Stream.of(busyUsers, List.of(quietUser), limitedUsers)
                .flatMap(List::stream)
                .toList();
    }

    /** Runs rounds as long as the predicate accepts them, and then validates and lists everything once more. */
    void run(IntPredicate goesOn) throws Exception {
        SplittableRandom seeds = new SplittableRandom(SEED);
        List<Callable<Boolean>> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            SplittableRandom random = seeds.split();
            boolean isFirst = i == 0;
            threads.add(() -> {
                for (int round = 0; goesOn.test(round); round++) {
                    clock.advance(isFirst && round == 100 ? DAY : step);
                    call(random);
                }
                return true;
            });
        }
        Together.call(threads);
        readEverything();
    }

    private void readEverything() {
        for (User user : users) {
            nodes.forEach(node -> node.list(user.id));
            user.everyLogin().forEach(nodes.get(0)::validate);
        }
    }

    private void call(SplittableRandom random) {
        RecordedService node = anyNode(random);
        User user = users.get(random.nextInt(users.size()));
        User busyUser = busyUsers.get(random.nextInt(busyUsers.size()));
        int dice = random.nextInt(100);
        if (dice < 30) {
            login(node, user, random).ifPresent(user::add);
        } else if (dice < 53) {
            user.recentLogin(random).ifPresent(node::validate);
        } else if (dice < 57) {
            user.recentLogin(random)
                    .ifPresent(login -> node.rename(user.id, login.sessionId(), Long.toHexString(random.nextLong())));
        } else if (dice < 66) {
            user.recentLogin(random).ifPresent(login -> node.refresh(login).ifPresent(next -> user.put(login, next)));
        } else if (dice < 70) {
            user.recentLogin(random).ifPresent(login -> stepUp(user, node, login));
        } else if (dice < 71) {
            busyUser.recentLogin(random)
                    .ifPresent(login -> node.revokeSessionsCreatedBefore(
                            busyUser.id, login.tokens().session().createdAt()));
        } else if (dice < 80) {
            user.recentLogin(random).ifPresent(login -> node.revokeSession(user.id, login.sessionId()));
        } else if (dice < 83) {
            busyUser.recentLogin(random).ifPresent(login -> node.revokeOtherSessions(busyUser.id, login.sessionId()));
        } else if (dice < 85) {
            node.revokeAllSessions(busyUser.id);
        } else if (dice < 92) {
            node.list(user.id);
        } else if (dice < 94) {
            reachForSessionOf(user, node, users.get(random.nextInt(users.size())), random);
        } else {
            node.purge();
        }
    }

    /** A client that missed the answer goes on with the old tokens. */
    private void stepUp(User user, RecordedService node, Held old) {
        node.reauthenticate(old).ifPresent(next -> {
            user.add(next);
            nodes.forEach(each -> each.validate(old));
            node.refresh(old);
        });
    }

    /** Names the session of one user in calls for another, which must not reach it. */
    private static void reachForSessionOf(User owner, RecordedService node, User caller, SplittableRandom random) {
        owner.recentLogin(random).ifPresent(login -> {
            node.rename(caller.id, login.sessionId(), Long.toHexString(random.nextLong()));
            node.revokeSession(caller.id, login.sessionId());
        });
    }

    private Optional<Held> login(RecordedService node, User user, SplittableRandom random) {
        if (limitedUsers.contains(user)) {
            return node.limitedLogin(user.id);
        }
        boolean isShort = random.nextInt(4) == 0;
        return node.login(user.id, isShort ? LoginOptions.defaults().withTimeouts(SHORT) : LoginOptions.defaults());
    }

    private RecordedService anyNode(SplittableRandom random) {
        return nodes.get(random.nextInt(nodes.size()));
    }

    /** A user with all acknowledged logins, including those whose sessions have ended. */
    private static final class User {
        private static final int RECENT = 12;

        private final String id;
        private final List<Held> logins = new ArrayList<>();

        User(String id) {
            this.id = id;
        }

        synchronized void add(Held login) {
            logins.add(login);
        }

        synchronized void put(Held old, Held next) {
            logins.replaceAll(login -> login.equals(old) ? next : login);
        }

        synchronized Optional<Held> recentLogin(SplittableRandom random) {
            int back = 1 + random.nextInt(RECENT);
            return back > logins.size() ? Optional.empty() : Optional.of(logins.get(logins.size() - back));
        }

        synchronized List<Held> everyLogin() {
            return List.copyOf(logins);
        }
    }
}
