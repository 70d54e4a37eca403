// SPDX-License-Identifier: Apache-2.0
// Runs in the lab's machine only (README.md): the kernel, libusb, libccid and pcscd are real.
#include <catch2/catch.hpp>

#include "tests/lab/card_counter.h"

using namespace guichet;
using namespace guichet::lab;
using namespace std::chrono_literals;

namespace {

/// The APDUs of a whole read.
unsigned apdusOfRead(CardCounter& counter)
{
    counter.insert("unionpay");
    REQUIRE(counter.read());
    const auto count = counter.device->apdus();
    counter.remove();
    REQUIRE(counter.reader->waitForRemoval({}, kPatience));
    return count;
}

} // namespace

TEST_CASE("lab ccid: a card is seen, read, and seen to go")
{
    CardCounter counter;
    const auto empty = counter.reader->waitForInsertion({}, 1ms);
    REQUIRE_FALSE(empty);
    counter.insert("unionpay");
    const auto card = counter.read();
    REQUIRE(card);
    CHECK(card->number.reveal() == "6205500000000000004");
    CHECK(counter.reader->state()->presence == CardPresence::Present);
    counter.remove();
    REQUIRE(counter.reader->waitForRemoval({}, kPatience));
    const auto none = counter.reader->connect();
    REQUIRE_FALSE(none);
    CHECK(none.error().code == Errc::NotFound);
    CHECK(none.error().remedy == Remedy::InsertCard);
}

TEST_CASE("lab ccid: a card torn out in any APDU is told, and the next one is read")
{
    CardCounter counter;
    const auto apdus = apdusOfRead(counter);
    REQUIRE(apdus > 5);
    for (unsigned torn = 1; torn <= apdus; ++torn) {
        CAPTURE(torn, apdus);
        counter.insert("unionpay");
        counter.device->tearInApdu(torn);
        const auto card = counter.read();
        REQUIRE_FALSE(card);
        CAPTURE(card.error().detail);
        CHECK(card.error().code == Errc::Disconnected);
        CHECK(card.error().remedy == Remedy::ReinsertCard);
        REQUIRE(counter.reader->waitForRemoval({}, kPatience));
    }
    counter.insert("visa");
    counter.readsVisa();
}

TEST_CASE("lab ccid: a reader unplugged in an APDU is told, and reads again when it is back")
{
    CardCounter counter;
    const auto apdus = apdusOfRead(counter);
    for (const auto pulled : {1U, apdus / 2, apdus}) {
        CAPTURE(pulled, apdus);
        counter.insert("unionpay");
        counter.device->onApdu([&counter, pulled](unsigned number) {
            if (number == pulled) {
                counter.cable->pullAfterIn(0);
            }
        });
        const auto card = counter.read();
        counter.device->onApdu({});
        REQUIRE_FALSE(card);
        CAPTURE(card.error().detail);
        CHECK(card.error().code == Errc::Disconnected);
        CHECK(card.error().remedy == Remedy::ReconnectCable);
        CHECK(counter.seenAway());

        counter.unplug();
        static_cast<void>(counter.device->remove());
        counter.plug();
        counter.insert("visa");
        counter.readsVisa();
        counter.remove();
        REQUIRE(counter.reader->waitForRemoval({}, kPatience));
    }
}

TEST_CASE("lab ccid: a card whose reader went between two APDUs is told as the reader's absence")
{
    CardCounter counter;
    counter.insert("visa");
    REQUIRE(counter.reader->waitForInsertion({}, kPatience));
    const auto channel = counter.reader->connect();
    REQUIRE(channel);
    counter.unplug();
    REQUIRE(counter.seenAway());
    const auto answer = (*channel)->transmit(*fromHex("00A4040007A0000003330101"), 5s);
    REQUIRE_FALSE(answer);
    CAPTURE(answer.error().detail);
    CHECK(answer.error().code == Errc::Disconnected);
    CHECK(answer.error().remedy == Remedy::ReconnectCable);
    CHECK((*channel)->reset().error().code == Errc::Disconnected);
}

TEST_CASE("lab ccid: a reader whose plug is loose never blames the card")
{
    CardCounter counter;
    counter.insert("visa");
    counter.readsVisa();
    counter.unplug();
    counter.plug();
    auto card = counter.read();
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!card && std::chrono::steady_clock::now() < end) {
        CAPTURE(card.error().detail);
        // Until pcscd has seen the change, the slot may look empty.
        CHECK((card.error().code == Errc::Disconnected || card.error().code == Errc::NotFound));
        card = counter.read();
    }
    REQUIRE(card);
    CHECK(card->scheme == emv::Scheme::Visa);
}

TEST_CASE("lab ccid: a card that took another's place is never taken for it")
{
    CardCounter counter;
    counter.insert("unionpay");
    const auto first = counter.reader->waitForInsertion({}, kPatience);
    REQUIRE(first);
    const auto stale = counter.reader->connect();
    REQUIRE(stale);
    counter.remove();
    REQUIRE(counter.reader->waitForRemoval({}, kPatience));
    counter.insert("visa");
    const auto second = counter.reader->waitForInsertion({}, kPatience);
    REQUIRE(second);
    CHECK(second->changes != first->changes);
    const auto answer = (*stale)->transmit(*fromHex("00A4040007A0000003330101"), 5s);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::Disconnected);
    CHECK(answer.error().remedy == Remedy::ReinsertCard);
    counter.readsVisa();
}

TEST_CASE("lab ccid: a card put back so fast that the reader says it once is read")
{
    CardCounter counter;
    counter.insert("unionpay");
    REQUIRE(counter.read());
    const auto channel = counter.reader->connect();
    REQUIRE(channel);
    static_cast<void>(counter.device->remove());
    counter.insert("visa");
    const auto answer = (*channel)->transmit(*fromHex("00A4040007A0000003330101"), 5s);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::Disconnected);
    CHECK(answer.error().remedy == Remedy::ReinsertCard);
    counter.readsVisa();
}

TEST_CASE("lab ccid: a card that is the wrong way round is mute, not absent")
{
    CardCounter counter;
    counter.cable->say(CcidReader::kInterruptPipe, counter.device->insertDead());
    const auto state = counter.reader->waitForInsertion({}, kPatience);
    REQUIRE(state);
    CHECK(state->presence == CardPresence::Mute);
    const auto channel = counter.reader->connect();
    REQUIRE_FALSE(channel);
    CHECK(channel.error().code == Errc::Protocol);
    CHECK(channel.error().remedy == Remedy::ReinsertCard);
}
