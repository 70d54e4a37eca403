// SPDX-License-Identifier: Apache-2.0
// Cards that misbehave, through the real pcscd, the reader's helper and the identity service.
#include <QTest>

#include <catch2/catch.hpp>

#include "tests/e2e/support/terminal.h"

using namespace guichet;
using namespace guichet::test;

namespace {

void insert(Terminal& terminal)
{
    terminal.world().play("/card/insert", {{"card", "unionpay"}});
}

void remove(Terminal& terminal)
{
    if (!terminal.world().state().at("card").at("inserted").is_null()) {
        terminal.world().play("/card/remove");
    }
}

/// How many APDUs a whole read takes.
unsigned apdusOfRead(Terminal& terminal)
{
    insert(terminal);
    REQUIRE(terminal.readCard());
    const auto count = terminal.world().state().at("card").at("apdus").get<unsigned>();
    remove(terminal);
    return count;
}

void readsAWholeCard(Terminal& terminal)
{
    insert(terminal);
    const auto card = terminal.readCard();
    INFO((card ? std::string() : card.error().detail));
    REQUIRE(card);
    CHECK(card->last4 == "0004");
    remove(terminal);
}

} // namespace

TEST_CASE("card faults: a card torn out at any APDU asks for the card again", "[e2e]")
{
    Terminal terminal;
    const auto count = apdusOfRead(terminal);
    REQUIRE(count > 5);
    for (unsigned apdu = 1; apdu <= count; ++apdu) {
        INFO("torn out inside APDU " << apdu << " of " << count);
        insert(terminal);
        terminal.world().play("/card/tear", {{"afterApdu", apdu}, {"inside", true}});
        const auto card = terminal.readCard();
        REQUIRE_FALSE(card);
        INFO(card.error().detail);
        CHECK(card.error().remedy == Remedy::ReinsertCard);
    }
    readsAWholeCard(terminal);
}

TEST_CASE("card faults: a card that falls silent costs one helper, the next card is read", "[e2e]")
{
    Terminal terminal;
    const auto count = apdusOfRead(terminal);
    for (const unsigned apdu : {1U, count / 2, count}) {
        INFO("silent from APDU " << apdu << " of " << count);
        const auto losses = terminal.losses();
        insert(terminal);
        terminal.world().play("/card/mute", {{"atApdu", apdu}});
        const auto card = terminal.readCard();
        REQUIRE_FALSE(card);
        INFO(card.error().detail);
        CHECK(card.error().remedy == Remedy::ReinsertCard);
        remove(terminal);
        terminal.waitUntilBack(losses);
        readsAWholeCard(terminal);
    }
}

TEST_CASE("card faults: a reader's helper that dies while it waits is replaced", "[e2e]")
{
    Terminal terminal;
    const auto losses = terminal.losses();
    terminal.world().killHelper(QStringLiteral("cardreader"));
    terminal.waitUntilBack(losses);
    readsAWholeCard(terminal);
}
