// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/agreement.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::mrz;

namespace {

const std::string kTrueZone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                              "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n";
const std::string kOther = "P<UTOFRIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                           "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n";

/// A candidate in which every letter could be another one with the likelihood `doubt`.
ZoneCandidate zoneOf(std::string text, float doubt = 0.001F)
{
    std::vector<LetterReading> letters;
    for (const char letter : text) {
        if (letter != '\n') {
            letters.push_back({.letter = letter, .certainty = 1 - doubt, .unnoticed = doubt});
        }
    }
    ZoneCandidate zone{.format = Format::Td3, .sound = true};
    zone.letters = Secret<std::vector<LetterReading>>(std::move(letters));
    zone.text = Secret<std::string>(std::move(text));
    return zone;
}

} // namespace

TEST_CASE("mrz agreement: one frame is never enough, two alike are")
{
    MrzAgreement agreement;
    CHECK_FALSE(agreement.see(zoneOf(kTrueZone, 0)));
    const auto agreed = agreement.see(zoneOf(kTrueZone, 0));
    REQUIRE(agreed);
    CHECK(agreed->acceptance == Acceptance::Accepted);
    CHECK(agreed->zone.text.reveal() == kTrueZone);
    CHECK(agreed->frames == 2);
}

TEST_CASE("mrz agreement: another text between two alike does not hinder them")
{
    MrzAgreement agreement;
    CHECK_FALSE(agreement.see(zoneOf(kTrueZone)));
    CHECK_FALSE(agreement.see(zoneOf(kOther)));
    CHECK(agreement.see(zoneOf(kTrueZone)));
}

TEST_CASE("mrz agreement: doubtful letters need more frames")
{
    MrzAgreement agreement;
    CHECK_FALSE(agreement.see(zoneOf(kTrueZone, 0.09F)));
    CHECK_FALSE(agreement.see(zoneOf(kTrueZone, 0.09F)));
    CHECK(agreement.see(zoneOf(kTrueZone, 0.09F)));
}

TEST_CASE("mrz agreement: no number of frames makes good a letter that is doubtful in each")
{
    MrzAgreement agreement;
    for (int frame = 0; frame < 20; ++frame) {
        CHECK_FALSE(agreement.see(zoneOf(kTrueZone, 0.4F)));
    }
    const auto best = agreement.best();
    REQUIRE(best);
    CHECK(best->acceptance == Acceptance::Confirm);
}

TEST_CASE("mrz agreement: a repaired text is never accepted, only offered to be confirmed")
{
    MrzAgreement agreement;
    for (int frame = 0; frame < 20; ++frame) {
        auto repaired = zoneOf(kTrueZone);
        repaired.repairs = 1;
        CHECK_FALSE(agreement.see(std::move(repaired)));
    }
    const auto best = agreement.best();
    REQUIRE(best);
    CHECK(best->acceptance == Acceptance::Confirm);
    CHECK(best->zone.repairs == 1);
}

TEST_CASE("mrz agreement: a text with a wrong check digit is neither accepted nor offered")
{
    MrzAgreement agreement;
    for (int frame = 0; frame < 3; ++frame) {
        auto unsound = zoneOf(kTrueZone);
        unsound.sound = false;
        CHECK_FALSE(agreement.see(std::move(unsound)));
    }
    CHECK_FALSE(agreement.best());
}

TEST_CASE("mrz agreement: what was seen of one document does not count for the next")
{
    MrzAgreement agreement;
    CHECK_FALSE(agreement.see(zoneOf(kTrueZone)));
    agreement.startOver();
    CHECK_FALSE(agreement.see(zoneOf(kTrueZone)));
    CHECK(agreement.see(zoneOf(kTrueZone)));
    CHECK_FALSE(agreement.see(zoneOf(kTrueZone)));
}
