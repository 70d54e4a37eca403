// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "queue/domain/command.h"
#include "queue/domain/line.h"
#include "queue/domain/prediction.h"
#include "queue/domain/settings.h"

namespace guichet::queue::domain {

/// When a command happens. `time` orders customers and must not depend on wall-clock jumps;
/// `wall` is what the log shows.
struct Moment {
    Instant time{};
    Instant wall{};
};

struct BusinessDay {
    std::string label = {}; ///< empty: there never was one
    bool open = false;
    Instant openedAt{};
    std::optional<Instant> closedAt = {};
};

/// One announcement.
struct Call {
    std::uint64_t position = 0;
    std::string ticket = {};
    std::string counter = {};
    bool recall = false;
    Instant at{};
};

/// All that a branch must remember of its business day to go on after a restart.
struct BranchState {
    BusinessDay day = {};
    std::uint64_t position = 0; ///< of the last log entry
    Instant time{};             ///< the latest ready time given
    std::vector<Visit> visits = {};
    std::vector<Session> sessions = {};
    std::deque<Call> calls = {}; ///< newest first
};

struct ServiceStatus {
    std::string id = {};
    std::size_t waiting = 0;
    std::size_t serving = 0; ///< called ones included
    bool open = false;
    WaitRange wait = {}; ///< of somebody who takes a number now
};

/// What everybody may know.
struct PublicView {
    Instant asOf{};
    std::uint64_t position = 0;
    BusinessDay day = {};
    std::vector<ServiceStatus> services = {};
    std::deque<Call> calls = {};
    std::size_t openSessions = 0;
    std::array<std::size_t, 10> visits = {}; ///< by VisitState
};

/// What a customer who waits is told.
struct Outlook {
    std::size_t ahead = 0;
    WaitRange wait = {};
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
    [[nodiscard]] const Session* session(const std::string& id) const;
    /// Nothing for a visit that does not wait.
    [[nodiscard]] std::optional<Outlook> outlook(const Visit& visit) const;
    [[nodiscard]] PublicView publicView(Instant asOf) const;
    [[nodiscard]] std::size_t count(VisitState state) const;
    [[nodiscard]] const std::unordered_map<std::string, Visit>& visits() const { return m_visits; }
    [[nodiscard]] const std::map<std::string, Session>& sessions() const { return m_sessions; }

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

    [[nodiscard]] std::optional<Refusal> refuses(Guard guard, const Visit& visit,
                                                 const ChangeVisit& command,
                                                 const Context& context) const;
    [[nodiscard]] std::optional<Refusal> refusesSession(const std::string& session,
                                                        const Context& context) const;
    [[nodiscard]] std::optional<Refusal> ownSession(const Visit& visit,
                                                    const Context& context) const;
    [[nodiscard]] std::optional<Refusal> ownParked(const Visit& visit,
                                                   const Context& context) const;
    [[nodiscard]] std::optional<Refusal> refusesService(const ServiceSettings* service) const;
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
    [[nodiscard]] bool staffed(const std::string& counter) const;
    [[nodiscard]] Outlook outlook(const std::string& service, const std::string& line,
                                  const Place& place) const;
    [[nodiscard]] std::size_t openSessions() const;

    BranchSettings m_settings;
    BusinessDay m_day;
    std::uint64_t m_position = 0;
    Instant m_time{};
    std::unordered_map<std::string, Visit> m_visits;
    std::map<std::string, Session> m_sessions;
    std::map<std::string, int> m_lastNumber; ///< by series
    std::map<std::string, Counts> m_counts;  ///< by service
    Lines m_lines;
    std::deque<Call> m_calls;
};

} // namespace guichet::queue::domain
