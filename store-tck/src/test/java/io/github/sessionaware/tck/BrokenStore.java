package io.github.sessionaware.tck;

import io.github.sessionaware.SessionStore;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/** Every broken store, with the rules that must fail for it. */
@SuppressWarnings("ImmutableEnumChecker") // The supplier and the set are immutable, but their types are not.
enum BrokenStore {
    TOUCH_UPSERTS(
            BrokenTouch.Upserts::new,
            "touchOfAnUnknownRecordCreatesNothing",
            "touchAfterDeleteDoesNotReviveTheRecord",
            "touchAfterDeleteOthersDoesNotReviveTheRecord",
            "touchAfterDeleteAllDoesNotReviveTheRecord",
            "touchAfterPurgeDoesNotReviveTheRecord"),
    TOUCH_MOVES_ACTIVITY_BACK(
            BrokenTouch.MovesActivityBack::new,
            "touchAtAnEarlierActivityTimeChangesNothing",
            "touchAtTheSameActivityTimeChangesNothing"),
    TOUCH_ACCEPTS_THE_SAME_TIME(BrokenTouch.AcceptsTheSameTime::new, "touchAtTheSameActivityTimeChangesNothing"),
    TOUCH_IGNORES_THE_SEEN_RECORD(
            BrokenTouch.IgnoresTheSeenRecord::new,
            "touchAfterAConcurrentTouchChangesNothing",
            "exactlyOneOfSimultaneousTouchesWins"),
    TOUCH_COMPARES_WITH_THE_LATEST_ONLY(
            BrokenTouch.ComparesWithTheLatestOnly::new, "touchAfterAConcurrentTouchChangesNothing"),
    TOUCH_NEVER_SHORTENS_THE_DEADLINE(
            BrokenTouch.NeverShortensTheDeadline::new,
            "touchMayMakeTheDeadlineEarlier",
            "purgeRemovesARecordWhoseDeadlineATouchMadeEarlier"),
    TOUCH_FORGETS_THE_CLIENT(BrokenTouch.ForgetsTheClient::new, "touchSetsBothTimesAndNothingElse"),
    TOUCH_REACHES_ALL_OF_THE_USER(BrokenTouch.ReachesAllOfTheUser::new, "touchChangesNoOtherRecord"),
    TOUCH_NEEDS_A_WHOLE_SECOND(BrokenTouch.NeedsAWholeSecond::new, "touchOneMillisecondLaterIsRecorded"),
    TOUCH_WORKS_ONCE(BrokenTouch.WorksOnce::new, "touchAfterReadingTheRecordAgainIsRecorded"),

    REFRESH_STATE_FORGOTTEN(BrokenReplace.ForgetsTheRefreshState::new, "refreshStateIsKept"),
    REFRESH_STATE_CUT(BrokenReplace.CutsTheRefreshState::new, "refreshStateIsKept"),
    TOUCH_FORGETS_THE_REFRESH_STATE(
            BrokenReplace.TouchForgetsTheRefreshState::new, "touchKeepsEverythingExceptTheTimes"),
    REPLACE_SETS_THE_REFRESH_STATE_ONLY(
            BrokenReplace.SetsTheRefreshStateOnly::new, "replaceSetsEveryFieldThatMayChange"),
    REPLACE_NEEDS_A_REFRESH_STATE(BrokenReplace.NeedsARefreshState::new, "replaceSetsEveryFieldThatMayChange"),
    REPLACE_IGNORES_A_TOUCH(BrokenReplace.IgnoresATouch::new, "replaceAfterAConcurrentTouchChangesNothing"),
    REPLACE_IGNORES_THE_REFRESH_STATE(
            BrokenReplace.IgnoresTheRefreshState::new, "replaceAfterAConcurrentReplaceChangesNothing"),
    REPLACE_FOLDS_THE_REFRESH_STATE(
            BrokenReplace.FoldsTheRefreshState::new, "replaceAfterAConcurrentReplaceChangesNothing"),
    LABEL_FORGOTTEN(
            () -> new BrokenRecord.Rewrites(BrokenReplace::withoutLabel), "labelAuthenticationAndTimeoutsAreKept"),
    AUTHENTICATION_AT_LOGIN(
            () -> new BrokenRecord.Rewrites(BrokenReplace::authenticatedAtLogin),
            "labelAuthenticationAndTimeoutsAreKept"),
    AUTHENTICATION_METHODS_AS_A_SET(
            () -> new BrokenRecord.Rewrites(BrokenReplace::withMethodsInOrder),
            "labelAuthenticationAndTimeoutsAreKept"),
    TIMEOUTS_FORGOTTEN(
            () -> new BrokenRecord.Rewrites(BrokenReplace::withoutTimeouts), "labelAuthenticationAndTimeoutsAreKept"),
    REPLACE_IGNORES_THE_LABEL(BrokenReplace.IgnoresTheLabel::new, "replaceAfterAConcurrentLabelChangeChangesNothing"),
    REPLACE_COPIES_TO_THE_NEW_ID(BrokenReplace.CopiesToTheNewId::new, "replaceMayChangeTheId"),
    REPLACE_OVERWRITES_THE_NEW_ID(
            BrokenReplace.OverwritesTheNewId::new, "replaceWithAnExistingIdIsRefusedAndChangesNothing"),
    REPLACE_CREATES_THE_NEW_ID_ALL_THE_SAME(
            BrokenReplace.CreatesTheNewIdFirst::new, "replaceWithANewIdAfterAConcurrentTouchChangesNothing"),
    DELETE_ALL_BY_IDS_SEEN_BEFORE(
            BrokenReplace.DeletesAllByTheIdsItHasSeen::new, "replaceWithANewIdRacingDeleteDoesNotEscapeIt"),
    DELETE_OTHERS_BY_IDS_SEEN_BEFORE(
            BrokenReplace.DeletesOthersByTheIdsItHasSeen::new, "replaceWithANewIdRacingDeleteDoesNotEscapeIt"),
    REPLACE_COUNTS_WHAT_DIFFERS(BrokenReplace.CountsWhatDiffers::new, "replaceOfARecordByItselfReturnsTrue"),
    REPLACE_UPSERTS(BrokenReplace.Upserts::new, "replaceOfAMissingRecordCreatesNothing"),
    REPLACE_REACHES_ALL_OF_THE_USER(BrokenReplace.ReachesAllOfTheUser::new, "replaceChangesNoOtherRecord"),
    REPLACE_READS_THEN_WRITES(
            BrokenReplace.ReadsThenWrites::new,
            "exactlyOneOfSimultaneousReplacesWins",
            "exactlyOneOfSimultaneousReplacesWithNewIdsWins",
            "replaceRacingDeleteDoesNotReviveTheRecord"),

    LIMIT_SHOWS_UNEXPIRED_ONLY(BrokenLimit.ShowsUnexpiredOnly::new, "choiceReceivesEveryRecordOfTheUserAndNoOther"),
    LIMIT_SHOWS_EVERYBODYS(BrokenLimit.ShowsEverybodys::new, "choiceReceivesEveryRecordOfTheUserAndNoOther"),
    LIMIT_KEEPS_WHAT_WAS_CHOSEN(
            BrokenLimit.KeepsWhatWasChosen::new, "createLimitedRemovesTheChosenRecordsAndAddsTheNewOne"),
    LIMIT_STORES_LESS(BrokenLimit.StoresLess::new, "createLimitedRemovesTheChosenRecordsAndAddsTheNewOne"),
    LIMIT_CREATES_WHAT_WAS_REFUSED(BrokenLimit.CreatesWhatWasRefused::new, "refusedLoginChangesNothing"),
    LIMIT_TAKES_NOTHING_TO_REMOVE_FOR_A_REFUSAL(
            BrokenLimit.TakesNothingToRemoveForARefusal::new, "createLimitedRemovesTheChosenRecordsAndAddsTheNewOne"),
    LIMIT_REMOVES_BEFORE_IT_FAILS(BrokenLimit.RemovesBeforeItFails::new, "limitedLoginWithAnExistingIdRemovesNothing"),
    LIMIT_LOOKS_THEN_WRITES(
            BrokenLimit.LooksThenWrites::new,
            "simultaneousLimitedLoginsNeverLeaveMoreThanTheLimit",
            "simultaneousLoginsAreAcceptedUpToTheLimit"),
    LIMIT_REMOVES_ONLY_WHAT_IS_UNTOUCHED(
            BrokenLimit.RemovesOnlyWhatIsUntouched::new, "chosenRecordIsRemovedDespiteAConcurrentTouch"),

    DELETE_IGNORES_THE_OWNER(BrokenDelete.IgnoresTheOwner::new, "deleteOfAnotherUsersRecordRemovesNothing"),
    DELETE_RETURNS_DELETED_RECORDS(BrokenDelete.ReturnsDeletedRecords::new, "secondDeleteOfARecordReturnsEmpty"),
    DELETE_RETURNS_RECORDS_AS_CREATED(
            BrokenDelete.ReturnsRecordsAsCreated::new, "deletesReturnRecordsInTheirLastState"),
    DELETE_ONLY_EXPIRES(BrokenDelete.SoftlyDeletes::new, "deleteRemovesTheRecordAndReturnsIt"),
    DELETE_IGNORES_EXPIRED_RECORDS(
            BrokenDelete.IgnoresExpiredRecords::new,
            "deleteRemovesExpiredRecordsToo",
            "deleteAllRemovesEveryRecordOfTheUserAndReturnsThem"),
    DELETE_OF_AN_UNKNOWN_ID_REMOVES_ANY(BrokenDelete.RemovesAnyForAnUnknownId::new, "deleteOfAnUnknownIdReturnsEmpty"),
    DELETE_OTHERS_NEEDS_THE_KEPT_ONE(
            BrokenDelete.OthersNeedTheKeptOne::new, "deleteOthersWithAnUnknownKeptIdRemovesAll"),
    DELETE_OTHERS_KEEPS_FOR_ANY_OWNER(
            BrokenDelete.OthersKeepForAnyOwner::new, "deleteOthersWithAnotherUsersKeptIdRemovesOnlyTheUsersOwnRecords"),
    DELETE_OTHERS_INCLUDES_THE_KEPT_ONE(
            BrokenDelete.OthersIncludeTheKeptOne::new,
            "deleteOthersKeepsOneAndReturnsTheRest",
            "deleteOthersOfTheOnlyRecordRemovesNothing"),
    DELETE_ALL_IGNORES_THE_USER(
            BrokenDelete.AllIgnoresTheUser::new, "deleteAllRemovesEveryRecordOfTheUserAndReturnsThem"),
    DELETE_ALL_RETURNS_NOTHING(
            BrokenDelete.AllReturnsNothing::new, "deleteAllRemovesEveryRecordOfTheUserAndReturnsThem"),
    DELETE_ALL_RETURNS_DELETED_RECORDS(
            BrokenDelete.AllReturnsDeletedRecords::new, "bulkDeletesOfAUserWithoutRecordsReturnNothing"),
    DELETE_ALL_BARS_THE_USER(BrokenDelete.AllBarsTheUser::new, "recordCreatedAfterDeleteAllIsKept"),

    PURGE_EXCLUDES_ITS_CUTOFF(
            BrokenPurge.PurgesExclusively::new,
            "purgeRemovesExpiredRecordsOfEveryUserAndNoLiveRecord",
            "purgeRemovesRecordsThatExpireAtOrBeforeTheCutoff",
            "purgeBeforeTheEpochIsExactToTheMillisecond"),
    PURGE_GOES_PAST_ITS_CUTOFF(
            BrokenPurge.PurgesTooMuch::new,
            "purgeRemovesRecordsThatExpireAtOrBeforeTheCutoff",
            "purgeKeepsARecordWhoseDeadlineATouchMadeLater"),
    PURGE_BY_WHOLE_SECONDS(BrokenPurge.PurgesByWholeSeconds::new, "purgeBeforeTheEpochIsExactToTheMillisecond"),
    PURGE_BY_LOGIN(BrokenPurge.PurgesByLogin::new, "purgeLooksOnlyAtExpiresAt"),
    PURGE_BY_ACTIVITY(BrokenPurge.PurgesByActivity::new, "purgeLooksOnlyAtExpiresAt"),
    PURGE_BY_THE_FIRST_DEADLINE(
            BrokenPurge.PurgesByTheFirstDeadline::new,
            "purgeKeepsARecordWhoseDeadlineATouchMadeLater",
            "purgeRemovesARecordWhoseDeadlineATouchMadeEarlier"),
    PURGE_COUNTS_EVERYTHING(BrokenPurge.PurgeCountsEverything::new, "purgeReturnsTheNumberOfRemovedRecords"),

    CREATE_OVERWRITES(
            BrokenRecord.CreateOverwrites::new,
            "createRefusesAnExistingIdAndKeepsItsRecord",
            "createRefusesAnExistingIdOfAnotherUserAndKeepsItsRecord",
            "exactlyOneOfSimultaneousCreatesWithOneIdWins"),
    CREATE_IGNORES_DUPLICATES(
            BrokenRecord.CreateIgnoresDuplicates::new,
            "createRefusesAnExistingIdAndKeepsItsRecord",
            "exactlyOneOfSimultaneousCreatesWithOneIdWins"),
    CREATE_REPLACES_THE_OWNERS(
            BrokenRecord.CreateReplacesOnlyTheOwners::new, "createRefusesAnExistingIdAndKeepsItsRecord"),
    FAILS_ON_UNKNOWN(BrokenRecord.FailsOnUnknown::new, "findOfAnUnknownIdReturnsEmpty", "listOfAnUnknownUserIsEmpty"),
    LISTS_FROM_A_STALE_INDEX(
            BrokenRecord.ListsFromAStaleIndex::new,
            "deleteRemovesTheRecordAndReturnsIt",
            "touchSetsBothTimesAndNothingElse"),
    LISTS_ONLY_THE_NEWEST(BrokenRecord.ListsOnlyTheNewest::new, "listReturnsEveryRecordOfTheUserAndNoOther"),
    LISTS_A_LIVE_VIEW(BrokenRecord.ListsALiveView::new, "laterCallsDoNotChangeAReturnedList"),
    SHARES_ITS_LIST_BY_REFERENCE(
            BrokenRecord.SharesItsListByReference::new, "changingAReturnedListDoesNotChangeTheStore"),
    FIND_HIDES_EXPIRED_RECORDS(BrokenRecord.HidesExpiredRecords::new, "findAndListReturnExpiredRecords"),
    LIST_HIDES_EXPIRED_RECORDS(BrokenRecord.ListsLiveRecordsOnly::new, "findAndListReturnExpiredRecords"),
    TIMES_IN_WHOLE_SECONDS(
            () -> new BrokenRecord.Rewrites(BrokenRecord::inWholeSeconds),
            "findAndListReturnACreatedRecordUnchanged",
            "everyTimeIsKeptToTheMillisecond"),
    TIMES_IN_32_BITS(() -> new BrokenRecord.Rewrites(BrokenRecord::in32BitSeconds), "everyTimeIsKeptToTheMillisecond"),
    TEXT_CUT_BY_UTF_16_UNITS(
            () -> new BrokenRecord.Rewrites(BrokenRecord::withTextCutByUtf16Units),
            "longestTextOfFourByteCharactersIsKept"),
    TEXT_ESCAPED(() -> new BrokenRecord.Rewrites(BrokenRecord::withTextEscaped), "hostileTextIsKeptUnchanged"),
    NULL_BECOMES_TEXT(() -> new BrokenRecord.Rewrites(BrokenRecord::withNullAsText), "eachFieldOfTheClientMayBeNull"),

    USERS_FOLDED_BY_CASE(
            () -> new BrokenIdentity.OfUsers(BrokenIdentity::sameIgnoringCase), "similarUserIdsAreDifferentUsers"),
    USERS_FOLDED_BY_TRAILING_SPACE(
            () -> new BrokenIdentity.OfUsers(BrokenIdentity::sameIgnoringTrailingSpaces),
            "similarUserIdsAreDifferentUsers"),
    USERS_NORMALIZED(
            () -> new BrokenIdentity.OfUsers(BrokenIdentity::sameNormalized), "similarUserIdsAreDifferentUsers"),
    USERS_IN_191_UNITS(
            () -> new BrokenIdentity.OfUsers(BrokenIdentity::sameIn191Units),
            "longUserIdsThatDifferOnlyInTheLastCodePointAreDifferentUsers"),
    USERS_BY_PREFIX(
            () -> new BrokenIdentity.OfUsers(BrokenIdentity::beginsWith),
            "userIdThatIsAPrefixOfAnotherIsADifferentUser"),
    USERS_AS_PATTERNS(
            () -> new BrokenIdentity.OfUsers(BrokenIdentity::isLike), "hostileUserIdReachesOnlyItsOwnRecords"),
    SESSION_IDS_FOLDED_BY_CASE(
            () -> new BrokenIdentity.OfSessions(id -> id.toLowerCase(Locale.ROOT)),
            "sessionIdsThatDifferOnlyInCaseAreDifferentSessions"),
    SESSION_IDS_IN_32_CHARACTERS(
            () -> new BrokenIdentity.OfSessions(id -> id.substring(0, Math.min(32, id.length()))),
            "sessionIdThatIsAPrefixOfAnotherIsADifferentSession"),
    SESSION_IDS_AS_PATTERNS(BrokenIdentity.SessionIdsAsPatterns::new, "sessionIdsAreNotPatterns"),
    SESSION_IDS_WITHOUT_DASHES(
            () -> new BrokenRecord.Rewrites(BrokenRecord::withoutDashes), "shortestAndLongestSessionIdsAreKept"),

    LOSES_INSERTS(BrokenRace.LosesInserts::new, "simultaneousLoginsOfOneUserAreAllKept"),
    CREATE_CHECKS_THEN_WRITES(BrokenRace.CreateChecksThenWrites::new, "exactlyOneOfSimultaneousCreatesWithOneIdWins"),
    TOUCH_READS_THEN_WRITES(
            BrokenRace.TouchReadsThenWrites::new,
            "exactlyOneOfSimultaneousTouchesWins",
            "touchRacingDeleteDoesNotReviveTheRecord",
            "touchRacingDeleteOthersDoesNotReviveTheRecord",
            "touchRacingDeleteAllDoesNotReviveTheRecord"),
    TOUCH_SETS_ONE_TIME_AFTER_THE_OTHER(BrokenRace.TouchSetsOneTimeAfterTheOther::new, "readersNeverSeeATouchHalfDone"),
    TOUCH_REMOVES_AND_ADDS(BrokenRace.TouchRemovesAndAdds::new, "readersNeverSeeATouchHalfDone"),
    DELETE_READS_THEN_REMOVES(
            BrokenRace.DeleteReadsThenRemoves::new, "deletesRacingTouchReturnTheRecordInItsLastState"),
    DELETES_RETURN_A_RECORD_TWICE(BrokenRace.DeletesReturnARecordTwice::new, "simultaneousDeletesReturnEachRecordOnce"),
    DELETE_ALL_RETURNS_A_RECORD_TWICE(
            BrokenRace.DeleteAllReturnsARecordTwice::new, "simultaneousDeletesReturnEachRecordOnce"),
    DELETE_ALL_SWALLOWS_LOGINS(
            BrokenRace.DeleteAllSwallowsLogins::new, "recordCreatedDuringDeleteAllIsEitherReturnedOrKept"),
    PURGE_SELECTS_THEN_REMOVES(
            BrokenRace.PurgeSelectsThenRemoves::new, "eitherTouchOrPurgeWins", "simultaneousPurgesCountEachRecordOnce");

    private final Supplier<SessionStore> maker;
    private final Set<String> brokenRules;

    BrokenStore(Supplier<SessionStore> maker, String... brokenRules) {
        this.maker = maker;
        this.brokenRules = Set.of(brokenRules);
    }

    SessionStore open() {
        return maker.get();
    }

    Set<String> brokenRules() {
        return brokenRules;
    }
}
