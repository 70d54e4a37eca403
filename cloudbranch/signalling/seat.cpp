// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/signalling/seat.h"

namespace guichet::signalling {

std::string_view name(SeatState state)
{
    switch (state) {
    case SeatState::Away:
        return "away";
    case SeatState::Ready:
        return "ready";
    case SeatState::Ringing:
        return "ringing";
    case SeatState::Busy:
        return "busy";
    case SeatState::WrapUp:
        break;
    }
    return "wrap_up";
}

std::optional<SeatState> seatStateFromName(std::string_view text)
{
    for (const auto state : {SeatState::Away, SeatState::Ready, SeatState::Ringing, SeatState::Busy,
                             SeatState::WrapUp}) {
        if (name(state) == text) {
            return state;
        }
    }
    return std::nullopt;
}

} // namespace guichet::signalling
