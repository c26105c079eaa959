package io.github.sessionaware.servlet;

/** What the filter does in every servlet container. */
interface SessionFilterContract
        extends BearerRules,
                CookieRules,
                RefreshRules,
                LateAnswerStories,
                DispatchRules,
                AnswerRules,
                PathRules,
                CrossSiteRules,
                UserRules,
                PermissiveRules,
                DeviceBoundRules {}
