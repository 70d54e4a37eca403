// SPDX-License-Identifier: Apache-2.0
// Runs in the lab's machine only (README.md): the kernel, libusb, libccid and pcscd are real.
#include <catch2/catch.hpp>

#include "drivers/emv/emv_reader.h"
#include "drivers/transport/pcsc_reader.h"
#include "tests/lab/ccid_model.h"

using namespace guichet;
using namespace guichet::lab;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 60s;

/// A reader on the counter, our end and the customer's.
struct Counter {
    /// Plugs a reader with an empty slot, once PC/SC has forgotten the one before.
    Counter()
    {
        REQUIRE(seenAway());
        plug();
    }

    void plug()
    {
        device->losePower();
        cable = std::make_unique<PluggedUsb>(ccidModel(device));
    }
    void unplug() { cable.reset(); }
    void insert(std::string_view card)
    {
        cable->say(CcidReader::kInterruptPipe, device->insert(card));
    }
    void remove() { cable->say(CcidReader::kInterruptPipe, device->remove()); }

    /// As the reader's helper does: waits for a card, powers it up, reads it, lets it go.
    Result<emv::CardData> read()
    {
        const auto state = reader->waitForInsertion({}, kPatience);
        if (!state) {
            return tl::unexpected(state.error());
        }
        auto channel = reader->connect();
        if (!channel) {
            return tl::unexpected(channel.error());
        }
        return emv::readCard(**channel, {.today = std::chrono::year(2026) / 11 / 27});
    }
    /// Waits until PC/SC has seen that the reader is away.
    [[nodiscard]] bool seenAway()
    {
        const auto end = std::chrono::steady_clock::now() + kPatience;
        while (std::chrono::steady_clock::now() < end) {
            const auto state = reader->state();
            if (!state) {
                return state.error().code == Errc::Disconnected &&
                       state.error().remedy == Remedy::ReconnectCable;
            }
            static_cast<void>(reader->waitForChange(*state, {}, 1s));
        }
        return false;
    }

    std::shared_ptr<CcidReader> device = std::make_shared<CcidReader>();
    std::unique_ptr<PluggedUsb> cable;
    std::unique_ptr<CardReader> reader = transport::makePcscReader("");
};

/// The APDUs of a whole read.
unsigned apdusOfRead(Counter& counter)
{
    counter.insert("unionpay");
    REQUIRE(counter.read());
    const auto count = counter.device->apdus();
    counter.remove();
    REQUIRE(counter.reader->waitForRemoval({}, kPatience));
    return count;
}

void readsVisa(Counter& counter)
{
    const auto card = counter.read();
    INFO((card ? std::string() : card.error().detail));
    REQUIRE(card);
    CHECK(card->scheme == emv::Scheme::Visa);
    CHECK(card->number.reveal() == "4111111111111111");
}

} // namespace

TEST_CASE("lab ccid: a card is seen, read, and seen to go")
{
    Counter counter;
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
    Counter counter;
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
    readsVisa(counter);
}

TEST_CASE("lab ccid: a reader unplugged in an APDU is told, and reads again when it is back")
{
    Counter counter;
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
        readsVisa(counter);
        counter.remove();
        REQUIRE(counter.reader->waitForRemoval({}, kPatience));
    }
}

TEST_CASE("lab ccid: a card whose reader went between two APDUs is told as the reader's absence")
{
    Counter counter;
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
    Counter counter;
    counter.insert("visa");
    readsVisa(counter);
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
    Counter counter;
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
    readsVisa(counter);
}

TEST_CASE("lab ccid: a card put back so fast that the reader says it once is read")
{
    Counter counter;
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
    readsVisa(counter);
}

TEST_CASE("lab ccid: a card that is the wrong way round is mute, not absent")
{
    Counter counter;
    counter.cable->say(CcidReader::kInterruptPipe, counter.device->insertDead());
    const auto state = counter.reader->waitForInsertion({}, kPatience);
    REQUIRE(state);
    CHECK(state->presence == CardPresence::Mute);
    const auto channel = counter.reader->connect();
    REQUIRE_FALSE(channel);
    CHECK(channel.error().code == Errc::Protocol);
    CHECK(channel.error().remedy == Remedy::ReinsertCard);
}
