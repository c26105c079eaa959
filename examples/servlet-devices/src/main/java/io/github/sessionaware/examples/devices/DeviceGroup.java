package io.github.sessionaware.examples.devices;

import io.github.sessionaware.Session;
import io.github.sessionaware.clientinfo.DeviceKind;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Sessions that look like one device: the same name, kind and category. A browser that lost its cookies, for instance,
 * has several sessions. The session that makes the request is in no group.
 *
 * @param sessions at least one, the most recently active first
 */
record DeviceGroup(List<Session> sessions) {
    /** Groups all sessions except the current one, in the order of their first sessions. */
    static List<DeviceGroup> of(Collection<Session> sessions) {
        return sessions.stream()
                .filter(session -> !session.current())
                .collect(Collectors.groupingBy(Look::of, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(DeviceGroup::new)
                .toList();
    }

    Session first() {
        return sessions.get(0);
    }

    int size() {
        return sessions.size();
    }

    boolean contains(String sessionId) {
        return sessions.stream().anyMatch(session -> session.id().equals(sessionId));
    }

    private record Look(String name, DeviceKind kind, String category) {
        static Look of(Session session) {
            return new Look(DeviceName.of(session), DeviceKind.of(session.client()), session.category());
        }
    }
}
