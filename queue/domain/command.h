// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "queue/domain/appointment.h"
#include "queue/domain/refusal.h"
#include "queue/domain/transitions.h"
#include "queue/domain/visit.h"

namespace guichet::queue::domain {

struct OpenDay {
    std::string label; ///< local date of the branch, "2026-11-24"
};
struct CloseDay {};
struct TakeNumber {
    std::string visit; ///< the new visit's id
    std::string service;
    std::string language;
    std::string channel;
    CustomerClass customerClass = CustomerClass::WalkIn;
    bool remote = false;      ///< the customer is not on site yet
    std::uint64_t chance = 0; ///< of a remote one: where its check-in number comes from
};
struct OpenSession {
    std::string session; ///< the new session's id
    std::string counter;
    std::string profile = "default";
};
/// A supervisor may end another's session; its visit then waits again, or stays in service for a
/// supervisor to decide.
struct EndSession {
    std::string session;
};
struct CallNext {
    std::string session;
};
struct CallVisit {
    std::string session;
    std::string visit;
    std::optional<std::int64_t> version = {};
};
/// Any other row of the table for a visit that exists. `version`: what the caller last saw.
struct ChangeVisit {
    std::string visit;
    Trigger trigger;
    std::optional<std::int64_t> version = {};
    std::string reason = {};
    std::string outcome = {};
    std::string service = {}; ///< of a transfer
    std::string counter = {}; ///< of a transfer
    std::size_t after = 0;    ///< PutBack: behind how many of those who wait
};
struct HoldSeat {
    std::string appointment; ///< the new appointment's id
    std::string service;
    Instant start{};
};
struct ReleaseHold {
    std::string appointment;
};
struct ConfirmHold {
    std::string appointment;
    std::string customer;
    std::string phone;
    std::string language;
    PreparedForm form = {};
    std::uint64_t chance = 0; ///< where its check-in number comes from
};
/// Gives an appointment the seat of a hold, in one step.
struct MoveAppointment {
    std::string appointment;
    std::string hold;
    std::optional<std::int64_t> version = {};
    std::uint64_t chance = 0; ///< how long the old seat rests
};
struct CancelAppointment {
    std::string appointment;
    std::optional<std::int64_t> version = {};
    std::uint64_t chance = 0; ///< how long the seat rests
};
struct PrepareForm {
    std::string id; ///< the new form's id
    PreparedForm form;
    std::uint64_t chance = 0; ///< where its check-in number comes from
};
/// A customer is here, with a check-in number or with what a verified code names.
struct CheckIn {
    std::string code = {};
    std::string id = {}; ///< of the visit, appointment or form; used if there is no code
    std::string channel = {};
};
/// Ends what has run out: holds, remote numbers, appointments that nobody kept, forms.
struct Lapse {};
using Command = std::variant<OpenDay, CloseDay, TakeNumber, OpenSession, EndSession, CallNext,
                             CallVisit, ChangeVisit, HoldSeat, ReleaseHold, ConfirmHold,
                             MoveAppointment, CancelAppointment, PrepareForm, CheckIn, Lapse>;

/// Who commands. A supervisor may act on everybody's sessions.
struct Actor {
    std::string name = {};
    bool supervisor = false;
};

/// When a command happens. `time` orders customers and must not depend on wall-clock jumps;
/// `wall` is what the log shows.
struct Moment {
    Instant time{};
    Instant wall{};
};

/// One entry of the log. Sequences are dense.
struct LogEntry {
    std::uint64_t sequence = 0;
    std::string type = {};
    std::string visit = {}; ///< or the session or the day's label
    std::string ticket = {};
    std::string fromState = {};
    std::string toState = {};
    std::string service = {};
    std::string counter = {};
    std::string session = {};
    std::string actor = {};
    std::string reason = {};
    int call = 0;
    Instant recorded{};
};

/// What a command did: what to write to disk, and what to answer.
struct Outcome {
    std::string visit = {};   ///< the visit it was about; empty from CallNext if nobody waits
    std::string session = {}; ///< the session it was about
    bool created = false;
    std::vector<LogEntry> entries = {};
    std::vector<std::string> visits = {};       ///< changed
    std::vector<std::string> sessions = {};     ///< changed
    std::string appointment = {};               ///< the appointment it was about
    std::string form = {};                      ///< the form it was about
    std::vector<std::string> appointments = {}; ///< changed
    std::vector<std::string> forms = {};        ///< changed
    std::vector<SeatKey> seats = {};            ///< changed
    bool dayChanged = false;
};
using Answer = tl::expected<Outcome, Refusal>;

} // namespace guichet::queue::domain
