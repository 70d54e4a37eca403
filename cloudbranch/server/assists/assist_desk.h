// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "cloudbranch/server/assists/case_book.h"
#include "cloudbranch/server/assists/guided_sales.h"
#include "cloudbranch/server/assists/ice_servers.h"
#include "cloudbranch/signalling/approval.h"
#include "cloudbranch/signalling/signal_message.h"
#include "cloudbranch/signalling/switchboard.h"
#include "peripherals/net/server.h"
#include "queue/storage/store.h"

namespace guichet::hub {

/// What an outlet's file says of a member of remote staff.
struct SeatProfile {
    std::string name = {}; ///< as customers see it
    std::string pool = "remote";
    signalling::Skills skills = {};
    std::vector<std::string> qualifications = {}; ///< to sell what is regulated
};

/// The switchboard on disk and on its lines: what is answered or passed on is stored first. Every
/// line hears of what changes for it; what one end says to the other is checked, kept if it belongs
/// to the case, and passed on. Thread-safe; what it is given must outlive it.
class AssistDesk {
public:
    struct Parts {
        queue::storage::Store& store;
        const Clock& clock;
        std::string branch;
        signalling::RoutingRules rules = {};
        std::map<std::string, SeatProfile> seats = {}; ///< by login name
        TurnSettings turn = {};
        std::vector<guided::Script> scripts = {};             ///< of guided recordings
        std::vector<signalling::ApprovalRule> approvals = {}; ///< what nobody approves alone
    };

    /// Fails as the store does, or with Errc::Denied (the cases were written with another key).
    [[nodiscard]] static Result<std::unique_ptr<AssistDesk>> open(Parts parts, cipher::Key key);
    ~AssistDesk();
    AssistDesk(const AssistDesk&) = delete;
    AssistDesk& operator=(const AssistDesk&) = delete;

    /// The assist's document. `content`: who the customer is, what they want, where it stopped.
    /// Errc::Conflict: the id or the case is another's.
    [[nodiscard]] Result<nlohmann::json> ask(const signalling::Ask& ask,
                                             const nlohmann::json& content);
    /// Errc::NotFound: no such assist of this terminal.
    [[nodiscard]] Result<nlohmann::json> document(const std::string& assist,
                                                  const std::string& terminal);

    /// The terminal's line to its assist; a new line takes the place of an old one. Errc::NotFound.
    [[nodiscard]] Result<net::SocketCallbacks> openTerminal(const std::string& assist,
                                                            const std::string& terminal,
                                                            std::shared_ptr<net::Socket> socket);
    /// The line of a member of staff who has logged in. Errc::Denied: has no seat here.
    /// `stillIn` is asked at each message.
    [[nodiscard]] Result<net::SocketCallbacks> openSeat(const std::string& seat,
                                                        std::shared_ptr<net::Socket> socket,
                                                        std::function<bool()> stillIn);
    /// Writes down that somebody was refused.
    void audit(std::string_view what, const std::string& who, const std::string& assist);
    /// What time does by itself; to be called once a second.
    void tick();

private:
    struct Line {
        std::shared_ptr<net::Socket> socket;
        std::string shown = {}; ///< the last document that went out
        std::uint64_t number = 0;
    };
    using Lines = std::map<std::string, Line>;
    using Signal = signalling::Signal;
    struct OpenProposal {
        const signalling::Assist* assist;
        signalling::Proposal proposal;
    };

    explicit AssistDesk(Parts parts, cipher::Key key);
    [[nodiscard]] Result<void> reload();
    [[nodiscard]] Instant now() const;
    /// What else is written in the same transaction, first.
    using Before = std::function<Result<void>(queue::storage::Database&)>;
    [[nodiscard]] Result<void> run(const signalling::SwitchCommand& command,
                                   const Before& before = {});
    [[nodiscard]] Result<void> store(const signalling::SwitchOutcome& outcome,
                                     const Before& before = {});
    [[nodiscard]] Result<void> keep(const signalling::Assist& assist, const std::string& by,
                                    const Signal& signal);
    [[nodiscard]] Result<void> append(const signalling::Assist& assist, const std::string& by,
                                      std::string_view type, nlohmann::json body);
    [[nodiscard]] signalling::Proposals proposalsOf(const signalling::Assist& assist) const;
    [[nodiscard]] signalling::Second secondOf(const std::string& seat) const;
    [[nodiscard]] std::vector<OpenProposal> openProposals() const;
    [[nodiscard]] nlohmann::json approvalsFor(const std::string& seat,
                                              const std::vector<OpenProposal>& open) const;
    [[nodiscard]] Result<void> approve(const std::string& seat, const signalling::Assist& assist,
                                       const Signal& signal);
    [[nodiscard]] Result<void> decide(const std::string& seat, const signalling::Assist& assist,
                                      const Signal& signal);
    [[nodiscard]] Result<void> look(const std::string& seat, const signalling::Assist& assist);
    [[nodiscard]] Result<void> saidInCase(const std::string& seat, const signalling::Assist& assist,
                                          const Signal& signal);
    void tellStaff(const signalling::Assist& assist, const std::string& by, std::string_view type,
                   nlohmann::json body);
    void acknowledge(const std::string& seat, const Signal& signal,
                     const nlohmann::json& more = nlohmann::json::object());
    void showAll();
    void renewIce();
    [[nodiscard]] nlohmann::json terminalDocument(const signalling::Assist& assist);
    void show(Line& line, std::string_view type, nlohmann::json document);
    void showCase(const signalling::Assist& assist, const std::string& seat);
    [[nodiscard]] nlohmann::json caseDocument(const signalling::Assist& assist);
    void refuse(std::string_view what, const std::string& who, const std::string& assist);
    [[nodiscard]] Result<void> hear(const std::string& assist, std::string_view text);
    [[nodiscard]] Result<void> hearSeat(const std::string& seat, std::string_view text);
    [[nodiscard]] Result<void> saidBySeat(const std::string& seat, const Signal& signal);
    void relay(const signalling::Assist& assist, const Signal& signal, bool toTerminal);
    [[nodiscard]] std::string seatName(const std::string& seat) const;
    void lost(Lines& lines, const std::string& id, std::uint64_t number,
              const signalling::SwitchCommand& command);

    const Parts m_parts;
    const CaseBook m_book;
    std::mutex m_mutex;
    std::unique_ptr<signalling::Switchboard> m_board;
    std::map<std::string, CaseBook::Case> m_cases; ///< of assists that are not closed
    const GuidedSales m_sales;
    std::map<std::string, signalling::ApprovalSubject> m_shown; ///< by assist: its last page
    IceServers m_ice;
    Lines m_terminals; ///< by assist
    Lines m_seats;     ///< by seat
    std::uint64_t m_lastLine = 0;
    Instant m_anchor{};
    Ticks m_anchorTicks{};
    Instant m_nextWipe{};
};

} // namespace guichet::hub
