// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cloudbranch/signalling/switchboard_change.h"

/// What terminals and seats want of the switchboard: each is checked before anything changes.
namespace guichet::signalling {
namespace {

tl::unexpected<Error> illegal(const Assist& assist, std::string_view wish)
{
    return fail(Errc::Conflict,
                "assist is " + std::string(name(assist.state)) + ": cannot " + std::string(wish));
}

} // namespace

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
                  .since = change.now(),
                  .lostSince = change.now()}; // until its line is there
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

} // namespace guichet::signalling
