// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>

#include "peripherals/base/clock.h"

namespace guichet::net {

/// What a connection has to do in time, and for how long none is taken in when there are no files;
/// each kind has one length for all.
enum class Deadline : std::size_t { Header, Body, Idle, Write, Heartbeat, Linger, Accept };

/// One list per kind of deadline. Its length being the same for all, what is armed last is due
/// last: arming costs no search, and a tick looks at what expires. Thread-bound.
class Deadlines {
    static constexpr std::size_t kKinds = 7;

public:
    using Owner = std::uint64_t;
    using Lengths = std::array<std::chrono::milliseconds, kKinds>; ///< in the order of Deadline

private:
    struct Entry {
        Owner owner = 0;
        std::optional<Deadline> kind = {};
        Ticks due = {};
    };
    using List = std::list<Entry>;

public:
    /// One owner's place in the lists, which it leaves when it goes.
    class Place {
    public:
        Place(Deadlines& lists, Owner owner);
        ~Place();
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

        /// From now on; whatever was armed is no longer.
        void arm(Deadline kind);
        void disarm();
        [[nodiscard]] std::optional<Deadline> armed() const;

    private:
        Deadlines& m_lists;
        List::iterator m_entry;
    };

    explicit Deadlines(Lengths lengths)
        : m_lengths(lengths)
    {
    }

    void setNow(Ticks now) { m_now = now; }
    /// A minute, or less if something is due before.
    [[nodiscard]] std::chrono::milliseconds nextWait() const;

    struct Due {
        Owner owner;
        Deadline kind;
    };
    /// Disarms what it returns.
    [[nodiscard]] std::optional<Due> popDue();

private:
    void move(List::iterator entry, std::optional<Deadline> kind);
    [[nodiscard]] List& listOf(std::optional<Deadline> kind);

    const Lengths m_lengths;
    std::array<List, kKinds> m_lists;
    List m_unarmed;
    Ticks m_now = {};
};

} // namespace guichet::net
