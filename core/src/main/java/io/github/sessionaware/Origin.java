package io.github.sessionaware;

import io.github.sessionaware.SessionListener.Novelty;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a client comes from, as far as clients are compared: the family of its device and the network of its address.
 *
 * @param device the name of the device or the user agent, without numbers and details; null if unknown
 * @param network the network; null if unknown
 */
record Origin(@Nullable String device, @Nullable String network) {
    private static final Pattern VERSION = Pattern.compile("[0-9][0-9._]*");

    /** A detail such as the model of a telephone, which a browser may send at one login and omit at another. */
    private static final Pattern DETAIL = Pattern.compile(" \\([^()]*\\)$");

    /** Cleans and cuts as a record does, so that an origin equals the one that was stored. */
    Origin {
        device = SessionData.cleanLoginDevice(device);
        network = SessionData.cleanLoginNetwork(network);
    }

    static Origin of(ClientInfo client) {
        return new Origin(family(client), NetworkPrefix.of(client.ipAddress()));
    }

    /** Returns where the login of a session came from, which no refresh changes. */
    static Origin ofLogin(SessionRecord session) {
        return new Origin(session.loginDevice(), session.loginNetwork());
    }

    /** Returns what none of the others has. Unknown parts are never new, and nothing is new if there are no others. */
    Set<Novelty> newAmong(List<Origin> others) {
        return others.isEmpty() ? Set.of() : novelties(isNew(Origin::device, others), isNew(Origin::network, others));
    }

    private boolean isNew(Function<Origin, @Nullable String> trait, List<Origin> others) {
        String own = trait.apply(this);
        return own != null && others.stream().noneMatch(other -> own.equals(trait.apply(other)));
    }

    /**
     * Returns in what this differs from a known origin. A part that is unknown there does not differ. A part that is
     * unknown only here does, because a thief can leave it out.
     */
    Set<Novelty> differencesFrom(Origin known) {
        return novelties(differs(device, known.device), differs(network, known.network));
    }

    private static boolean differs(@Nullable String here, @Nullable String known) {
        return known != null && !known.equals(here);
    }

    private static Set<Novelty> novelties(boolean device, boolean network) {
        Set<Novelty> novelties = EnumSet.noneOf(Novelty.class);
        if (device) {
            novelties.add(Novelty.DEVICE);
        }
        if (network) {
            novelties.add(Novelty.NETWORK);
        }
        return Collections.unmodifiableSet(novelties);
    }

    private static @Nullable String family(ClientInfo client) {
        String name = client.device() == null
                ? client.userAgent()
                : DETAIL.matcher(client.device()).replaceFirst("");
        return name == null ? null : VERSION.matcher(name).replaceAll("");
    }
}
