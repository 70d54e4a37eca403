// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "peripherals/base/bytes.h"
#include "peripherals/virtual/resident_card.h"

/// A resident card reader with its security module, as it answers SDT frames. No I/O, no clock.
namespace guichet::virtualdevices {

class SdtReader {
public:
    /// What goes wrong from now on.
    enum class Fault {
        None,
        CardMoves,     ///< reading fails each time
        CardMovesOnce, ///< found, selected and read anew it goes well
        OtherCard,     ///< what lies there is no card of this kind
        Damaged,       ///< the next answer's check byte is wrong
        Mute,          ///< commands are heard and not answered
        Expired,       ///< the security module is not authorised any more
    };

    void place(ResidentCardProfile card);
    void remove();
    /// The card that lies there.
    [[nodiscard]] const std::optional<ResidentCardProfile>& card() const { return m_card; }
    void set(Fault fault) { m_fault = fault; }
    /// How often it was told to read a card.
    [[nodiscard]] int readings() const { return m_readings; }

    /// What it answers to what has come, in frames that may be cut anywhere.
    [[nodiscard]] Bytes take(ByteView bytes);

private:
    struct Reply {
        unsigned char verdict = 0;
        Bytes data = {};
    };
    [[nodiscard]] static Bytes frameOf(const Reply& reply);
    [[nodiscard]] Bytes answer(ByteView body);
    [[nodiscard]] Reply obey(unsigned command, unsigned parameter);
    [[nodiscard]] Reply readCard();

    std::optional<ResidentCardProfile> m_card;
    bool m_found = false, m_selected = false;
    bool m_read = false; ///< and not found again until it was taken away
    int m_readings = 0;
    Fault m_fault = Fault::None;
    Bytes m_pending;
};

} // namespace guichet::virtualdevices
