// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/apdu_link.h"

#include <catch2/catch.hpp>

#include "tests/drivers/support/scripted_card_channel.h"

using namespace guichet;
using namespace std::chrono_literals;
using test::bytes;

TEST_CASE("apdu link: 61xx is fetched until the card is done", "[drivers][emv]")
{
    test::ScriptedCardChannel card;
    card.on("00A4040000", "AA 6102").on("00C0000002", "BBCC 6101").on("00C0000001", "DD 9000");
    const auto answer = emv::ApduLink(card, 1s).exchange(bytes("00A4040000"));
    REQUIRE(answer);
    CHECK(toHex(answer->data.reveal()) == "AABBCCDD");
    CHECK(answer->ok());
}

TEST_CASE("apdu link: 6Cxx repeats the command with the length that the card wants",
          "[drivers][emv]")
{
    test::ScriptedCardChannel card;
    SECTION("without data")
    {
        card.on("00B2010C00", "6C03").on("00B2010C03", "AABBCC 9000");
        CHECK(emv::ApduLink(card, 1s).exchange(bytes("00B2010C00"))->data.reveal().size() == 3);
    }
    SECTION("with data")
    {
        card.on("80A8000002830000", "6C01").on("80A8000002830001", "AA 9000");
        CHECK(emv::ApduLink(card, 1s).exchange(bytes("80A8000002830000"))->data.reveal().size() ==
              1);
    }
    CHECK(card.finished());
}

TEST_CASE("apdu link: a card that refuses a trailing length is asked once without it",
          "[drivers][emv]")
{
    test::ScriptedCardChannel card;
    card.on("80A8000002830000", "6700").on("80A80000028300", "6700");
    CHECK(emv::ApduLink(card, 1s).exchange(bytes("80A8000002830000"))->status == 0x6700);
}

TEST_CASE("apdu link: a card that always has more is given up after eight turns", "[drivers][emv]")
{
    const auto* status = GENERATE("6101", "6C01");
    test::ScriptedCardChannel card;
    for (int i = 0; i < 20; ++i) {
        card.on("00*", status);
    }
    const auto answer = emv::ApduLink(card, 1s).exchange(bytes("00B2010C00"));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::Protocol);
    CHECK(card.exchanges() == 8);
}

TEST_CASE("apdu link: an answer without status words is refused", "[drivers][emv]")
{
    const auto* reply = GENERATE("", "90");
    test::ScriptedCardChannel card;
    card.on("00*", reply);
    CHECK(emv::ApduLink(card, 1s).exchange(bytes("00B2010C00")).error().code == Errc::Protocol);
}
