// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/bytes.h"

namespace guichet::virtualdevices {

/// What lies behind the contacts or the antenna of a card. No I/O, no clock.
class Chip {
public:
    virtual ~Chip() = default;
    [[nodiscard]] virtual ByteView atr() const = 0;
    /// The response to a command APDU with its status word; never empty.
    [[nodiscard]] virtual Bytes answer(ByteView command) = 0;
    /// Power off, power on or reset: nothing is selected or agreed any more.
    virtual void reset() = 0;
};

/// A card that can be put into the slot.
struct SlotCard {
    std::string name;
    std::unique_ptr<Chip> chip;
    std::optional<unsigned> muteAtApdu = {};
    std::chrono::milliseconds delay{0}; ///< before each answer
};

/// A bank card or travel document of the demo; nothing if there is none of that name. An answer to
/// reset of one's own takes the place of the card's.
[[nodiscard]] std::optional<SlotCard> makeSlotCard(std::string_view name, const Bytes& atr = {});

/// How a card of the demo is called: by the control API, and on its button.
struct CardTitle {
    std::string name, titleEn, titleZh;
};
/// In the order in which the window shows them.
[[nodiscard]] std::vector<CardTitle> slotCards();

} // namespace guichet::virtualdevices
