// SPDX-License-Identifier: Apache-2.0
// Our own reader of bank cards, with nothing but the real pcscd between it and the card.
#include "drivers/emv/emv_reader.h"

#include <catch2/catch.hpp>

#include "drivers/transport/pcsc_reader.h"
#include "tests/drivers/emv/scheme_key_text.h"
#include "tests/e2e/cards/inserted_card.h"

using namespace guichet;
using namespace guichet::test;
using namespace std::chrono_literals;

TEST_CASE("emv reader: a card that signs its cryptogram is genuine by the scheme's key", "[e2e]")
{
    const InsertedCard inserted("combined");
    const auto keys =
        emv::SchemeKeys::read(*ConfigFile::parse(demoSchemeTable("A000000333"), "schemes.toml"));
    REQUIRE(keys);
    const auto reader = transport::makePcscReader(kVirtualReader);
    REQUIRE(reader->waitForInsertion({}, 20s));
    const auto channel = reader->connect();
    REQUIRE(channel);
    const auto card = emv::readCard(
        **channel,
        {.today = 2026y / 11 / 28, .schemeKeys = &*keys, .combinedAuthentication = true});
    INFO((card ? card->authentication.reason : card.error().detail));
    REQUIRE(card);
    CHECK(card->authentication.method == emv::AuthenticationMethod::Combined);
    CHECK(card->authentication.verdict == emv::AuthenticationVerdict::Genuine);
}
