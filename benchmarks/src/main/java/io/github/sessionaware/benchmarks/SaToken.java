package io.github.sessionaware.benchmarks;

import cn.dev33.satoken.SaManager;
import cn.dev33.satoken.config.SaTokenConfig;
import cn.dev33.satoken.jwt.SaJwtUtil;
import cn.dev33.satoken.jwt.StpLogicJwtForMixin;
import cn.dev33.satoken.jwt.StpLogicJwtForSimple;
import cn.dev33.satoken.stp.StpLogic;
import io.github.sessionaware.benchmarks.Login.Client;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sa-Token with its jwt plugin and its in-memory store. The plugin's mode "mixin" verifies signatures and cannot log
 * out. Its mode "simple" looks the token up as an opaque string.
 */
final class SaToken implements Authenticator {
    private static final String SECRET = new String(SignedWith.SECRET, StandardCharsets.US_ASCII);

    private final StpLogic logic;
    private final Check check;
    private final boolean canLogOut;

    private SaToken(StpLogic logic, boolean canLogOut, Check check) {
        SaManager.setConfig(
                new SaTokenConfig().setJwtSecretKey(SECRET).setIsPrint(false).setIsLog(false));
        this.logic = logic;
        this.canLogOut = canLogOut;
        this.check = check;
    }

    static SaToken mixin() {
        StpLogic logic = new StpLogicJwtForMixin();
        return new SaToken(logic, false, logic::getLoginIdByToken);
    }

    static SaToken simple() {
        StpLogic logic = new StpLogicJwtForSimple();
        return new SaToken(logic, true, logic::getLoginIdByToken);
    }

    /** Does both checks, as this library does. */
    static SaToken simpleWithSignature() {
        StpLogic logic = new StpLogicJwtForSimple();
        return new SaToken(logic, true, token -> {
            Object signed = SaJwtUtil.getPayloadsNotCheck(token, logic.getLoginType(), SECRET)
                    .get("loginId");
            Object found = logic.getLoginIdByToken(token);
            return Objects.equals(signed, found) ? found : null;
        });
    }

    @Override
    public List<Client> logIn(int clients) {
        List<Client> loggedIn = new ArrayList<>(clients);
        for (Login login : Login.spreadOver(clients, clients)) {
            loggedIn.add(new Client(login.userId(), logic.createLoginSession(login.userId())));
        }
        return loggedIn;
    }

    @Override
    public String userOf(String token) {
        Object userId = check.userOf(token);
        if (userId == null) {
            throw new Refused();
        }
        return userId.toString();
    }

    @Override
    public boolean logOut(String token) {
        if (canLogOut) {
            logic.logoutByTokenValue(token);
        }
        return canLogOut;
    }

    private interface Check {
        @Nullable
        Object userOf(String token);
    }
}
