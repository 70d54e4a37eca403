// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "peripherals/virtual/chip.h"
#include "tests/lab/usb_emulator.h"

namespace guichet::lab {

/// A reader of the CCID class with one slot and short APDUs (USB CCID 1.1). Cards are those of the
/// demo. insert() and remove() return what the reader says on its interrupt pipe. Thread-safe.
class CcidReader {
public:
    static constexpr unsigned kInterruptPipe = 3;

    [[nodiscard]] Bytes insert(std::string_view card);
    /// One that answers no reset: wrong way round.
    [[nodiscard]] Bytes insertDead();
    [[nodiscard]] Bytes remove();

    /// The card is torn out when APDU `number` (1 is the first since it was put in) has come; 0:
    /// it stays.
    void tearInApdu(unsigned number);
    /// Called with its number when an APDU has come, before its answer goes.
    void onApdu(std::function<void(unsigned number)> call);
    /// Since the card was put in.
    [[nodiscard]] unsigned apdus() const;

    /// Its cable was pulled: the card stays in and loses its power.
    void losePower();
    /// What it says to bytes on its OUT pipe, by IN pipe.
    [[nodiscard]] std::map<unsigned, Bytes> take(ByteView bytes);

private:
    [[nodiscard]] Bytes answer(ByteView message);
    [[nodiscard]] Bytes powerOn(ByteView header);
    [[nodiscard]] Bytes exchange(ByteView header, ByteView command);
    [[nodiscard]] Bytes says(std::uint8_t type, ByteView header, std::uint8_t last = 0,
                             ByteView data = {}) const;
    [[nodiscard]] Bytes failed(std::uint8_t type, ByteView header, std::uint8_t why) const;
    [[nodiscard]] std::uint8_t cardStatus() const;

    mutable std::mutex m_lock;
    std::optional<virtualdevices::SlotCard> m_card;
    bool m_dead = false;
    bool m_powered = false;
    bool m_torn = false; ///< to be said
    unsigned m_apdus = 0, m_tearAt = 0;
    std::function<void(unsigned)> m_onApdu;
    Bytes m_received;
};

[[nodiscard]] UsbModel ccidModel(const std::shared_ptr<CcidReader>& reader);

} // namespace guichet::lab
