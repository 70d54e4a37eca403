// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "peripherals/virtual/card_slot.h"

namespace guichet::test {

inline constexpr auto kVirtualReader = "Guichet Virtual Reader 00 00";

/// A card of the demo in the virtual reader of the world's pcscd (tests/support/in-world). Once it
/// is made pcscd has seen the card.
class InsertedCard {
public:
    explicit InsertedCard(std::string_view name);

private:
    virtualdevices::CardSlot m_slot;
};

} // namespace guichet::test
