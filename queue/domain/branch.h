// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "queue/domain/bookings.h"
#include "queue/domain/business_day.h"
#include "queue/domain/command.h"
#include "queue/domain/guards.h"
#include "queue/domain/last_steps.h"
#include "queue/domain/line.h"
#include "queue/domain/outlook.h"
#include "queue/domain/public_view.h"
#include "queue/domain/sessions.h"
#include "queue/domain/settings.h"

namespace guichet::queue::domain {

/// All that a branch must remember of its business day to go on after a restart.
struct BranchState {
    BusinessDay day = {};
    std::uint64_t position = 0; ///< of the last log entry
    Instant time{};             ///< the latest ready time given
    std::vector<Visit> visits = {};
    std::vector<Session> sessions = {};
    std::deque<Call> calls = {}; ///< newest first
    std::vector<Appointment> appointments = {};
    std::vector<OpenForm> forms = {};
    std::map<SeatKey, Seat> seats = {};
};

/// The open business day of one branch: every command is checked and then done completely, or
/// refused and changes nothing. Pure memory; not thread-safe.
class Branch {
public:
    explicit Branch(BranchSettings settings, BranchState state = {});

    [[nodiscard]] Answer execute(const Command& command, const Actor& actor, Moment moment);

    [[nodiscard]] const BranchSettings& settings() const { return m_settings; }
    [[nodiscard]] const BusinessDay& day() const { return m_day; }
    [[nodiscard]] std::uint64_t position() const { return m_position; }
    [[nodiscard]] const Visit* visit(const std::string& id) const;
    [[nodiscard]] const Session* session(const std::string& id) const
    {
        return m_sessions.find(id);
    }
    /// Nothing for a visit that does not wait.
    [[nodiscard]] std::optional<Outlook> outlook(const Visit& visit) const;
    [[nodiscard]] const Bookings& bookings() const { return m_bookings; }
    /// The visit, appointment or form that a check-in number stands for; empty if there is none.
    [[nodiscard]] std::string idOf(const std::string& code) const;
    [[nodiscard]] PublicView publicView(Instant asOf) const;
    [[nodiscard]] std::size_t count(VisitState state) const;
    [[nodiscard]] const std::unordered_map<std::string, Visit>& visits() const { return m_visits; }
    [[nodiscard]] const std::map<std::string, Session>& sessions() const
    {
        return m_sessions.all();
    }

private:
    struct Context;
    using Counts = std::array<std::size_t, 10>;

    Answer run(const OpenDay& command, Context& context);
    Answer run(const CloseDay& command, Context& context);
    Answer run(const TakeNumber& command, Context& context);
    Answer run(const OpenSession& command, Context& context);
    Answer run(const EndSession& command, Context& context);
    Answer run(const CallNext& command, Context& context);
    Answer run(const CallVisit& command, Context& context);
    Answer run(const ChangeVisit& command, Context& context);
    Answer run(const HoldSeat& command, Context& context);
    Answer run(const ReleaseHold& command, Context& context);
    Answer run(const ConfirmHold& command, Context& context);
    Answer run(const MoveAppointment& command, Context& context);
    Answer run(const CancelAppointment& command, Context& context);
    Answer run(const PrepareForm& command, Context& context);
    Answer run(const CheckIn& command, Context& context);
    Answer run(const Lapse& command, Context& context);

    [[nodiscard]] Guards guards() const { return {m_settings, m_day, m_sessions}; }
    Answer admit(Visit visit, Trigger trigger, Instant ready, Context& context);
    Answer comeBack(Visit& visit, Context& context);
    Answer keep(const Appointment& appointment, const CheckIn& command, Context& context);
    [[nodiscard]] std::string remoteCode(std::uint64_t chance) const;
    Answer booked(Bookings::Done done, const std::string& appointment, Context& context);
    void note(BookingChange change, Context& context);
    Answer undo(Visit& visit, Context& context);
    void call(Visit& visit, Session& session, Context& context);
    void apply(Visit& visit, const Transition& row, const ChangeVisit& command, Context& context);
    void enter(Visit& visit, VisitState state);
    void leave(Visit& visit);
    void release(Visit& visit, Context& context);
    LogEntry& log(Context& context, std::string_view type, const std::string& subject);
    void logVisit(Context& context, Trigger trigger, const Visit& visit,
                  std::optional<VisitState> from);
    [[nodiscard]] std::vector<std::string> callable(const std::vector<std::string>& tier,
                                                    const std::string& counter) const;
    [[nodiscard]] std::vector<std::string> abandoned() const;
    [[nodiscard]] bool reachable(const std::string& line) const;
    [[nodiscard]] Staffing staffing() const;

    BranchSettings m_settings;
    BusinessDay m_day;
    std::uint64_t m_position = 0;
    Instant m_time{};
    std::unordered_map<std::string, Visit> m_visits;
    Sessions m_sessions;
    std::map<std::string, int> m_lastNumber; ///< by series
    std::map<std::string, Counts> m_counts;  ///< by service
    Lines m_lines;
    std::deque<Call> m_calls;
    LastSteps m_lastSteps;
    Bookings m_bookings;
    std::set<std::pair<Instant, std::string>> m_arrivals; ///< of remote visits, by arrival limit
    std::unordered_map<std::string, std::string> m_remoteCodes; ///< to the visit
};

} // namespace guichet::queue::domain
