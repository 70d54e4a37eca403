// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/signalling/switchboard.h"

#include <algorithm>
#include <utility>

namespace guichet::signalling {
namespace {

constexpr std::string_view kNoAnswer = "no-answer";

void addOnce(std::vector<std::string>& list, const std::string& id)
{
    if (std::ranges::find(list, id) == list.end()) {
        list.push_back(id);
    }
}

tl::unexpected<Error> illegal(const Assist& assist, std::string_view wish)
{
    return fail(Errc::Conflict,
                "assist is " + std::string(name(assist.state)) + ": cannot " + std::string(wish));
}

} // namespace

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

Switchboard::Done Switchboard::run(const Ask& command, Change& change)
{
    if (const auto known = find(command.assist)) {
        const bool same = (*known)->caseId == command.caseId && (*known)->needs == command.needs &&
                          (*known)->terminal == command.terminal;
        return same ? Done() : fail(Errc::Invalid, "another assist has this id");
    }
    const bool asked = std::ranges::any_of(m_assists, [&command](const auto& entry) {
        const auto& other = entry.second;
        return other.caseId == command.caseId && other.state < AssistState::WrapUp;
    });
    if (asked) {
        return fail(Errc::Conflict, "the case has an open assist");
    }
    Assist assist{.id = command.assist,
                  .caseId = command.caseId,
                  .terminal = command.terminal,
                  .visit = command.visit,
                  .needs = command.needs,
                  .customerClass = command.customerClass,
                  .mode = command.mode,
                  .asked = change.now(),
                  .place = change.now(),
                  .since = change.now()};
    if (const auto credit = m_rules.credit.find(assist.customerClass);
        credit != m_rules.credit.end()) {
        assist.place -= credit->second;
    }
    change.created(m_assists.emplace(assist.id, std::move(assist)).first->second);
    return {};
}

Switchboard::Done Switchboard::run(const Withdraw& command, Change& change)
{
    return find(command.assist).and_then([&](Assist* assist) -> Done {
        if (assist->state == AssistState::Closed && assist->outcome == command.outcome) {
            return {};
        }
        if (!after(assist->state, Step::Withdraw)) {
            return illegal(*assist, "withdraw");
        }
        close(*assist, Step::Withdraw, command.outcome, change);
        return {};
    });
}

Switchboard::Done Switchboard::run(const LeaveCallBack& command, Change& change)
{
    return find(command.assist).and_then([&](Assist* assist) -> Done {
        if (assist->state == AssistState::CallBack && assist->contact == command.contact) {
            return {};
        }
        if (!after(assist->state, Step::LeaveCallBack)) {
            return illegal(*assist, "leave a call-back");
        }
        if (command.contact.empty()) {
            return fail(Errc::Invalid, "a call-back needs a contact");
        }
        assist->contact = command.contact;
        close(*assist, Step::LeaveCallBack, {}, change);
        return {};
    });
}

Switchboard::Done Switchboard::run(const Join& command, Change& change)
{
    return find(command.assist).and_then([&](Assist* assist) -> Done {
        if (assist->state == AssistState::Talking) {
            if (std::exchange(assist->mode, command.mode) != command.mode) {
                change.touch(*assist);
                change.note("assist.mode_changed", *assist, name(command.mode));
            }
            return {};
        }
        if (!after(assist->state, Step::Join)) {
            return illegal(*assist, "join");
        }
        assist->mode = command.mode;
        change.step(*assist, Step::Join, name(command.mode));
        return {};
    });
}

Switchboard::Done Switchboard::run(const Interrupt& command, Change& change)
{
    return find(command.assist).and_then([&](Assist* assist) -> Done {
        if (assist->state == AssistState::Interrupted) {
            return {};
        }
        if (!after(assist->state, Step::Interrupt)) {
            return illegal(*assist, "be interrupted");
        }
        change.step(*assist, Step::Interrupt);
        return {};
    });
}

Switchboard::Done Switchboard::run(const Accept& command, Change& change)
{
    return held(command.assist, command.seat).and_then([&](Assist* assist) -> Done {
        if (isAnswered(assist->state)) {
            return {};
        }
        if (!after(assist->state, Step::Accept)) {
            return illegal(*assist, "be accepted");
        }
        change.step(*assist, Step::Accept);
        change.seat(m_seats.at(command.seat), SeatState::Busy);
        return {};
    });
}

Switchboard::Done Switchboard::run(const Decline& command, Change& change)
{
    return held(command.assist, command.seat).and_then([&](Assist* assist) -> Done {
        if (!after(assist->state, Step::PassOn)) {
            return illegal(*assist, "be declined");
        }
        passOn(*assist, command.reason, false, change);
        return {};
    });
}

Switchboard::Done Switchboard::run(const Transfer& command, Change& change)
{
    return held(command.assist, command.seat).and_then([&](Assist* assist) -> Done {
        if (!after(assist->state, Step::Transfer)) {
            return illegal(*assist, "be transferred");
        }
        if (command.toSeat == command.seat || (command.toSeat.empty() && !command.needs)) {
            return fail(Errc::Invalid, "a transfer needs another seat or other needs");
        }
        if (!command.toSeat.empty() && !seat(command.toSeat)) {
            return fail(Errc::NotFound, "no such seat");
        }
        const auto needs = command.needs.value_or(assist->needs);
        if (const auto* target = seat(command.toSeat);
            target != nullptr && !serves(target->skills, needs)) {
            return fail(Errc::Invalid, "the other seat cannot help this customer");
        }
        assist->needs = needs;
        ++assist->transfers;
        giveBack(*assist, Step::Transfer, command.toSeat, change);
        assist->seat = command.toSeat;
        return {};
    });
}

Switchboard::Done Switchboard::run(const Consult& command, Change& change)
{
    return held(command.assist, command.seat).and_then([&](Assist* assist) -> Done {
        if (!isAnswered(assist->state)) {
            return illegal(*assist, "be shown to another seat");
        }
        if (command.with == command.seat || (!command.with.empty() && !seat(command.with))) {
            return fail(Errc::NotFound, "no such other seat");
        }
        if (std::exchange(assist->consultant, command.with) != command.with) {
            change.touch(*assist);
            change.note("assist.consulted", *assist, command.with);
        }
        return {};
    });
}

Switchboard::Done Switchboard::run(const Finish& command, Change& change)
{
    if (command.outcome.empty()) {
        return fail(Errc::Invalid, "an assist ends with an outcome");
    }
    const auto found = find(command.assist);
    if (found && (*found)->state == AssistState::Closed && (*found)->seat == command.seat) {
        return (*found)->outcome == command.outcome
                   ? Done()
                   : illegal(**found, "be finished with another outcome");
    }
    return held(command.assist, command.seat).and_then([&](Assist* assist) -> Done {
        if (!after(assist->state, Step::Finish)) {
            return illegal(*assist, "be finished before the customer is through");
        }
        close(*assist, Step::Finish, command.outcome, change);
        return {};
    });
}

Switchboard::Done Switchboard::run(const TakeCallBack& command, Change& change)
{
    return find(command.assist).and_then([&](Assist* assist) {
        return findSeat(command.seat).and_then([&](Seat* seat) -> Done {
            if (assist->state == AssistState::WrapUp && assist->seat == command.seat) {
                return {};
            }
            if (!after(assist->state, Step::TakeCallBack)) {
                return illegal(*assist, "be called back");
            }
            if (!seat->assist.empty()) {
                return fail(Errc::Conflict, "the seat has a customer");
            }
            assist->seat = seat->id;
            seat->assist = assist->id;
            change.step(*assist, Step::TakeCallBack);
            change.seat(*seat, SeatState::WrapUp);
            return {};
        });
    });
}

Switchboard::Done Switchboard::run(const HangUp& command, Change& change)
{
    return (command.seat.empty() ? find(command.assist) : held(command.assist, command.seat))
        .and_then([&](Assist* assist) -> Done {
            if (assist->state >= AssistState::WrapUp) {
                return {};
            }
            if (!after(assist->state, Step::HangUp)) {
                return illegal(*assist, "be hung up");
            }
            wrapUp(*assist, Step::HangUp, command.seat.empty() ? "customer" : "seat", change);
            return {};
        });
}

Switchboard::Done Switchboard::run(const SignIn& command, Change& change)
{
    if (command.seat.empty() || command.pool.empty()) {
        return fail(Errc::Invalid, "a seat needs a name and a pool");
    }
    const auto [entry, isNew] = m_seats.try_emplace(command.seat, Seat{.id = command.seat});
    auto& seat = entry->second;
    const bool changed =
        isNew || seat.lostSince || seat.pool != command.pool || seat.skills != command.skills;
    seat.pool = command.pool;
    seat.skills = command.skills;
    seat.lostSince.reset();
    if (isNew) {
        change.seat(seat, SeatState::Away, "signed-in");
    } else if (changed) {
        change.touch(seat);
    }
    return {};
}

Switchboard::Done Switchboard::run(const SetReady& command, Change& change)
{
    return findSeat(command.seat).and_then([&](Seat* seat) -> Done {
        if (std::exchange(seat->awayNext, false)) {
            change.touch(*seat);
        }
        if (seat->state == SeatState::Away) {
            change.seat(*seat, SeatState::Ready);
        }
        return {};
    });
}

Switchboard::Done Switchboard::run(const SetAway& command, Change& change)
{
    return findSeat(command.seat).and_then([&](Seat* seat) -> Done {
        if (seat->state == SeatState::Busy || seat->state == SeatState::WrapUp) {
            seat->awayNext = true;
            seat->reason = command.reason;
            change.touch(*seat);
            return {};
        }
        if (seat->state == SeatState::Ringing) {
            passOn(m_assists.at(seat->assist), command.reason, false, change);
        }
        change.seat(*seat, SeatState::Away, command.reason);
        return {};
    });
}

Switchboard::Done Switchboard::run(const SignOut& command, Change& change)
{
    return findSeat(command.seat).and_then([&](Seat* seat) -> Done {
        if (seat->state == SeatState::Busy) {
            return fail(Errc::Conflict, "a customer is with this seat: hang up or transfer first");
        }
        return leave(*seat, "signed-out", change);
    });
}

Switchboard::Done Switchboard::run(const SeatConnection& command, Change& change)
{
    return findSeat(command.seat).and_then([&](Seat* seat) -> Done {
        if (command.up == !seat->lostSince) {
            return {};
        }
        seat->lostSince = command.up ? std::nullopt : std::optional(change.now());
        change.touch(*seat);
        if (!command.up && seat->state == SeatState::Ringing) {
            passOn(m_assists.at(seat->assist), "seat-lost", false, change);
        }
        return {};
    });
}

Switchboard::Done Switchboard::run(const TerminalConnection& command, Change& change)
{
    return find(command.assist).and_then([&](Assist* assist) -> Done {
        if (command.up == !assist->lostSince || assist->state >= AssistState::WrapUp) {
            return {};
        }
        assist->lostSince = command.up ? std::nullopt : std::optional(change.now());
        change.touch(*assist);
        return {};
    });
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
