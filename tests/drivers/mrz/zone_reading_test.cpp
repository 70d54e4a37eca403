// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/zone_reading.h"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::mrz;

namespace {

const std::string kShownZone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                               "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n";
constexpr std::size_t kSecondLine = 44;

/// What the network says of a text that it reads with ease.
std::vector<LetterScores> scoresOf(const std::string& text)
{
    std::vector<LetterScores> scores;
    for (const char letter : text) {
        if (letter != '\n') {
            scores.emplace_back();
            scores.back().at(kZoneLetters.find(letter)) = 1;
        }
    }
    return scores;
}

/// Makes the network take the letter in `cell` for another one, with what is left for the right.
void mistake(std::vector<LetterScores>& scores, std::size_t cell, char seen, float certainty)
{
    auto& cellScores = scores.at(cell);
    const auto right = std::ranges::max_element(cellScores) - cellScores.begin();
    cellScores.fill(0);
    cellScores.at(static_cast<std::size_t>(right)) = 1 - certainty;
    cellScores.at(kZoneLetters.find(seen)) = certainty;
}

ZoneCandidate read(const std::vector<LetterScores>& scores)
{
    auto zone = readZone(scores);
    REQUIRE(zone);
    return std::move(*zone);
}

} // namespace

TEST_CASE("mrz reading: the likeliest letters make up the lines")
{
    const auto zone = read(scoresOf(kShownZone));
    CHECK(zone.format == Format::Td3);
    CHECK(zone.text.reveal() == kShownZone);
    CHECK(zone.sound);
    CHECK(zone.repairs == 0);
    CHECK(zone.certainty(Part::Name) == 1);
}

TEST_CASE("mrz reading: a visa is known by its first letter")
{
    const auto zone = read(scoresOf("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
                                    "L8988901C4XXX4009078F9612109<<<<<<<<\n"));
    CHECK(zone.format == Format::MrvB);
    CHECK(zone.sound);
}

TEST_CASE("mrz reading: three lines are no visa, whatever their first letter looks like")
{
    const std::string card = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\n"
                             "ERIKSSON<<ANNA<MARIA<<<<<<<<<<\n";
    auto scores = scoresOf(card);
    mistake(scores, 0, 'V', 0.99F);
    CHECK(read(scores).text.reveal() == card);
    mistake(scores, 0, 'V', 1);
    CHECK_FALSE(readZone(scores));
}

TEST_CASE("mrz reading: a place decides between a letter and a digit that look alike")
{
    auto scores = scoresOf(kShownZone);
    mistake(scores, 4, '0', 0.8F);                // the O of UTO
    mistake(scores, kSecondLine + 16, 'I', 0.8F); // a day of birth
    const auto zone = read(scores);
    CHECK(zone.text.reveal() == kShownZone);
    CHECK(zone.repairs == 0);
}

TEST_CASE("mrz reading: a letter where a digit belongs stays if the network is all but certain")
{
    auto scores = scoresOf(kShownZone);
    mistake(scores, kSecondLine + 16, 'W', 0.999F);
    const auto zone = read(scores);
    CHECK(zone.text.reveal()[kSecondLine + 17] == 'W');
    CHECK_FALSE(zone.sound);
}

TEST_CASE("mrz reading: a letter is repaired as the check digits ask, and marked")
{
    auto scores = scoresOf(kShownZone);
    mistake(scores, kSecondLine + 1, 'B', 0.7F); // 8 of the number
    const auto zone = read(scores);
    CHECK(zone.text.reveal() == kShownZone);
    CHECK(zone.repairs == 1);
    CHECK(zone.sound);
    const auto& letter = zone.letters.reveal()[kSecondLine + 1];
    CHECK(letter.repaired);
    CHECK(letter.letter == '8');
    CHECK(letter.second == 'B');
    CHECK(zone.certainty(Part::Number) == Approx(0.3F));
}

TEST_CASE("mrz reading: letters that do not look alike are no repair for each other")
{
    auto scores = scoresOf(kShownZone);
    mistake(scores, kSecondLine + 1, 'T', 0.7F);
    const auto zone = read(scores);
    CHECK(zone.repairs == 0);
    CHECK_FALSE(zone.sound);
}

TEST_CASE("mrz reading: two letters are repaired, three never")
{
    auto scores = scoresOf(kShownZone);
    mistake(scores, kSecondLine + 1, 'B', 0.7F);
    mistake(scores, kSecondLine + 7, 'O', 0.6F); // C of the number
    CHECK(read(scores).repairs == 2);
    CHECK(read(scores).text.reveal() == kShownZone);
    mistake(scores, kSecondLine + 30, 'I', 0.6F); // 1 of the optional data
    const auto zone = read(scores);
    CHECK(zone.repairs == 0);
    CHECK_FALSE(zone.sound);
}

TEST_CASE("mrz reading: nothing without a check digit is repaired")
{
    auto scores = scoresOf(kShownZone);
    mistake(scores, 5, 'F', 0.6F); // ERIKSSON
    const auto zone = read(scores);
    CHECK(zone.sound);
    CHECK(zone.repairs == 0);
    CHECK(zone.text.reveal()[5] == 'F');
    CHECK(zone.certainty(Part::Name) == Approx(0.6F));
    CHECK(zone.letters.reveal()[5].second == 'E');
    CHECK(zone.letters.reveal()[5].unnoticed == Approx(0.4F));
}

TEST_CASE("mrz reading: doubts that a check digit cannot see are told apart from those it can")
{
    auto scores = scoresOf(kShownZone);
    mistake(scores, kSecondLine + 35, 'G', 0.4F); // 6 and G differ by ten
    mistake(scores, kSecondLine + 1, 'B', 0.4F);
    const auto zone = read(scores);
    CHECK(zone.sound);
    CHECK(zone.letters.reveal()[kSecondLine + 35].unnoticed == Approx(0.4F));
    CHECK(zone.letters.reveal()[kSecondLine + 1].unnoticed == Approx(0.0F));
}

TEST_CASE("mrz reading: another number of cells is no zone")
{
    auto scores = scoresOf(kShownZone);
    scores.pop_back();
    CHECK_FALSE(readZone(scores));
    CHECK_FALSE(readZone({}));
}
