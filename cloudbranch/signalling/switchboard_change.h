// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <utility>

#include "cloudbranch/signalling/switchboard.h"

namespace guichet::signalling {

/// Collects what one command does.
class Switchboard::Change {
public:
    Change(Switchboard& board, Instant now)
        : m_board(board)
        , m_now(now)
    {
    }

    [[nodiscard]] Instant now() const { return m_now; }

    /// The step must be legal.
    void step(Assist& assist, Step step, std::string_view reason = {})
    {
        const auto from = assist.state;
        assist.state = after(from, step).value();
        assist.since = m_now;
        touch(assist);
        log(eventName(step), assist, name(from), reason);
    }
    void created(Assist& assist)
    {
        assist.sequence = m_board.m_position + 1;
        addOnce(m_outcome.assists, assist.id);
        log(eventName(Step::Ask), assist, {}, {});
    }
    void touch(Assist& assist)
    {
        ++assist.version;
        addOnce(m_outcome.assists, assist.id);
    }
    void note(std::string_view type, const Assist& assist, std::string_view reason)
    {
        log(type, assist, name(assist.state), reason);
    }
    void seat(Seat& seat, SeatState state, std::string_view reason = {})
    {
        const auto from = seat.state;
        seat.state = state;
        seat.reason = reason;
        seat.since = m_now;
        touch(seat);
        m_outcome.entries.push_back({++m_board.m_position, "seat." + std::string(name(state)),
                                     seat.assist, seat.id, std::string(name(from)),
                                     std::string(name(state)), std::string(reason), m_now});
    }
    void touch(const Seat& seat) { addOnce(m_outcome.seats, seat.id); }
    [[nodiscard]] SwitchOutcome take() { return std::move(m_outcome); }

private:
    static void addOnce(std::vector<std::string>& list, const std::string& id)
    {
        if (std::ranges::find(list, id) == list.end()) {
            list.push_back(id);
        }
    }
    void log(std::string_view type, const Assist& assist, std::string_view from,
             std::string_view reason)
    {
        m_outcome.entries.push_back({++m_board.m_position, std::string(type), assist.id,
                                     assist.seat, std::string(from),
                                     std::string(name(assist.state)), std::string(reason), m_now});
    }

    Switchboard& m_board;
    Instant m_now;
    SwitchOutcome m_outcome;
};

} // namespace guichet::signalling
