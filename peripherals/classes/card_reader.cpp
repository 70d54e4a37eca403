// SPDX-License-Identifier: Apache-2.0
#include "peripherals/classes/card_reader.h"

namespace guichet {
namespace {

using Milliseconds = std::chrono::milliseconds;

/// Follows changes until a card is there (or not there) or the time is up.
Result<CardState> waitUntil(CardReader& reader, bool there, const std::stop_token& stop,
                            Milliseconds timeout)
{
    const auto end = std::chrono::steady_clock::now() + timeout;
    CardState known;
    if (auto now = reader.state()) {
        known = *now;
    }
    while ((known.presence != CardPresence::Absent) != there) {
        const auto left =
            std::chrono::duration_cast<Milliseconds>(end - std::chrono::steady_clock::now());
        if (left <= Milliseconds::zero()) {
            return there ? fail(Errc::Timeout, "no card was put in", Remedy::InsertCard)
                         : fail(Errc::Timeout, "the card was not taken", Remedy::RemoveCard);
        }
        auto next = reader.waitForChange(known, stop, left);
        if (!next) {
            return next;
        }
        known = *next;
    }
    return known;
}

} // namespace

Result<CardState> CardReader::waitForInsertion(std::stop_token stop, Milliseconds timeout)
{
    return waitUntil(*this, true, stop, timeout);
}

Result<CardState> CardReader::waitForRemoval(std::stop_token stop, Milliseconds timeout)
{
    return waitUntil(*this, false, stop, timeout);
}

std::string_view name(CardPresence presence)
{
    switch (presence) {
    case CardPresence::Absent:
        return "absent";
    case CardPresence::Present:
        return "present";
    case CardPresence::Mute:
        return "mute";
    }
    return "absent";
}

} // namespace guichet
