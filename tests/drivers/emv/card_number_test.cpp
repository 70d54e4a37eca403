// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/card_number.h"

#include <catch2/catch.hpp>

#include "tests/drivers/support/hex_text.h"

using namespace guichet;
using namespace std::chrono_literals;
using test::bytes;

TEST_CASE("card number: the mask shows six and four digits in the same width", "[drivers][emv]")
{
    CHECK(emv::maskCardNumber("6250947000000014") == "625094******0014");
    CHECK(emv::maskCardNumber("6250947000000000014") == "625094******0014");
    CHECK(emv::maskCardNumber("4222222222222") == "422222******2222");
}

TEST_CASE("card number: what is no card number is masked whole", "[drivers][emv]")
{
    const auto* text = GENERATE("", "422222222222", "62509470000000000141", "6250-9470-0000-0014");
    CHECK(emv::maskCardNumber(text) == "****************");
}

TEST_CASE("card number: one wrong digit fails the check digit", "[drivers][emv]")
{
    const std::string good = "4761739001010119";
    CHECK(emv::passesLuhn(good));
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto wrong = good;
        wrong[i] = wrong[i] == '9' ? '0' : static_cast<char>(wrong[i] + 1);
        CHECK_FALSE(emv::passesLuhn(wrong));
    }
    CHECK_FALSE(emv::passesLuhn(""));
    CHECK_FALSE(emv::passesLuhn("476173900101011D"));
}

TEST_CASE("card number: odd and even lengths are unpacked", "[drivers][emv]")
{
    CHECK(emv::parseCardNumber(bytes("6250947000000014"))->reveal() == "6250947000000014");
    CHECK(emv::parseCardNumber(bytes("6250947000000000014F"))->reveal() == "6250947000000000014");
    CHECK(emv::parseCardNumber(bytes("6250947000000014FFFF"))->reveal() == "6250947000000014");
}

TEST_CASE("card number: too short, too long or followed by rubbish is refused", "[drivers][emv]")
{
    const auto* packed = GENERATE("", "62", "625094700000", "62509470000000000014",
                                  "6250947000000014A0", "FFFFFFFFFFFFFFFF", "625094700000001400D1");
    CHECK_FALSE(emv::parseCardNumber(bytes(packed)));
}

TEST_CASE("track 2: number and last day of the month are taken out", "[drivers][emv]")
{
    const auto track = emv::parseTrack2(bytes("6250947000000014 D2802 2201000000F"));
    REQUIRE(track);
    CHECK(track->number.reveal() == "6250947000000014");
    CHECK(track->expiry == 2028y / 2 / 29);
}

TEST_CASE("track 2: without separator, date or digits it is refused", "[drivers][emv]")
{
    const auto* packed = GENERATE("", "D2802220", "6250947000000014", "6250947000000014D2",
                                  "6250947000000014D2813F", "6250947000000014DABCD0");
    CHECK_FALSE(emv::parseTrack2(bytes(packed)));
}

TEST_CASE("expiry: an impossible day is the end of the month", "[drivers][emv]")
{
    CHECK(*emv::parseExpiry(bytes("281231")) == 2028y / 12 / 31);
    CHECK(*emv::parseExpiry(bytes("270200")) == 2027y / 2 / 28);
    CHECK(*emv::parseExpiry(bytes("270231")) == 2027y / 2 / 28);
    CHECK_FALSE(emv::parseExpiry(bytes("271331")));
    CHECK_FALSE(emv::parseExpiry(bytes("2A1231")));
    CHECK_FALSE(emv::parseExpiry(bytes("2812")));
}
