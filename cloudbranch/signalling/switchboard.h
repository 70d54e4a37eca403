// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cloudbranch/signalling/assist.h"
#include "cloudbranch/signalling/routing.h"
#include "cloudbranch/signalling/seat.h"
#include "cloudbranch/signalling/steps.h"
#include "peripherals/base/error.h"

namespace guichet::signalling {

// What a terminal wants.
struct Ask {
    std::string assist; ///< the new one's id
    std::string caseId;
    std::string terminal;
    std::string visit = {};
    Needs needs = {};
    std::string customerClass = {};
    Mode mode = Mode::Video;
};
struct Withdraw {
    std::string assist;
    std::string outcome = "withdrawn"; ///< or where the customer goes on: "counter"
};
struct LeaveCallBack {
    std::string assist;
    std::string contact; ///< sealed to the bank
};
/// Picture, sound or text reach both; and in which mode.
struct Join {
    std::string assist;
    Mode mode = Mode::Video;
};
struct Interrupt {
    std::string assist;
};

// What a seat wants. It must hold the assist, or be the one that it rings at.
struct Accept {
    std::string assist;
    std::string seat;
};
struct Decline {
    std::string assist;
    std::string seat;
    std::string reason;
};
/// Back into the line, with its place and its case: to one seat, or to whoever meets new needs.
struct Transfer {
    std::string assist;
    std::string seat;
    std::string toSeat = {};
    std::optional<Needs> needs = {};
};
/// Another seat may look at the case and give advice; the customer stays where it is.
struct Consult {
    std::string assist;
    std::string seat;
    std::string with; ///< empty: nobody any more
};
struct Finish {
    std::string assist;
    std::string seat;
    std::string outcome;
};
struct TakeCallBack {
    std::string assist;
    std::string seat;
};
/// By the customer, or by the seat that holds it.
struct HangUp {
    std::string assist;
    std::string seat = {}; ///< empty: the customer
};

// What becomes of seats and connections.
struct SignIn {
    std::string seat;
    std::string pool;
    Skills skills;
};
struct SetReady {
    std::string seat;
};
struct SetAway {
    std::string seat;
    std::string reason;
};
struct SignOut {
    std::string seat;
};
struct SeatConnection {
    std::string seat;
    bool up = true;
};
struct TerminalConnection {
    std::string assist;
    bool up = true;
};
/// Time has passed.
struct Tick {};

using SwitchCommand =
    std::variant<Ask, Withdraw, LeaveCallBack, Join, Interrupt, Accept, Decline, Transfer, Consult,
                 Finish, TakeCallBack, HangUp, SignIn, SetReady, SetAway, SignOut, SeatConnection,
                 TerminalConnection, Tick>;

/// One entry of the log. Sequences are dense.
struct SwitchEntry {
    std::uint64_t sequence = 0;
    std::string type = {};
    std::string assist = {}; ///< empty for what is only a seat's
    std::string seat = {};
    std::string fromState = {};
    std::string toState = {};
    std::string reason = {};
    Instant at{};
};

/// What a command did: what to write to disk, and whom to tell.
struct SwitchOutcome {
    std::vector<SwitchEntry> entries = {};
    std::vector<std::string> assists = {}; ///< changed, each once
    std::vector<std::string> seats = {};   ///< changed, each once
};

/// All that a switchboard must remember to go on after a restart.
struct SwitchState {
    std::uint64_t position = 0; ///< of the last log entry
    std::vector<Assist> assists = {};
    std::vector<Seat> seats = {};
    std::optional<std::chrono::seconds> meanCall = {};
};

/// Remote staff and the customers who want them. Every command is checked and then done completely,
/// or refused and changes nothing; after each, nobody waits beside a seat that may be asked. Pure
/// memory; not thread-safe. Instants are branch time, which never runs backwards.
class Switchboard {
public:
    /// After a restart every connection counts as lost since `now`: who does not come back within
    /// its grace is given up, what both still have goes on.
    explicit Switchboard(RoutingRules rules, SwitchState state = {}, Instant now = {});

    /// Errc::NotFound: no such assist or seat. Errc::Conflict: not in this state. Errc::Denied: the
    /// seat does not hold it. Errc::Invalid: a field is wrong. A command that was done before and
    /// would lead to where the assist stands is done, without an entry.
    [[nodiscard]] Result<SwitchOutcome> execute(const SwitchCommand& command, Instant now);

    /// An entry of the log for what was refused, and to whom: `type` is "refused." and a word.
    [[nodiscard]] SwitchOutcome audit(std::string type, std::string who, std::string assist,
                                      Instant now);

    [[nodiscard]] const RoutingRules& rules() const { return m_rules; }
    [[nodiscard]] const Assist* assist(const std::string& id) const;
    [[nodiscard]] const Seat* seat(const std::string& id) const;
    [[nodiscard]] const std::map<std::string, Assist>& assists() const { return m_assists; }
    [[nodiscard]] const std::map<std::string, Seat>& seats() const { return m_seats; }
    /// How many who could be taken by the same staff come first; nothing if it does not wait.
    [[nodiscard]] std::optional<std::size_t> ahead(const Assist& assist) const;
    /// See signalling::expectedWait(); nothing if it does not wait or nobody signed in can help.
    [[nodiscard]] std::optional<std::chrono::seconds> wait(const Assist& assist) const;
    /// When Tick may next do something.
    [[nodiscard]] std::optional<Instant> nextTick() const;
    [[nodiscard]] std::uint64_t position() const { return m_position; }
    [[nodiscard]] std::chrono::seconds meanCall() const { return m_meanCall; }
    /// Drops what was closed before `limit`.
    void forget(Instant limit);

private:
    class Change;
    using Done = Result<void>;

    Done run(const Ask& command, Change& change);
    Done run(const Withdraw& command, Change& change);
    Done run(const LeaveCallBack& command, Change& change);
    Done run(const Join& command, Change& change);
    Done run(const Interrupt& command, Change& change);
    Done run(const Accept& command, Change& change);
    Done run(const Decline& command, Change& change);
    Done run(const Transfer& command, Change& change);
    Done run(const Consult& command, Change& change);
    Done run(const Finish& command, Change& change);
    Done run(const TakeCallBack& command, Change& change);
    Done run(const HangUp& command, Change& change);
    Done run(const SignIn& command, Change& change);
    Done run(const SetReady& command, Change& change);
    Done run(const SetAway& command, Change& change);
    Done run(const SignOut& command, Change& change);
    Done run(const SeatConnection& command, Change& change);
    Done run(const TerminalConnection& command, Change& change);
    Done run(const Tick& command, Change& change);

    [[nodiscard]] Result<Assist*> find(const std::string& id);
    [[nodiscard]] Result<Assist*> held(const std::string& id, const std::string& seat);
    [[nodiscard]] Result<Seat*> findSeat(const std::string& id);
    Done leave(Seat& seat, std::string_view reason, Change& change);
    void passOn(Assist& assist, std::string_view reason, bool seatAway, Change& change);
    void close(Assist& assist, Step step, std::string_view outcome, Change& change);
    void wrapUp(Assist& assist, Step step, std::string_view reason, Change& change);
    void giveBack(Assist& assist, Step step, std::string_view reason, Change& change);
    void free(Seat& seat, Change& change);
    void pair(Change& change);
    [[nodiscard]] std::vector<const Assist*> waiting() const;
    [[nodiscard]] std::vector<const Seat*> allSeats() const;

    RoutingRules m_rules;
    std::uint64_t m_position = 0;
    std::map<std::string, Assist> m_assists;
    std::map<std::string, Seat> m_seats;
    std::chrono::seconds m_meanCall;
};

} // namespace guichet::signalling
