package io.github.sessionaware.tck;

import io.github.sessionaware.SessionStore;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/** Every broken store, and the rules that must show what is wrong with it. */
@SuppressWarnings("ImmutableEnumChecker") // a lambda that makes stores, and Set.of
enum BrokenStore {
    TOUCH_UPSERTS(
            BrokenTouch.Upserts::new,
            "touchOfAnUnknownRecordCreatesNothing",
            "touchAfterDeleteNeverRevives",
            "touchAfterDeleteOthersNeverRevives",
            "touchAfterDeleteAllNeverRevives",
            "touchAfterPurgeNeverRevives"),
    TOUCH_MOVES_ACTIVITY_BACK(
            BrokenTouch.MovesActivityBack::new,
            "touchAtAnEarlierActivityTimeChangesNothing",
            "touchAtTheSameActivityTimeChangesNothing"),
    TOUCH_ACCEPTS_THE_SAME_TIME(BrokenTouch.AcceptsTheSameTime::new, "touchAtTheSameActivityTimeChangesNothing"),
    TOUCH_IGNORES_WHAT_WAS_SEEN(
            BrokenTouch.IgnoresWhatWasSeen::new,
            "touchBySomebodyWhoWasOvertakenChangesNothing",
            "ofSimultaneousTouchesThatSawTheSameExactlyOneWins"),
    TOUCH_COMPARES_WITH_THE_LATEST_ONLY(
            BrokenTouch.ComparesWithTheLatestOnly::new, "touchBySomebodyWhoWasOvertakenChangesNothing"),
    TOUCH_NEVER_SHORTENS_THE_DEADLINE(
            BrokenTouch.NeverShortensTheDeadline::new,
            "touchMayMoveTheDeadlineBack",
            "recordThatATouchMovedBeforeTheBorderIsPurged"),
    TOUCH_FORGETS_THE_CLIENT(BrokenTouch.ForgetsTheClient::new, "touchSetsBothTimesAndNothingElse"),
    TOUCH_REACHES_ALL_OF_THE_USER(BrokenTouch.ReachesAllOfTheUser::new, "touchChangesNoOtherRecord"),
    TOUCH_NEEDS_A_WHOLE_SECOND(BrokenTouch.NeedsAWholeSecond::new, "touchOneMillisecondLaterIsRecorded"),
    TOUCH_WORKS_ONCE(BrokenTouch.WorksOnce::new, "touchOfARecordReadAgainIsRecorded"),

    REFRESH_STATE_FORGOTTEN(BrokenReplace.ForgetsTheRefreshState::new, "refreshStateIsKept"),
    REFRESH_STATE_CUT(BrokenReplace.CutsTheRefreshState::new, "refreshStateIsKept"),
    TOUCH_FORGETS_THE_REFRESH_STATE(BrokenReplace.TouchForgetsTheRefreshState::new, "touchKeepsWhatIsNoTime"),
    REPLACE_SETS_THE_REFRESH_STATE_ONLY(
            BrokenReplace.SetsTheRefreshStateOnly::new, "replaceSetsEverythingThatMayDiffer"),
    REPLACE_NEEDS_A_REFRESH_STATE(BrokenReplace.NeedsARefreshState::new, "replaceSetsEverythingThatMayDiffer"),
    REPLACE_IGNORES_A_TOUCH(BrokenReplace.IgnoresATouch::new, "replaceBySomebodyWhoWasOvertakenByATouchChangesNothing"),
    REPLACE_IGNORES_THE_REFRESH_STATE(
            BrokenReplace.IgnoresTheRefreshState::new, "replaceBySomebodyWhoWasOvertakenByAReplaceChangesNothing"),
    REPLACE_FOLDS_THE_REFRESH_STATE(
            BrokenReplace.FoldsTheRefreshState::new, "replaceBySomebodyWhoWasOvertakenByAReplaceChangesNothing"),
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
    REPLACE_IGNORES_THE_LABEL(
            BrokenReplace.IgnoresTheLabel::new, "replaceBySomebodyWhoWasOvertakenByANewLabelChangesNothing"),
    REPLACE_COPIES_TO_THE_NEW_ID(BrokenReplace.CopiesToTheNewId::new, "replaceMayGiveTheRecordAnotherId"),
    REPLACE_OVERWRITES_THE_NEW_ID(
            BrokenReplace.OverwritesTheNewId::new, "replaceToAnIdThatExistsIsRefusedAndChangesNothing"),
    REPLACE_CREATES_THE_NEW_ID_ALL_THE_SAME(
            BrokenReplace.CreatesTheNewIdFirst::new, "replaceToAnotherIdBySomebodyWhoWasOvertakenChangesNothing"),
    DELETE_ALL_BY_IDS_SEEN_BEFORE(
            BrokenReplace.DeletesAllByTheIdsItHasSeen::new, "replaceToANewIdRacingDeleteDoesNotEscapeIt"),
    DELETE_OTHERS_BY_IDS_SEEN_BEFORE(
            BrokenReplace.DeletesOthersByTheIdsItHasSeen::new, "replaceToANewIdRacingDeleteDoesNotEscapeIt"),
    REPLACE_COUNTS_WHAT_DIFFERS(BrokenReplace.CountsWhatDiffers::new, "replaceOfARecordByItselfAnswersTrue"),
    REPLACE_UPSERTS(BrokenReplace.Upserts::new, "replaceOfWhatIsNotThereCreatesNothing"),
    REPLACE_REACHES_ALL_OF_THE_USER(BrokenReplace.ReachesAllOfTheUser::new, "replaceChangesNoOtherRecord"),
    REPLACE_READS_THEN_WRITES(
            BrokenReplace.ReadsThenWrites::new,
            "ofSimultaneousReplacesThatSawTheSameExactlyOneWins",
            "ofSimultaneousReplacesToNewIdsExactlyOneWins",
            "replaceRacingDeleteNeverRevives"),

    LIMIT_SHOWS_UNEXPIRED_ONLY(BrokenLimit.ShowsUnexpiredOnly::new, "choiceIsGivenEveryRecordOfTheUserAndNoOther"),
    LIMIT_SHOWS_EVERYBODYS(BrokenLimit.ShowsEverybodys::new, "choiceIsGivenEveryRecordOfTheUserAndNoOther"),
    LIMIT_KEEPS_WHAT_WAS_CHOSEN(BrokenLimit.KeepsWhatWasChosen::new, "chosenRecordsGoAndTheNewOneComes"),
    LIMIT_STORES_LESS(BrokenLimit.StoresLess::new, "chosenRecordsGoAndTheNewOneComes"),
    LIMIT_CREATES_WHAT_WAS_REFUSED(BrokenLimit.CreatesWhatWasRefused::new, "refusedLoginChangesNothing"),
    LIMIT_TAKES_NOTHING_TO_REMOVE_FOR_A_REFUSAL(
            BrokenLimit.TakesNothingToRemoveForARefusal::new, "chosenRecordsGoAndTheNewOneComes"),
    LIMIT_REMOVES_BEFORE_IT_FAILS(
            BrokenLimit.RemovesBeforeItFails::new, "limitedLoginWithAnIdThatExistsRemovesNothing"),
    LIMIT_LOOKS_THEN_WRITES(
            BrokenLimit.LooksThenWrites::new,
            "simultaneousLimitedLoginsNeverLeaveMoreThanTheLimit",
            "ofSimultaneousLoginsAsManyAsTheLimitAreAccepted"),
    LIMIT_REMOVES_ONLY_WHAT_IS_UNTOUCHED(
            BrokenLimit.RemovesOnlyWhatIsUntouched::new, "chosenRecordThatIsTouchedMeanwhileDoesNotStay"),

    DELETE_ASKS_FOR_NO_OWNER(BrokenDelete.AsksForNoOwner::new, "deleteOfAnotherUsersRecordRemovesNothing"),
    DELETE_HANDS_OUT_GHOSTS(BrokenDelete.HandsOutGhosts::new, "secondDeleteOfOneRecordReturnsNothing"),
    DELETE_RETURNS_RECORDS_AS_CREATED(BrokenDelete.ReturnsRecordsAsCreated::new, "deletesReturnRecordsAsTheyLastWere"),
    DELETE_ONLY_EXPIRES(BrokenDelete.SoftlyDeletes::new, "deleteRemovesTheRecordAndReturnsIt"),
    DELETE_IGNORES_EXPIRED_RECORDS(
            BrokenDelete.IgnoresExpiredRecords::new,
            "deleteRemovesExpiredRecordsToo",
            "deleteAllRemovesEveryRecordOfTheUserAndReturnsThem"),
    DELETE_OF_AN_UNKNOWN_ID_TAKES_ANY(BrokenDelete.TakesAnyForAnUnknownId::new, "deleteOfAnUnknownIdReturnsNothing"),
    DELETE_OTHERS_NEEDS_THE_KEPT_ONE(
            BrokenDelete.OthersNeedTheKeptOne::new, "deleteOthersWithAnUnknownKeptIdRemovesAll"),
    DELETE_OTHERS_KEEPS_FOR_ANY_OWNER(
            BrokenDelete.OthersKeepForAnyOwner::new, "deleteOthersWithAnotherUsersKeptIdRemovesAllOfTheUserOnly"),
    DELETE_OTHERS_INCLUDES_THE_KEPT_ONE(
            BrokenDelete.OthersIncludeTheKeptOne::new,
            "deleteOthersKeepsOneAndReturnsTheRest",
            "deleteOthersOfTheOnlyRecordRemovesNothing"),
    DELETE_ALL_MEANS_EVERYBODY(
            BrokenDelete.AllMeansEverybody::new, "deleteAllRemovesEveryRecordOfTheUserAndReturnsThem"),
    DELETE_ALL_RETURNS_NOTHING(
            BrokenDelete.AllReturnsNothing::new, "deleteAllRemovesEveryRecordOfTheUserAndReturnsThem"),
    DELETE_ALL_HANDS_OUT_GHOSTS(BrokenDelete.AllHandsOutGhosts::new, "deletingAllOfNothingReturnsNothing"),
    DELETE_ALL_BARS_THE_USER(BrokenDelete.AllBarsTheUser::new, "loginAfterDeleteAllIsKept"),

    PURGE_EXCLUDES_ITS_BORDER(
            BrokenPurge.PurgesExclusively::new,
            "purgeRemovesExpiredRecordsOfEveryUserAndNoLiveOne",
            "purgeRemovesWhatExpiresAtItsBorderOrBeforeAndKeepsWhatExpiresAfter",
            "purgeBeforeTheEpochHasItsBorderToo"),
    PURGE_GOES_PAST_ITS_BORDER(
            BrokenPurge.PurgesTooMuch::new,
            "purgeRemovesWhatExpiresAtItsBorderOrBeforeAndKeepsWhatExpiresAfter",
            "recordThatATouchMovedPastTheBorderSurvivesPurge"),
    PURGE_BY_WHOLE_SECONDS(BrokenPurge.PurgesByWholeSeconds::new, "purgeBeforeTheEpochHasItsBorderToo"),
    PURGE_BY_LOGIN(BrokenPurge.PurgesByLogin::new, "purgeLooksAtTheDeadlineOnly"),
    PURGE_BY_ACTIVITY(BrokenPurge.PurgesByActivity::new, "purgeLooksAtTheDeadlineOnly"),
    PURGE_BY_THE_FIRST_DEADLINE(
            BrokenPurge.PurgesByTheFirstDeadline::new,
            "recordThatATouchMovedPastTheBorderSurvivesPurge",
            "recordThatATouchMovedBeforeTheBorderIsPurged"),
    PURGE_COUNTS_EVERYTHING(BrokenPurge.PurgeCountsEverything::new, "purgeReturnsHowManyRecordsItRemoved"),

    CREATE_OVERWRITES(
            BrokenRecord.CreateOverwrites::new,
            "idThatExistsIsRefusedAndItsRecordStays",
            "idThatExistsForAnotherUserIsRefusedAndItsRecordStays",
            "ofSimultaneousCreatesWithOneIdExactlyOneWins"),
    CREATE_IGNORES_DUPLICATES(
            BrokenRecord.CreateIgnoresDuplicates::new,
            "idThatExistsIsRefusedAndItsRecordStays",
            "ofSimultaneousCreatesWithOneIdExactlyOneWins"),
    CREATE_REPLACES_THE_OWNERS(BrokenRecord.CreateReplacesOnlyTheOwners::new, "idThatExistsIsRefusedAndItsRecordStays"),
    FAILS_ON_UNKNOWN(BrokenRecord.FailsOnUnknown::new, "unknownIdIsNotFound", "unknownUserHasAnEmptyList"),
    LISTS_FROM_A_STALE_INDEX(
            BrokenRecord.ListsFromAStaleIndex::new,
            "deleteRemovesTheRecordAndReturnsIt",
            "touchSetsBothTimesAndNothingElse"),
    LISTS_ONLY_THE_NEWEST(BrokenRecord.ListsOnlyTheNewest::new, "listHoldsEveryRecordOfTheUserAndNoOther"),
    LISTS_A_LIVE_VIEW(BrokenRecord.ListsALiveView::new, "listIsASnapshotThatLaterCallsDoNotChange"),
    SHARES_ITS_LIST_BY_REFERENCE(BrokenRecord.SharesItsListByReference::new, "changingAListDoesNotReachTheStore"),
    FIND_HIDES_EXPIRED_RECORDS(BrokenRecord.HidesExpiredRecords::new, "expiredRecordIsStillFoundAndListed"),
    LIST_HIDES_EXPIRED_RECORDS(BrokenRecord.ListsLiveRecordsOnly::new, "expiredRecordIsStillFoundAndListed"),
    TIMES_IN_WHOLE_SECONDS(
            () -> new BrokenRecord.Rewrites(BrokenRecord::inWholeSeconds),
            "createdRecordIsFoundAndListedWhole",
            "everyTimeIsKeptToTheMillisecond"),
    TIMES_IN_32_BITS(() -> new BrokenRecord.Rewrites(BrokenRecord::in32BitSeconds), "everyTimeIsKeptToTheMillisecond"),
    TEXT_CUT_BY_UTF_16_UNITS(
            () -> new BrokenRecord.Rewrites(BrokenRecord::withTextCutByUtf16Units),
            "longestTextOfTheWidestCharactersIsKeptWhole"),
    TEXT_ESCAPED(() -> new BrokenRecord.Rewrites(BrokenRecord::withTextEscaped), "hostileTextIsKeptAsItIs"),
    UNKNOWN_SPELLED_OUT(
            () -> new BrokenRecord.Rewrites(BrokenRecord::withUnknownSpelledOut), "eachPartOfTheClientMayBeUnknown"),

    USERS_FOLDED_BY_CASE(
            () -> new BrokenIdentity.OfUsers(BrokenIdentity::sameIgnoringCase), "lookAlikeUsersAreTwoUsers"),
    USERS_FOLDED_BY_TRAILING_SPACE(
            () -> new BrokenIdentity.OfUsers(BrokenIdentity::sameIgnoringTrailingSpaces), "lookAlikeUsersAreTwoUsers"),
    USERS_NORMALIZED(() -> new BrokenIdentity.OfUsers(BrokenIdentity::sameNormalized), "lookAlikeUsersAreTwoUsers"),
    USERS_IN_191_UNITS(
            () -> new BrokenIdentity.OfUsers(BrokenIdentity::sameIn191Units),
            "longUserIdsThatDifferInTheirLastCodePointAreTwoUsers"),
    USERS_BY_PREFIX(
            () -> new BrokenIdentity.OfUsers(BrokenIdentity::beginsWith), "userIdThatBeginsAnotherIsAnotherUser"),
    USERS_AS_PATTERNS(
            () -> new BrokenIdentity.OfUsers(BrokenIdentity::isLike), "hostileUserIdReachesOnlyItsOwnRecords"),
    SESSION_IDS_FOLDED_BY_CASE(
            () -> new BrokenIdentity.OfSessions(id -> id.toLowerCase(Locale.ROOT)),
            "sessionIdsThatDifferInCaseAreTwoSessions"),
    SESSION_IDS_IN_32_CHARACTERS(
            () -> new BrokenIdentity.OfSessions(id -> id.substring(0, Math.min(32, id.length()))),
            "sessionIdThatBeginsAnotherIsAnotherSession"),
    SESSION_IDS_AS_PATTERNS(BrokenIdentity.SessionIdsAsPatterns::new, "sessionIdsAreNotPatterns"),
    SESSION_IDS_WITHOUT_DASHES(
            () -> new BrokenRecord.Rewrites(BrokenRecord::withoutDashes), "shortestAndLongestSessionIdsAreKept"),

    LOSES_INSERTS(BrokenRace.LosesInserts::new, "simultaneousLoginsOfOneUserAreAllKept"),
    CREATE_CHECKS_THEN_WRITES(BrokenRace.CreateChecksThenWrites::new, "ofSimultaneousCreatesWithOneIdExactlyOneWins"),
    TOUCH_READS_THEN_WRITES(
            BrokenRace.TouchReadsThenWrites::new,
            "ofSimultaneousTouchesThatSawTheSameExactlyOneWins",
            "touchRacingDeleteNeverRevives",
            "touchRacingDeleteOthersNeverRevives",
            "touchRacingDeleteAllNeverRevives"),
    TOUCH_SETS_ONE_TIME_AFTER_THE_OTHER(BrokenRace.TouchSetsOneTimeAfterTheOther::new, "readersNeverSeeATouchHalfDone"),
    TOUCH_REMOVES_AND_ADDS(BrokenRace.TouchRemovesAndAdds::new, "readersNeverSeeATouchHalfDone"),
    DELETE_READS_THEN_REMOVES(
            BrokenRace.DeleteReadsThenRemoves::new, "recordTouchedWhileItIsDeletedIsHandedOutAsItLastWas"),
    DELETES_HAND_OUT_TWICE(BrokenRace.DeletesHandOutTwice::new, "simultaneousDeletesHandOutEachRecordOnce"),
    DELETE_ALL_HANDS_OUT_TWICE(BrokenRace.DeleteAllHandsOutTwice::new, "simultaneousDeletesHandOutEachRecordOnce"),
    DELETE_ALL_SWALLOWS_LOGINS(BrokenRace.DeleteAllSwallowsLogins::new, "loginRacingDeleteAllIsEitherHandedOutOrKept"),
    PURGE_SELECTS_THEN_REMOVES(
            BrokenRace.PurgeSelectsThenRemoves::new, "eitherTouchOrPurgeWins", "simultaneousPurgesCountEachRecordOnce");

    private final Supplier<SessionStore> maker;
    private final Set<String> ownReasons;

    BrokenStore(Supplier<SessionStore> maker, String... ownReasons) {
        this.maker = maker;
        this.ownReasons = Set.of(ownReasons);
    }

    SessionStore open() {
        return maker.get();
    }

    Set<String> ownReasons() {
        return ownReasons;
    }
}
