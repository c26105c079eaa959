package io.github.sessionaware.tck;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.tck.elsewhere.ExpiringStore;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Every broken store, with the rules that must fail for it. */
@SuppressWarnings("ImmutableEnumChecker") // The supplier and the set are immutable, but their types are not.
enum BrokenStore {
    TOUCH_UPSERTS(
            BrokenTouch.Upserts::new,
            "touchOfAnUnknownRecordCreatesNothing",
            "touchAfterDeleteDoesNotReviveTheRecord",
            "touchAfterDeleteAllExceptOneDoesNotReviveTheRecord",
            "touchAfterDeleteAllDoesNotReviveTheRecord",
            "touchAfterALoginThatRemovedTheRecordDoesNotReviveIt",
            "touchAfterPurgeDoesNotReviveTheRecord"),
    TOUCH_IGNORES_THE_VERSION(
            touchThatCompares(BrokenTouch::always),
            "touchOfAnEarlierVersionChangesNothing",
            "touchOfALaterVersionChangesNothing",
            "exactlyOneOfSimultaneousTouchesWins"),
    TOUCH_COMPARES_TIMES(touchThatCompares(BrokenTouch::ifTimesAreEqual), "touchOfAnEarlierVersionChangesNothing"),
    TOUCH_COMPARES_TIME_STATE_AND_LABEL(
            touchThatCompares(BrokenTouch::ifTimeStateAndLabelAreEqual), "touchOfAnEarlierVersionChangesNothing"),
    TOUCH_ACCEPTS_A_LATER_VERSION(touchThatCompares(BrokenTouch::ifNotNewer), "touchOfALaterVersionChangesNothing"),
    TOUCH_DOES_NOT_RAISE_THE_VERSION(
            touchThatRewrites(BrokenRecord::withVersionMinusOne),
            "touchSetsBothTimesAndRaisesTheVersionByOne",
            "touchAtTheSameTimesRaisesTheVersion",
            "exactlyOneOfSimultaneousTouchesWins"),
    TOUCH_RAISES_THE_VERSION_BY_TWO(
            touchThatRewrites(BrokenRecord::withVersionPlusOne), "touchSetsBothTimesAndRaisesTheVersionByOne"),
    TOUCH_FORGETS_THE_VERSION(
            touchThatRewrites(BrokenRecord::withoutVersion), "touchSetsBothTimesAndRaisesTheVersionByOne"),
    TOUCH_FORGETS_THE_CLIENT(
            touchThatRewrites(BrokenRecord::withoutClient),
            "touchSetsBothTimesAndRaisesTheVersionByOne",
            "touchKeepsEveryOtherPart"),
    TOUCH_FORGETS_THE_REFRESH_STATE(touchThatRewrites(BrokenRecord::withoutRefreshState), "touchKeepsEveryOtherPart"),
    TOUCH_FORGETS_THE_GENERATION(touchThatRewrites(BrokenRecord::withoutGeneration), "touchKeepsEveryOtherPart"),
    TOUCH_FORGETS_THE_CATEGORY(touchThatRewrites(BrokenRecord::withoutCategory), "touchKeepsEveryOtherPart"),
    TOUCH_FORGETS_THE_ATTRIBUTES(touchThatRewrites(BrokenRecord::withoutAttributes), "touchKeepsEveryOtherPart"),
    TOUCH_FORGETS_THE_DEVICE_KEY(touchThatRewrites(BrokenRecord::withoutDeviceKey), "touchKeepsEveryOtherPart"),
    TOUCH_FORGETS_THE_LOGIN_DEVICE(touchThatRewrites(BrokenRecord::withoutLoginDevice), "touchKeepsEveryOtherPart"),
    TOUCH_FORGETS_THE_LOGIN_NETWORK(touchThatRewrites(BrokenRecord::withoutLoginNetwork), "touchKeepsEveryOtherPart"),
    TOUCH_NEEDS_A_LATER_TIME(
            BrokenTouch.NeedsALaterTime::new, "touchAtTheSameTimesRaisesTheVersion", "touchAtAnEarlierTimeIsRecorded"),
    TOUCH_COUNTS_WHAT_DIFFERS(BrokenTouch.CountsWhatDiffers::new, "touchAtTheSameTimesRaisesTheVersion"),
    TOUCH_NEVER_MOVES_ACTIVITY_BACK(BrokenTouch.NeverMovesActivityBack::new, "touchAtAnEarlierTimeIsRecorded"),
    TOUCH_NEVER_SHORTENS_THE_DEADLINE(
            BrokenTouch.NeverShortensTheDeadline::new,
            "touchMayMakeTheDeadlineEarlier",
            "purgeRemovesARecordWhoseDeadlineATouchMadeEarlier"),
    TOUCH_REACHES_ALL_OF_THE_USER(BrokenTouch.ReachesAllOfTheUser::new, "touchChangesNoOtherRecord"),
    TOUCH_REACHES_EVERY_USER(BrokenTouch.ReachesEveryUser::new, "touchChangesNoOtherRecord"),
    TOUCH_COMPARES_THE_LOW_BITS_OF_THE_VERSION(
            touchThatCompares((stored, seen) -> (int) stored.version() == (int) seen.version()),
            "largeVersionsAreKeptAndComparedWhole"),
    TOUCH_IGNORES_THE_USER(BrokenTouch.IgnoresTheUser::new, "sameSessionIdOfTwoUsersNamesTwoRecords"),
    TOUCH_NEEDS_A_WHOLE_SECOND(BrokenTouch.NeedsAWholeSecond::new, "touchOneMillisecondLaterIsRecorded"),
    TOUCH_WORKS_ONCE(BrokenTouch.WorksOnce::new, "touchAfterReadingTheRecordAgainIsRecorded"),

    VERSION_IN_32_BITS(createThatRewrites(BrokenRecord::withVersionIn32Bits), "largeVersionsAreKeptAndComparedWhole"),
    REPLACE_COMPARES_THE_LOW_BITS_OF_THE_VERSION(
            replaceThatCompares((stored, seen) -> (int) stored.version() == (int) seen.version()),
            "largeVersionsAreKeptAndComparedWhole"),
    ADMISSION_BEFORE_THE_ID(
            BrokenAdmission.DecidesBeforeItLooksAtTheId::new, "existingIdFailsWhateverTheAdmissionWouldDecide"),
    ADMITS_IF_THE_ADMISSION_THROWS(
            BrokenAdmission.AdmitsIfTheAdmissionThrows::new, "createWhoseAdmissionThrowsChangesNothing"),
    LIST_RETURNS_ONE_PAGE(BrokenDelete.ListsOnePage::new, "manyRecordsOfOneUserAreListedDeletedAndPurged"),
    METHODS_SPLIT_AT_COMMAS(
            createThatRewrites(BrokenRecord::withMethodsSplitAtCommas), "authenticationMethodsWithPunctuationAreKept"),
    PURGE_BY_SESSION_ID(
            BrokenIdentity.PurgesBySessionId::new, "removalsKeepTheRecordOfAnotherUserWithTheSameSessionId"),
    DELETE_ALL_BY_SESSION_ID(
            BrokenIdentity.DeletesAllBySessionId::new, "removalsKeepTheRecordOfAnotherUserWithTheSameSessionId"),
    LEAVING_BY_SESSION_ID(
            BrokenIdentity.LeavingBySessionId::new, "removalsKeepTheRecordOfAnotherUserWithTheSameSessionId"),

    REPLACE_UPSERTS(BrokenReplace.Upserts::new, "replaceOfAMissingRecordCreatesNothing"),
    REPLACE_IGNORES_THE_VERSION(
            replaceThatCompares(BrokenTouch::always),
            "replaceOfAnEarlierVersionChangesNothing",
            "replaceOfALaterVersionChangesNothing",
            "exactlyOneOfSimultaneousReplacesWins"),
    REPLACE_COMPARES_TIMES(
            replaceThatCompares(BrokenTouch::ifTimesAreEqual),
            "replaceOfAnEarlierVersionChangesNothing",
            "replaceComparesNothingExceptTheIdentityAndTheVersion"),
    REPLACE_COMPARES_TIME_STATE_AND_LABEL(
            replaceThatCompares(BrokenTouch::ifTimeStateAndLabelAreEqual), "replaceOfAnEarlierVersionChangesNothing"),
    REPLACE_COMPARES_THE_WHOLE_RECORD(
            replaceThatCompares(SessionRecord::equals), "replaceComparesNothingExceptTheIdentityAndTheVersion"),
    REPLACE_ACCEPTS_A_LATER_VERSION(
            replaceThatCompares(BrokenTouch::ifNotNewer), "replaceOfALaterVersionChangesNothing"),
    REPLACE_DOES_NOT_RAISE_THE_VERSION(
            replaceThatRewrites(BrokenReplace::keepingTheVersion),
            "replaceSetsEveryPartThatMayChange",
            "replaceByAnEqualRecordRaisesTheVersion",
            "exactlyOneOfSimultaneousReplacesWins",
            "eitherTouchOrReplaceWins"),
    REPLACE_RAISES_THE_VERSION_BY_TWO(
            replaceThatRewrites(BrokenReplace::raisingTheVersionByTwo),
            "replaceSetsEveryPartThatMayChange",
            "replaceByAnEqualRecordRaisesTheVersion"),
    REPLACE_KEEPS_THE_GENERATION(
            replaceThatRewrites(BrokenReplace::keepingTheGeneration), "replaceSetsEveryPartThatMayChange"),
    REPLACE_KEEPS_THE_CATEGORY(
            replaceThatRewrites(BrokenReplace::keepingTheCategory), "replaceSetsEveryPartThatMayChange"),
    REPLACE_KEEPS_THE_ATTRIBUTES(
            replaceThatRewrites(BrokenReplace::keepingTheAttributes), "replaceSetsEveryPartThatMayChange"),
    REPLACE_MERGES_THE_ATTRIBUTES(
            replaceThatRewrites(BrokenReplace::mergingTheAttributes), "replaceSetsEveryPartThatMayChange"),
    REPLACE_KEEPS_THE_DEVICE_KEY(
            replaceThatRewrites(BrokenReplace::keepingTheDeviceKey), "replaceSetsEveryPartThatMayChange"),
    REPLACE_KEEPS_DEVICE_AND_NETWORK_OF_THE_LOGIN(
            replaceThatRewrites(BrokenReplace::keepingDeviceAndNetworkOfTheLogin), "replaceSetsEveryPartThatMayChange"),
    REPLACE_KEEPS_WHAT_BECOMES_NULL(
            replaceThatRewrites(BrokenReplace::keepingWhatBecomesNull), "replaceSetsEveryPartThatMayChange"),
    REPLACE_SETS_THE_REFRESH_STATE_ONLY(
            replaceThatRewrites(BrokenReplace::settingTheRefreshStateOnly), "replaceSetsEveryPartThatMayChange"),
    REPLACE_RETURNS_FALSE(BrokenReplace.ReturnsFalse::new, "replaceSetsEveryPartThatMayChange"),
    REPLACE_NEEDS_A_REFRESH_STATE(BrokenReplace.NeedsARefreshState::new, "replaceSetsEveryPartThatMayChange"),
    REPLACE_COUNTS_WHAT_DIFFERS(BrokenReplace.CountsWhatDiffers::new, "replaceByAnEqualRecordRaisesTheVersion"),
    REPLACE_SKIPS_AN_EQUAL_RECORD(BrokenReplace.SkipsAnEqualRecord::new, "replaceByAnEqualRecordRaisesTheVersion"),
    REPLACE_REACHES_ALL_OF_THE_USER(BrokenReplace.ReachesAllOfTheUser::new, "replaceChangesNoOtherRecord"),
    REPLACE_REACHES_EVERY_USER(BrokenReplace.ReachesEveryUser::new, "replaceChangesNoOtherRecord"),
    REPLACE_IGNORES_THE_USER(BrokenReplace.IgnoresTheUser::new, "sameSessionIdOfTwoUsersNamesTwoRecords"),
    REPLACE_READS_THEN_WRITES(
            BrokenReplace.ReadsThenWrites::new,
            "exactlyOneOfSimultaneousReplacesWins",
            "eitherTouchOrReplaceWins",
            "replaceRacingDeleteDoesNotReviveTheRecord"),

    ADMISSION_IGNORED(
            BrokenAdmission.IgnoresTheAdmission::new,
            "admissionReceivesEveryRecordOfTheUserAndNoOther",
            "createRemovesTheRecordsThatMustLeaveAndAddsTheNewOne",
            "refusedLoginChangesNothing",
            "simultaneousLoginsNeverLeaveMoreThanTheLimit",
            "simultaneousLoginsAreAcceptedUpToTheLimit"),
    ADMISSION_FAILS(
            BrokenAdmission.FailsForEveryDecision::new,
            "createRemovesTheRecordsThatMustLeaveAndAddsTheNewOne",
            "refusedLoginChangesNothing"),
    ADMISSION_ALLOWS_ONE_SESSION_PER_USER(
            BrokenAdmission.AllowsOneSessionPerUser::new, "unconditionalCreateRemovesNothing"),
    ADMISSION_SHOWS_UNEXPIRED_ONLY(
            BrokenAdmission.ShowsUnexpiredOnly::new, "admissionReceivesEveryRecordOfTheUserAndNoOther"),
    ADMISSION_SHOWS_EVERYBODYS(BrokenAdmission.ShowsEverybodys::new, "admissionReceivesEveryRecordOfTheUserAndNoOther"),
    ADMISSION_SHOWS_THE_NEW_RECORD_TOO(
            BrokenAdmission.ShowsTheNewRecordToo::new, "admissionReceivesEveryRecordOfTheUserAndNoOther"),
    ADMISSION_KEEPS_WHAT_MUST_LEAVE(
            BrokenAdmission.KeepsWhatMustLeave::new, "createRemovesTheRecordsThatMustLeaveAndAddsTheNewOne"),
    ADMISSION_REMOVES_A_HUNDRED(BrokenAdmission.RemovesAHundred::new, "manyRecordsLeaveForOneLogin"),
    ADMISSION_RETURNS_A_HUNDRED(BrokenAdmission.ReturnsAHundred::new, "manyRecordsLeaveForOneLogin"),
    ADMISSION_STORES_LESS(BrokenAdmission.StoresLess::new, "createRemovesTheRecordsThatMustLeaveAndAddsTheNewOne"),
    ADMISSION_CREATES_WHAT_WAS_REFUSED(BrokenAdmission.CreatesWhatWasRefused::new, "refusedLoginChangesNothing"),
    ADMISSION_REMOVES_FOR_A_REFUSED_LOGIN(BrokenAdmission.RemovesForARefusedLogin::new, "refusedLoginChangesNothing"),
    ADMISSION_TAKES_NOTHING_TO_REMOVE_FOR_A_REFUSAL(
            BrokenAdmission.TakesNothingToRemoveForARefusal::new,
            "unconditionalCreateRemovesNothing",
            "createRemovesTheRecordsThatMustLeaveAndAddsTheNewOne"),
    ADMISSION_REMOVES_BEFORE_IT_FAILS(
            BrokenAdmission.RemovesBeforeItFails::new, "createWithAnExistingIdRemovesNothing"),
    ADMISSION_REMOVES_THE_EXISTING_ID_AND_FAILS(
            BrokenAdmission.RemovesTheExistingIdAndFails::new, "existingIdFailsWhateverTheAdmissionWouldDecide"),
    ADMISSION_OVERWRITES_AN_EXISTING_ID(
            BrokenAdmission.DecidedCreateOverwrites::new, "createWithAnExistingIdRemovesNothing"),
    ADMISSION_LOOKS_THEN_WRITES(
            BrokenAdmission.LooksThenWrites::new,
            "simultaneousLoginsNeverLeaveMoreThanTheLimit",
            "simultaneousLoginsAreAcceptedUpToTheLimit"),
    ADMISSION_REMOVES_ONLY_WHAT_IS_UNCHANGED(
            BrokenAdmission.RemovesOnlyWhatIsUnchanged::new, "recordThatMustLeaveIsRemovedDespiteAConcurrentChange"),
    ADMISSION_REMOVES_WHAT_HAS_CHANGED(
            BrokenAdmission.RemovesWhatHasChanged::new, "recordLeavesOnlyInAStateThatTheAdmissionHasSeen"),
    ADMISSION_WRITES_BACK_WHAT_IT_READ(
            BrokenAdmission.WritesBackWhatItRead::new,
            "recordThatStaysKeepsAConcurrentTouch",
            "recordThatAConcurrentDeleteRemovesIsReturnedOnceAndStaysGone"),
    ADMISSION_RETURNS_WHAT_SHOULD_LEAVE(
            BrokenAdmission.ReturnsWhatShouldLeave::new,
            "recordThatAConcurrentDeleteRemovesIsReturnedOnceAndStaysGone"),

    DELETE_IGNORES_THE_USER(
            BrokenDelete.IgnoresTheUser::new,
            "deleteOfAnotherUsersRecordRemovesNothing",
            "deleteOfSeveralIdsRemovesExactlyThoseOfTheUser",
            "sameSessionIdOfTwoUsersNamesTwoRecords"),
    DELETE_RETURNS_NOTHING(
            BrokenDelete.ReturnsNothing::new,
            "deleteRemovesTheRecordAndReturnsIt",
            "deleteOfSeveralIdsRemovesExactlyThoseOfTheUser"),
    DELETE_RETURNS_DELETED_RECORDS(
            BrokenDelete.ReturnsDeletedRecords::new,
            "secondDeleteOfARecordReturnsEmpty",
            "deleteOfSeveralIdsRemovesExactlyThoseOfTheUser"),
    DELETE_RETURNS_RECORDS_AS_CREATED(
            BrokenDelete.ReturnsRecordsAsCreated::new, "deletesReturnRecordsInTheirLastState"),
    DELETE_NEEDS_THE_FIRST_VERSION(BrokenDelete.NeedsTheFirstVersion::new, "deletesReturnRecordsInTheirLastState"),
    DELETE_ONLY_EXPIRES(BrokenDelete.SoftlyDeletes::new, "deleteRemovesTheRecordAndReturnsIt"),
    DELETE_IGNORES_EXPIRED_RECORDS(BrokenDelete.IgnoresExpiredRecords::new, "deletesRemoveExpiredRecordsToo"),
    DELETE_OF_AN_UNKNOWN_ID_REMOVES_ANY(
            BrokenDelete.RemovesAnyForAnUnknownId::new,
            "deleteOfAnUnknownIdReturnsEmpty",
            "deleteOfAnotherUsersRecordRemovesNothing"),
    DELETE_TAKES_ONE_OF_SEVERAL(
            BrokenDelete.TakesOneOfSeveral::new,
            "deleteOfSeveralIdsRemovesExactlyThoseOfTheUser",
            "deleteRemovesFiveHundredRecordsByTheirIds"),
    DELETE_NEEDS_EVERY_ID(BrokenDelete.NeedsEveryId::new, "deleteOfSeveralIdsRemovesExactlyThoseOfTheUser"),
    DELETE_TAKES_A_HUNDRED_IDS(BrokenDelete.TakesAHundredIds::new, "deleteRemovesFiveHundredRecordsByTheirIds"),
    DELETE_ALL_IGNORES_EXPIRED_RECORDS(BrokenDelete.AllIgnoresExpiredRecords::new, "deletesRemoveExpiredRecordsToo"),
    DELETE_ALL_NEEDS_THE_KEPT_ONE(BrokenDelete.AllNeedsTheKeptOne::new, "deleteAllExceptAnUnknownRecordRemovesAll"),
    DELETE_ALL_KEEPS_FOR_ANY_OWNER(
            BrokenDelete.AllKeepsForAnyOwner::new, "deleteAllExceptAnotherUsersRecordRemovesOnlyTheUsersOwnRecords"),
    DELETE_ALL_INCLUDES_THE_KEPT_ONE(
            BrokenDelete.AllIncludesTheKeptOne::new,
            "deleteAllExceptOneKeepsItAndReturnsTheRest",
            "deleteAllExceptTheOnlyRecordRemovesNothing"),
    DELETE_ALL_COMPARES_WITH_NULL(
            BrokenDelete.AllComparesWithNull::new, "deleteAllRemovesEveryRecordOfTheUserAndReturnsThem"),
    DELETE_ALL_KEEPS_ONE(BrokenDelete.AllKeepsOne::new, "deleteAllRemovesEveryRecordOfTheUserAndReturnsThem"),
    DELETE_ALL_IGNORES_THE_USER(
            BrokenDelete.AllIgnoresTheUser::new,
            "deleteAllRemovesEveryRecordOfTheUserAndReturnsThem",
            "deleteAllExceptOneKeepsItAndReturnsTheRest",
            "deleteAllOfAUserWithoutRecordsReturnsNothing",
            "sameSessionIdOfTwoUsersNamesTwoRecords"),
    DELETE_ALL_RETURNS_NOTHING(
            BrokenDelete.AllReturnsNothing::new, "deleteAllRemovesEveryRecordOfTheUserAndReturnsThem"),
    DELETE_ALL_RETURNS_RECORDS_AS_CREATED(
            BrokenDelete.AllReturnsRecordsAsCreated::new, "deletesReturnRecordsInTheirLastState"),
    DELETE_ALL_TAKES_ONE_PAGE(BrokenDelete.AllTakesOnePage::new, "manyRecordsOfOneUserAreListedDeletedAndPurged"),
    DELETE_ALL_EMPTIES_THE_LIST_ONLY(
            BrokenDelete.AllEmptiesTheListOnly::new,
            "deleteAllRemovesEveryRecordOfTheUserAndReturnsThem",
            "deleteAllExceptOneKeepsItAndReturnsTheRest"),
    DELETE_ALL_RETURNS_DELETED_RECORDS(
            BrokenDelete.AllReturnsDeletedRecords::new, "deleteAllOfAUserWithoutRecordsReturnsNothing"),
    DELETE_ALL_BARS_THE_USER(BrokenDelete.AllBarsTheUser::new, "recordCreatedAfterDeleteAllIsKept"),

    PURGE_EXCLUDES_ITS_CUTOFF(
            BrokenPurge.PurgesExclusively::new,
            "purgeRemovesExpiredRecordsOfEveryUserAndNoLiveRecord",
            "purgeRemovesRecordsThatExpireAtOrBeforeTheCutoff",
            "purgeBeforeTheEpochIsExactToTheMillisecond"),
    PURGE_GOES_PAST_ITS_CUTOFF(
            BrokenPurge.PurgesTooMuch::new,
            "purgeRemovesRecordsThatExpireAtOrBeforeTheCutoff",
            "purgeKeepsARecordWhoseDeadlineATouchMadeLater",
            "purgeBeforeTheEpochIsExactToTheMillisecond"),
    PURGE_BY_WHOLE_SECONDS(BrokenPurge.PurgesByWholeSeconds::new, "purgeBeforeTheEpochIsExactToTheMillisecond"),
    PURGE_BY_LOGIN(() -> new BrokenPurge.PurgesBy(SessionRecord::createdAt), "purgeLooksOnlyAtExpiresAt"),
    PURGE_BY_ACTIVITY(() -> new BrokenPurge.PurgesBy(SessionRecord::lastActiveAt), "purgeLooksOnlyAtExpiresAt"),
    PURGE_BY_LOGIN_TOO(
            () -> new BrokenPurge.PurgesBy(session -> BrokenPurge.earlier(session.createdAt(), session.expiresAt())),
            "purgeLooksOnlyAtExpiresAt"),
    PURGE_BY_ACTIVITY_TOO(
            () -> new BrokenPurge.PurgesBy(session -> BrokenPurge.earlier(session.lastActiveAt(), session.expiresAt())),
            "purgeLooksOnlyAtExpiresAt"),
    PURGE_NEEDS_AN_EARLIER_ACTIVITY(
            () -> new BrokenPurge.PurgesBy(session -> BrokenPurge.later(session.lastActiveAt(), session.expiresAt())),
            "purgeLooksOnlyAtExpiresAt"),
    PURGE_OF_THE_LAST_DAY(BrokenPurge.PurgesTheLastDay::new, "purgeRemovesRecordsThatExpireAtOrBeforeTheCutoff"),
    PURGE_OF_WHOLE_USERS(BrokenPurge.PurgesWholeUsers::new, "purgeRemovesExpiredRecordsOfEveryUserAndNoLiveRecord"),
    PURGE_OF_ONE_PAGE(BrokenPurge.PurgesOnePage::new, "manyRecordsOfOneUserAreListedDeletedAndPurged"),
    PURGE_BY_THE_FIRST_DEADLINE(
            BrokenPurge.PurgesByTheFirstDeadline::new,
            "purgeKeepsARecordWhoseDeadlineATouchMadeLater",
            "purgeRemovesARecordWhoseDeadlineATouchMadeEarlier"),
    PURGE_OF_ONE_USER(
            BrokenPurge.PurgesOneUser::new,
            "purgeRemovesExpiredRecordsOfEveryUserAndNoLiveRecord",
            "purgeReturnsTheNumberOfRemovedRecords"),
    PURGE_COUNTS_EVERYTHING(BrokenPurge.CountsEverything::new, "purgeReturnsTheNumberOfRemovedRecords"),

    CREATE_OVERWRITES(
            BrokenRecord.CreateOverwrites::new,
            "createRefusesAnExistingIdAndKeepsItsRecord",
            "exactlyOneOfSimultaneousCreatesWithOneIdWins"),
    CREATE_IGNORES_DUPLICATES(
            BrokenRecord.CreateIgnoresDuplicates::new,
            "createRefusesAnExistingIdAndKeepsItsRecord",
            "exactlyOneOfSimultaneousCreatesWithOneIdWins"),
    FIND_IGNORES_THE_USER(
            BrokenRecord.FindIgnoresTheUser::new,
            "findOfAnotherUsersSessionIdReturnsEmpty",
            "sameSessionIdOfTwoUsersNamesTwoRecords"),
    FAILS_ON_UNKNOWN(BrokenRecord.FailsOnUnknown::new, "findOfAnUnknownIdReturnsEmpty", "listOfAnUnknownUserIsEmpty"),
    LISTS_FROM_A_STALE_INDEX(
            BrokenRecord.ListsFromAStaleIndex::new,
            "deleteRemovesTheRecordAndReturnsIt",
            "touchSetsBothTimesAndRaisesTheVersionByOne"),
    LISTS_AT_MOST_FOUR(BrokenRecord.ListsAtMostFour::new, "listReturnsEveryRecordOfTheUserAndNoOther"),
    LISTS_A_LIVE_VIEW(BrokenRecord.ListsALiveView::new, "laterCallsDoNotChangeAReturnedList"),
    SHARES_ITS_LIST_BY_REFERENCE(
            BrokenRecord.SharesItsListByReference::new, "changingAReturnedListDoesNotChangeTheStore"),
    TIMES_IN_WHOLE_SECONDS(
            createThatRewrites(BrokenRecord::withTimesInWholeSeconds),
            "findAndListReturnACreatedRecordUnchanged",
            "everyTimeIsKeptToTheMillisecond"),
    TIMES_IN_32_BITS(createThatRewrites(BrokenRecord::withTimesIn32Bits), "everyTimeIsKeptToTheMillisecond"),
    TEXT_CUT_BY_UTF_16_UNITS(
            createThatRewrites(BrokenRecord::withTextCutByUtf16Units), "longestTextOfFourByteCharactersIsKept"),
    TEXT_ESCAPED(createThatRewrites(BrokenRecord::withTextEscaped), "hostileTextIsKeptUnchanged"),
    NULL_BECOMES_TEXT(createThatRewrites(BrokenRecord::withNullAsText), "eachFieldOfTheClientMayBeNull"),

    GENERATION_FORGOTTEN(createThatRewrites(BrokenRecord::withoutGeneration), "generationIsKept"),
    GENERATION_IN_16_BITS(createThatRewrites(BrokenRecord::withGenerationIn16Bits), "generationIsKept"),
    CATEGORY_FORGOTTEN(createThatRewrites(BrokenRecord::withoutCategory), "categoryIsKept"),
    CATEGORY_CUT(createThatRewrites(BrokenRecord::withCategoryCut), "categoryIsKept"),
    LABEL_FORGOTTEN(createThatRewrites(BrokenRecord::withoutLabel), "labelAuthenticationAndTimeoutsAreKept"),
    AUTHENTICATION_AT_LOGIN(
            createThatRewrites(BrokenRecord::authenticatedAtLogin), "labelAuthenticationAndTimeoutsAreKept"),
    AUTHENTICATION_METHODS_AS_A_SET(
            createThatRewrites(BrokenRecord::withMethodsInOrder), "labelAuthenticationAndTimeoutsAreKept"),
    TIMEOUTS_FORGOTTEN(createThatRewrites(BrokenRecord::withoutTimeouts), "labelAuthenticationAndTimeoutsAreKept"),
    REFRESH_STATE_FORGOTTEN(createThatRewrites(BrokenRecord::withoutRefreshState), "refreshStateIsKept"),
    REFRESH_STATE_CUT(createThatRewrites(BrokenRecord::withRefreshStateCut), "refreshStateIsKept"),
    DEVICE_KEY_FORGOTTEN(createThatRewrites(BrokenRecord::withoutDeviceKey), "deviceKeyIsKept"),
    DEVICE_KEY_CUT(createThatRewrites(BrokenRecord::withDeviceKeyCut), "deviceKeyIsKept"),
    LOGIN_DEVICE_FORGOTTEN(createThatRewrites(BrokenRecord::withoutLoginDevice), "deviceAndNetworkOfTheLoginAreKept"),
    LOGIN_NETWORK_FORGOTTEN(createThatRewrites(BrokenRecord::withoutLoginNetwork), "deviceAndNetworkOfTheLoginAreKept"),
    LOGIN_DEVICE_CUT(
            createThatRewrites(BrokenRecord::withLoginDeviceInUtf16Units), "deviceAndNetworkOfTheLoginAreKept"),
    LOGIN_NETWORK_CUT(
            createThatRewrites(BrokenRecord::withLoginNetworkInUtf16Units), "deviceAndNetworkOfTheLoginAreKept"),
    LOGIN_DEVICE_IS_THE_DEVICE(
            createThatRewrites(BrokenRecord::withTheDeviceAsLoginDevice), "deviceAndNetworkOfTheLoginAreKept"),
    ATTRIBUTES_FORGOTTEN(
            createThatRewrites(BrokenRecord::withoutAttributes),
            "hostileAttributesAreKeptUnchanged",
            "attributesAreKeptUpToTheirLimits"),
    ATTRIBUTES_CUT(createThatRewrites(BrokenRecord::withAttributesCut), "attributesAreKeptUpToTheirLimits"),
    ATTRIBUTES_UP_TO_TEN(createThatRewrites(BrokenRecord::withTenAttributes), "attributesAreKeptUpToTheirLimits"),
    EMPTY_ATTRIBUTES_FORGOTTEN(
            createThatRewrites(BrokenRecord::withoutEmptyAttributes), "hostileAttributesAreKeptUnchanged"),
    ATTRIBUTE_NAMES_FOLDED(
            createThatRewrites(BrokenRecord::withAttributeNamesFolded), "hostileAttributesAreKeptUnchanged"),
    ATTRIBUTES_JOINED(createThatRewrites(BrokenRecord::withAttributesJoined), "hostileAttributesAreKeptUnchanged"),
    RECORD_IN_A_SHORT_ROW(createThatRewrites(BrokenRecord::inAShortRow), "recordWithEveryPartAtItsLimitIsKept"),

    SESSION_IDS_ARE_UNIQUE_OVER_USERS(
            BrokenIdentity.SessionIdsAreUniqueOverUsers::new, "sameSessionIdOfTwoUsersNamesTwoRecords"),
    KEYS_RUN_TOGETHER(BrokenIdentity.KeysRunTogether::new, "userIdAndSessionIdDoNotRunTogether"),
    USERS_FOLDED_BY_CASE(usersThatCompare(BrokenIdentity::sameIgnoringCase), "similarUserIdsAreDifferentUsers"),
    USERS_FOLDED_BY_TRAILING_SPACE(
            usersThatCompare(BrokenIdentity::sameIgnoringTrailingSpaces), "similarUserIdsAreDifferentUsers"),
    USERS_NORMALIZED(usersThatCompare(BrokenIdentity::sameNormalized), "similarUserIdsAreDifferentUsers"),
    USERS_IN_191_UNITS(
            usersThatCompare(BrokenIdentity::sameIn191Units),
            "longUserIdsThatDifferOnlyInTheLastCodePointAreDifferentUsers"),
    USERS_BY_PREFIX(usersThatCompare(BrokenIdentity::beginsWith), "userIdThatIsAPrefixOfAnotherIsADifferentUser"),
    USERS_AS_PATTERNS(usersThatCompare(BrokenIdentity::isLike), "hostileUserIdReachesOnlyItsOwnRecords"),
    SESSION_IDS_FOLDED_BY_CASE(
            () -> new BrokenIdentity.OfSessions(id -> id.toLowerCase(Locale.ROOT)),
            "sessionIdsThatDifferOnlyInCaseAreDifferentSessions"),
    SESSION_IDS_IN_32_CHARACTERS(
            () -> new BrokenIdentity.OfSessions(id -> id.substring(0, Math.min(32, id.length()))),
            "sessionIdThatIsAPrefixOfAnotherIsADifferentSession"),
    SESSION_IDS_AS_PATTERNS(BrokenIdentity.SessionIdsAsPatterns::new, "sessionIdsAreNotPatterns"),
    SESSION_IDS_WITHOUT_DASHES(createThatRewrites(BrokenRecord::withoutDashes), "shortestAndLongestSessionIdsAreKept"),

    FIND_HIDES_EXPIRED_RECORDS(BrokenRecord.FindHidesExpiredRecords::new, "findAndListReturnExpiredRecords"),
    LIST_HIDES_EXPIRED_RECORDS(BrokenRecord.ListHidesExpiredRecords::new, "findAndListReturnExpiredRecords"),
    REPLACE_HIDES_EXPIRED_RECORDS(BrokenRecord.ReplaceHidesExpiredRecords::new, "expiredRecordIsChangedOrStaysGone"),
    DEADLINE_IN_WHOLE_SECONDS(
            createThatRewrites(BrokenRecord::withDeadlineInWholeSeconds), "everyDeadlineIsKeptToTheMillisecond"),
    DEADLINE_IN_32_BITS(createThatRewrites(BrokenRecord::withDeadlineIn32Bits), "everyDeadlineIsKeptToTheMillisecond"),
    DROPS_WITHOUT_SAYING_SO(
            ExpiringStore::new,
            "findAndListReturnExpiredRecords",
            "everyDeadlineIsKeptToTheMillisecond",
            "expiredRecordIsChangedOrStaysGone",
            "deletesRemoveExpiredRecordsToo",
            "admissionReceivesEveryRecordOfTheUserAndNoOther",
            "purgeReturnsTheNumberOfRemovedRecords",
            "simultaneousPurgesCountEachRecordOnce"),
    DROPS_LIVE_RECORDS(
            true,
            () -> new BrokenExpiry.DropsEarly(Duration.ofDays(30)),
            "findAndListReturnACreatedRecordUnchanged",
            "recordIsFoundAndListedUntilItsDeadline"),
    DROPS_A_SECOND_EARLY(
            true, () -> new BrokenExpiry.DropsEarly(Duration.ofSeconds(1)), "recordIsFoundAndListedUntilItsDeadline"),
    DROPS_IN_THE_LAST_MILLISECOND(
            true, () -> new BrokenExpiry.DropsEarly(Duration.ofMillis(1)), "recordIsFoundAndListedUntilItsDeadline"),
    DROPPED_RECORD_REVIVED_BY_TOUCH(true, BrokenExpiry.TouchRevives::new, "expiredRecordIsChangedOrStaysGone"),
    DROPPED_RECORD_REVIVED_BY_REPLACE(true, BrokenExpiry.ReplaceRevives::new, "expiredRecordIsChangedOrStaysGone"),
    DROPPED_RECORD_ONLY_HIDDEN(true, BrokenExpiry.OnlyHides::new, "expiredRecordIsChangedOrStaysGone"),
    ENDS_AT_THE_FIRST_DEADLINE(true, BrokenExpiry.EndsAtTheFirstDeadline::new, "laterDeadlineKeepsTheWholeRecord"),
    PARTS_END_AT_THE_FIRST_DEADLINE(
            true, BrokenExpiry.PartsEndAtTheFirstDeadline::new, "laterDeadlineKeepsTheWholeRecord"),
    PURGE_COUNTS_ONE_MORE(
            true,
            BrokenExpiry.PurgeCountsOneMore::new,
            "purgeReturnsTheNumberOfRemovedRecords",
            "purgeKeepsARecordWhoseDeadlineATouchMadeLater"),
    DELETES_RETURN_DROPPED_RECORDS(
            true, BrokenExpiry.DeletesReturnDroppedRecords::new, "secondDeleteOfARecordReturnsEmpty"),

    LOSES_INSERTS(BrokenRace.LosesInserts::new, "simultaneousLoginsOfOneUserAreAllKept"),
    CREATE_CHECKS_THEN_WRITES(BrokenRace.CreateChecksThenWrites::new, "exactlyOneOfSimultaneousCreatesWithOneIdWins"),
    TOUCH_READS_THEN_WRITES(
            BrokenRace.TouchReadsThenWrites::new,
            "exactlyOneOfSimultaneousTouchesWins",
            "eitherTouchOrReplaceWins",
            "touchRacingDeleteDoesNotReviveTheRecord",
            "touchRacingDeleteAllExceptOneDoesNotReviveTheRecord",
            "touchRacingDeleteAllDoesNotReviveTheRecord"),
    TOUCH_SETS_ONE_TIME_AFTER_THE_OTHER(BrokenRace.TouchSetsOneTimeAfterTheOther::new, "readersNeverSeeATouchHalfDone"),
    TOUCH_RAISES_THE_VERSION_LAST(BrokenRace.TouchRaisesTheVersionLast::new, "readersNeverSeeATouchHalfDone"),
    TOUCH_REMOVES_AND_ADDS(BrokenRace.TouchRemovesAndAdds::new, "readersNeverSeeATouchHalfDone"),
    DELETE_READS_THEN_REMOVES(
            BrokenRace.DeleteReadsThenRemoves::new, "deletesRacingTouchReturnTheRecordInItsLastState"),
    DELETES_RETURN_A_RECORD_TWICE(BrokenRace.DeletesReturnARecordTwice::new, "simultaneousDeletesReturnEachRecordOnce"),
    DELETE_ALL_RETURNS_A_RECORD_TWICE(
            BrokenRace.DeleteAllReturnsARecordTwice::new, "simultaneousDeletesReturnEachRecordOnce"),
    DELETE_ALL_SWALLOWS_LOGINS(
            BrokenRace.DeleteAllSwallowsLogins::new, "recordCreatedDuringDeleteAllIsEitherReturnedOrKept"),
    PURGE_SELECTS_THEN_REMOVES(
            BrokenRace.PurgeSelectsThenRemoves::new, "eitherTouchOrPurgeWins", "simultaneousPurgesCountEachRecordOnce"),

    NODE_FINDS_IN_ITS_CACHE(
            () -> new BrokenNode.FindsInItsCache(new ConcurrentHashMap<>()),
            "recordCreatedOnOneNodeIsReadOnTheOther",
            "recordTouchedOnOneNodeIsReadOnTheOther",
            "recordReplacedOnOneNodeIsReadOnTheOther",
            "recordDeletedOnOneNodeIsGoneOnTheOther",
            "recordsThatDeleteAllRemovesOnOneNodeAreGoneOnTheOther",
            "recordThatLeavesForALoginOnOneNodeIsGoneOnTheOther",
            "recordPurgedOnOneNodeIsGoneOnTheOther"),
    NODE_LISTS_ITS_CACHE(
            () -> new BrokenNode.ListsItsCache(new ConcurrentHashMap<>()),
            "recordCreatedOnOneNodeIsReadOnTheOther",
            "recordTouchedOnOneNodeIsReadOnTheOther",
            "recordReplacedOnOneNodeIsReadOnTheOther",
            "recordDeletedOnOneNodeIsGoneOnTheOther",
            "recordsThatDeleteAllRemovesOnOneNodeAreGoneOnTheOther",
            "recordThatLeavesForALoginOnOneNodeIsGoneOnTheOther",
            "recordPurgedOnOneNodeIsGoneOnTheOther"),
    NODE_COMPARES_WITH_ITS_CACHE(
            () -> new BrokenNode.ComparesWithItsCache(new ConcurrentHashMap<>()),
            "recordTouchedOnOneNodeIsReadOnTheOther",
            "recordReplacedOnOneNodeIsReadOnTheOther",
            "recordDeletedOnOneNodeIsGoneOnTheOther",
            "recordsThatDeleteAllRemovesOnOneNodeAreGoneOnTheOther",
            "recordThatLeavesForALoginOnOneNodeIsGoneOnTheOther",
            "recordPurgedOnOneNodeIsGoneOnTheOther"),
    NODE_REPLACES_BY_ITS_CACHE(
            () -> new BrokenNode.ReplacesByItsCache(new ConcurrentHashMap<>()),
            "recordTouchedOnOneNodeIsReadOnTheOther",
            "recordReplacedOnOneNodeIsReadOnTheOther",
            "recordDeletedOnOneNodeIsGoneOnTheOther",
            "recordsThatDeleteAllRemovesOnOneNodeAreGoneOnTheOther",
            "recordThatLeavesForALoginOnOneNodeIsGoneOnTheOther",
            "recordPurgedOnOneNodeIsGoneOnTheOther"),
    NODE_ADMITS_BY_ITS_OWN_LOGINS(
            () -> new BrokenNode.AdmitsByItsOwnLogins(new ConcurrentHashMap<>()),
            "admissionOnOneNodeReceivesTheRecordsOfTheOther",
            "simultaneousLoginsNeverLeaveMoreThanTheLimit",
            "simultaneousLoginsAreAcceptedUpToTheLimit"),
    NODE_LOCKS_ITS_PROCESS(
            () -> new BrokenNode.LocksItsProcess(new ConcurrentHashMap<>(), new Gap()),
            "simultaneousLoginsNeverLeaveMoreThanTheLimit",
            "simultaneousLoginsAreAcceptedUpToTheLimit",
            "exactlyOneOfSimultaneousCreatesWithOneIdWins",
            "exactlyOneOfSimultaneousTouchesWins",
            "exactlyOneOfSimultaneousReplacesWins",
            "simultaneousDeletesReturnEachRecordOnce");

    private final boolean dropsExpired;
    private final Supplier<SessionStore> maker;
    private final Set<String> brokenRules;

    BrokenStore(Supplier<SessionStore> maker, String... brokenRules) {
        this(false, maker, brokenRules);
    }

    /** A store with {@code dropsExpired} tells the contract that it has a time-to-live. */
    BrokenStore(boolean dropsExpired, Supplier<SessionStore> maker, String... brokenRules) {
        this.dropsExpired = dropsExpired;
        this.maker = maker;
        this.brokenRules = Set.of(brokenRules);
    }

    SessionStore open() {
        return maker.get();
    }

    boolean dropsExpired() {
        return dropsExpired;
    }

    Set<String> brokenRules() {
        return brokenRules;
    }

    private static Supplier<SessionStore> createThatRewrites(UnaryOperator<SessionRecord> rewriting) {
        return () -> new BrokenRecord.Rewrites(rewriting);
    }

    private static Supplier<SessionStore> touchThatRewrites(UnaryOperator<SessionRecord> rewriting) {
        return () -> new BrokenTouch.Rewrites(rewriting);
    }

    private static Supplier<SessionStore> touchThatCompares(BiPredicate<SessionRecord, SessionRecord> isUnchanged) {
        return () -> new BrokenTouch.Compares(isUnchanged);
    }

    private static Supplier<SessionStore> replaceThatRewrites(BinaryOperator<SessionRecord> rewriting) {
        return () -> new BrokenReplace.Rewrites(rewriting);
    }

    private static Supplier<SessionStore> replaceThatCompares(BiPredicate<SessionRecord, SessionRecord> isUnchanged) {
        return () -> new BrokenReplace.Compares(isUnchanged);
    }

    private static Supplier<SessionStore> usersThatCompare(BiPredicate<String, String> isStoredAsAsked) {
        return () -> new BrokenIdentity.OfUsers(isStoredAsAsked);
    }
}
