// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "peripherals/virtual/chip.h"
#include "peripherals/virtual/sockets.h"

namespace guichet::virtualdevices {

/// The slot of the virtual reader: puts cards in by connecting to the vpcd driver of pcscd and
/// pulls them by closing. While a card is in, a lost driver (pcscd restarted) is called again and
/// again. Thread-safe; all functions but insert() return at once.
class CardSlot {
public:
    struct State {
        std::string card;       ///< empty: no card
        bool connected = false; ///< the driver is there
        unsigned apdus = 0;     ///< since the card was put in
        std::optional<unsigned> tearAfter;
        std::optional<unsigned> muteAt;
        std::chrono::milliseconds delay{0};
    };

    explicit CardSlot(Endpoint driver);
    ~CardSlot();
    CardSlot(const CardSlot&) = delete;
    CardSlot& operator=(const CardSlot&) = delete;

    /// Waits up to `wait` for the driver, but a driver that is not there is no failure: see
    /// State::connected. Less than a second after a card went, the next one comes a little later:
    /// pcscd never sees a card that replaces another one between two looks. Fails with
    /// Errc::Conflict if a card is in.
    [[nodiscard]] Result<void> insert(SlotCard card, std::chrono::milliseconds wait);
    /// Pulls the card. False if there was none.
    bool remove();
    /// Pulls the card when it has answered APDU `count` (counted from insertion), or, `inside`,
    /// when APDU `count` came and before the answer. At once if that has passed.
    bool tearAfter(unsigned count, bool inside);
    /// From APDU `number` on (1 is the first) the card never answers; nothing: it answers again.
    bool mute(std::optional<unsigned> number);
    bool delay(std::chrono::milliseconds time);
    [[nodiscard]] State state() const;

private:
    void run();
    void serve(UniqueFd socket);
    /// Reads exactly that many bytes; false if the link or the card goes first.
    bool take(int socket, std::byte* target, std::size_t count);
    bool put(int socket, ByteView message);
    /// The card that this connection stands for is still in; needs the lock.
    [[nodiscard]] bool sameCard() const { return m_card && m_generation == m_serving; }
    [[nodiscard]] bool present() const;
    /// Waits for news or time; returns true while the card is still in.
    bool pause(std::chrono::milliseconds time);
    bool apdu(int socket, ByteView command);

    const Endpoint m_driver;
    Waker m_waker;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::optional<SlotCard> m_card;
    State m_state;
    bool m_tearInside = false;
    bool m_stop = false;
    unsigned m_generation = 0; ///< counts insertions
    unsigned m_serving = 0;    ///< the insertion that the thread is at
    std::chrono::steady_clock::time_point m_slotEmptySince{};
    std::thread m_thread; ///< last: it uses all of the above
};

} // namespace guichet::virtualdevices
