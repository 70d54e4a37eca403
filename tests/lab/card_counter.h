// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <catch2/catch.hpp>

#include "drivers/emv/emv_reader.h"
#include "drivers/transport/pcsc_reader.h"
#include "tests/lab/ccid_model.h"

namespace guichet::lab {

constexpr auto kPatience = std::chrono::seconds(60);

/// A card reader on the counter: our end, behind pcscd, and the customer's.
struct CardCounter {
    /// Plugs a reader with an empty slot, once PC/SC has forgotten the one before.
    CardCounter()
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
        return state ? readInserted() : tl::unexpected(state.error());
    }
    Result<emv::CardData> readInserted()
    {
        auto channel = reader->connect();
        if (!channel) {
            return tl::unexpected(channel.error());
        }
        return emv::readCard(**channel, {.today = std::chrono::year(2026) / 11 / 27});
    }
    void readsVisa()
    {
        const auto card = read();
        INFO((card ? std::string() : card.error().detail));
        REQUIRE(card);
        CHECK(card->scheme == emv::Scheme::Visa);
        CHECK(card->number.reveal() == "4111111111111111");
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
            static_cast<void>(reader->waitForChange(*state, {}, std::chrono::seconds(1)));
        }
        return false;
    }

    std::shared_ptr<CcidReader> device = std::make_shared<CcidReader>();
    std::unique_ptr<PluggedUsb> cable;
    std::unique_ptr<CardReader> reader = transport::makePcscReader("");
};

} // namespace guichet::lab
