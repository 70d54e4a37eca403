// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/signalling/switchboard.h"

#include <algorithm>
#include <utility>

#include "cloudbranch/signalling/switchboard_change.h"

namespace guichet::signalling {
namespace {

constexpr std::string_view kNoAnswer = "no-answer";

} // namespace

Switchboard::Switchboard(RoutingRules rules, SwitchState state, Instant now)
    : m_rules(std::move(rules))
    , m_position(state.position)
    , m_meanCall(state.meanCall.value_or(m_rules.usualCall))
{
    for (auto& assist : state.assists) {
        if (assist.state < AssistState::WrapUp) {
            assist.lostSince = now;
        }
        m_assists.emplace(assist.id, std::move(assist));
    }
    for (auto& seat : state.seats) {
        seat.lostSince = now;
        m_seats.emplace(seat.id, std::move(seat));
    }
}

Result<SwitchOutcome> Switchboard::execute(const SwitchCommand& command, Instant now)
{
    Change change(*this, now);
    if (auto done =
            std::visit([&](const auto& concrete) { return run(concrete, change); }, command);
        !done) {
        return tl::unexpected(std::move(done.error()));
    }
    pair(change);
    return change.take();
}

SwitchOutcome Switchboard::audit(std::string type, std::string who, std::string assist, Instant now)
{
    return {.entries = {{.sequence = ++m_position,
                         .type = std::move(type),
                         .assist = std::move(assist),
                         .seat = std::move(who),
                         .at = now}}};
}

const Assist* Switchboard::assist(const std::string& id) const
{
    const auto found = m_assists.find(id);
    return found == m_assists.end() ? nullptr : &found->second;
}

const Seat* Switchboard::seat(const std::string& id) const
{
    const auto found = m_seats.find(id);
    return found == m_seats.end() ? nullptr : &found->second;
}

Result<Assist*> Switchboard::find(const std::string& id)
{
    const auto found = m_assists.find(id);
    return found == m_assists.end() ? Result<Assist*>(fail(Errc::NotFound, "no such assist"))
                                    : &found->second;
}

Result<Assist*> Switchboard::held(const std::string& id, const std::string& seat)
{
    return find(id).and_then([&seat](Assist* assist) -> Result<Assist*> {
        const bool hers = assist->seat == seat && assist->state != AssistState::Waiting;
        return hers ? Result<Assist*>(assist)
                    : fail(Errc::Denied, "this seat does not hold the assist");
    });
}

Result<Seat*> Switchboard::findSeat(const std::string& id)
{
    const auto found = m_seats.find(id);
    return found == m_seats.end() ? Result<Seat*>(fail(Errc::NotFound, "no such seat"))
                                  : &found->second;
}

/// What has run out, each by its own limit.
Switchboard::Done Switchboard::run(const Tick&, Change& change)
{
    const auto now = change.now();
    for (auto& [id, assist] : m_assists) {
        if (assist.state < AssistState::WrapUp && assist.lostSince &&
            *assist.lostSince + m_rules.terminalGrace <= now) {
            isAnswered(assist.state) ? wrapUp(assist, Step::LoseTerminal, "terminal-lost", change)
                                     : close(assist, Step::LoseTerminal, "terminal-lost", change);
        } else if (assist.state == AssistState::Ringing && assist.since + m_rules.ring <= now) {
            passOn(assist, kNoAnswer, true, change);
        } else if (assist.state == AssistState::Waiting && !assist.seat.empty() &&
                   assist.since + m_rules.ring <= now) {
            assist.seat.clear();
            change.touch(assist);
            change.note("assist.opened", assist, kNoAnswer);
        } else if (assist.state == AssistState::WrapUp && assist.contact.empty() &&
                   assist.since + m_rules.wrapUp <= now) {
            close(assist, Step::Finish, "unstated", change);
        }
    }
    std::vector<Seat*> gone;
    for (auto& [id, seat] : m_seats) {
        if (seat.lostSince && *seat.lostSince + m_rules.seatGrace <= now) {
            gone.push_back(&seat);
        }
    }
    for (auto* seat : gone) {
        if (auto left = leave(*seat, "seat-lost", change); !left) {
            return left;
        }
    }
    return {};
}

/// A seat goes for good; whoever it holds is not lost.
Switchboard::Done Switchboard::leave(Seat& seat, std::string_view reason, Change& change)
{
    if (!seat.assist.empty()) {
        auto& assist = m_assists.at(seat.assist);
        switch (seat.state) {
        case SeatState::Ringing:
            passOn(assist, reason, false, change);
            break;
        case SeatState::Busy:
            giveBack(assist, Step::LoseSeat, reason, change);
            break;
        default:
            assist.contact.empty() ? close(assist, Step::Finish, "unstated", change)
                                   : giveBack(assist, Step::LoseSeat, reason, change);
            break;
        }
    }
    for (auto& [id, assist] : m_assists) {
        if (assist.consultant == seat.id) {
            assist.consultant.clear();
            change.touch(assist);
        }
        if (assist.state == AssistState::Waiting && assist.seat == seat.id) {
            assist.seat.clear();
            change.touch(assist);
        }
    }
    change.seat(seat, SeatState::Away, reason);
    m_seats.erase(seat.id);
    return {};
}

void Switchboard::passOn(Assist& assist, std::string_view reason, bool seatAway, Change& change)
{
    auto& seat = m_seats.at(assist.seat);
    change.step(assist, Step::PassOn, reason);
    assist.passedBy[seat.id] = change.now();
    assist.seat.clear();
    seat.assist.clear();
    change.seat(seat, seatAway ? SeatState::Away : SeatState::Ready,
                seatAway ? reason : std::string_view());
}

/// The customer is through with remote staff, or never got to them.
void Switchboard::close(Assist& assist, Step step, std::string_view outcome, Change& change)
{
    assist.outcome = outcome;
    change.step(assist, step, outcome);
    if (const auto seat = m_seats.find(assist.seat);
        seat != m_seats.end() && seat->second.assist == assist.id) {
        free(seat->second, change);
    }
    if (assist.state == AssistState::CallBack) {
        assist.seat.clear();
    }
}

void Switchboard::wrapUp(Assist& assist, Step step, std::string_view reason, Change& change)
{
    constexpr int kMemory = 8;
    auto& seat = m_seats.at(assist.seat);
    const auto lasted = std::chrono::duration_cast<std::chrono::seconds>(change.now() - seat.since);
    m_meanCall += (lasted - m_meanCall) / kMemory;
    assist.consultant.clear();
    change.step(assist, step, reason);
    change.seat(seat, SeatState::WrapUp, seat.awayNext ? seat.reason : std::string());
}

/// Back into the line, at the old place, or among the call-backs.
void Switchboard::giveBack(Assist& assist, Step step, std::string_view reason, Change& change)
{
    auto& seat = m_seats.at(assist.seat);
    assist.passedBy[seat.id] = change.now();
    assist.consultant.clear();
    change.step(assist, step, reason);
    assist.seat.clear();
    free(seat, change);
}

void Switchboard::free(Seat& seat, Change& change)
{
    const bool handled = seat.state != SeatState::Ringing;
    seat.handled += handled ? 1 : 0;
    seat.assist.clear();
    const bool away = std::exchange(seat.awayNext, false);
    change.seat(seat, away ? SeatState::Away : SeatState::Ready,
                away ? seat.reason : std::string());
}

void Switchboard::pair(Change& change)
{
    const auto seats = allSeats();
    for (const auto* next : waiting()) {
        if (next->lostSince) {
            continue;
        }
        const auto* chosen = chooseSeat(m_rules, *next, seats, change.now());
        if (chosen == nullptr) {
            continue;
        }
        auto& assist = m_assists.at(next->id);
        auto& seat = m_seats.at(chosen->id);
        assist.seat = seat.id;
        seat.assist = assist.id;
        change.step(assist, Step::Ring);
        change.seat(seat, SeatState::Ringing);
    }
}

std::vector<const Assist*> Switchboard::waiting() const
{
    std::vector<const Assist*> all;
    for (const auto& [id, assist] : m_assists) {
        if (assist.state == AssistState::Waiting) {
            all.push_back(&assist);
        }
    }
    std::ranges::sort(all,
                      [](const auto* left, const auto* right) { return isBefore(*left, *right); });
    return all;
}

std::vector<const Seat*> Switchboard::allSeats() const
{
    std::vector<const Seat*> all;
    for (const auto& [id, seat] : m_seats) {
        all.push_back(&seat);
    }
    return all;
}

std::optional<std::size_t> Switchboard::ahead(const Assist& assist) const
{
    if (assist.state != AssistState::Waiting) {
        return std::nullopt;
    }
    const auto seats = allSeats();
    const auto all = waiting();
    return std::ranges::count_if(all, [&](const Assist* other) {
        return isBefore(*other, assist) && std::ranges::any_of(seats, [&](const Seat* seat) {
                   return askableFrom(m_rules, *other, *seat) &&
                          askableFrom(m_rules, assist, *seat);
               });
    });
}

std::optional<std::chrono::seconds> Switchboard::wait(const Assist& assist) const
{
    if (assist.state != AssistState::Waiting) {
        return std::nullopt;
    }
    return expectedWait(m_rules, assist, waiting(), allSeats(), m_meanCall);
}

std::optional<Instant> Switchboard::nextTick() const
{
    std::optional<Instant> next;
    const auto consider = [&next](Instant at) { next = next ? std::min(*next, at) : at; };
    for (const auto& [id, assist] : m_assists) {
        if (assist.state < AssistState::WrapUp && assist.lostSince) {
            consider(*assist.lostSince + m_rules.terminalGrace);
        }
        if (assist.state == AssistState::Ringing ||
            (assist.state == AssistState::Waiting && !assist.seat.empty())) {
            consider(assist.since + m_rules.ring);
        }
        if (assist.state == AssistState::WrapUp && assist.contact.empty()) {
            consider(assist.since + m_rules.wrapUp);
        }
        if (assist.state == AssistState::Waiting && !assist.lostSince) {
            for (const auto& [name, seat] : m_seats) {
                if (const auto from = askableFrom(m_rules, assist, seat);
                    from && seat.state == SeatState::Ready && !seat.lostSince) {
                    consider(*from);
                }
            }
        }
    }
    for (const auto& [id, seat] : m_seats) {
        if (seat.lostSince) {
            consider(*seat.lostSince + m_rules.seatGrace);
        }
    }
    return next;
}

void Switchboard::forget(Instant limit)
{
    std::erase_if(m_assists, [limit](const auto& entry) {
        return entry.second.state == AssistState::Closed && entry.second.since < limit;
    });
}

} // namespace guichet::signalling
