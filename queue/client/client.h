// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/clock.h"
#include "peripherals/base/error.h"

namespace guichet::queue {

using Names = std::map<std::string, std::string>; ///< language tag ("zh-CN", "en") to text

/// How long a customer should expect to wait; low and high are rounded outward to five minutes.
struct WaitRange {
    std::chrono::seconds low{0};
    std::chrono::seconds likely{0};
    std::chrono::seconds high{0};

    [[nodiscard]] bool operator==(const WaitRange&) const = default;
};

struct Service {
    std::string id;
    Names names;
    std::string series; ///< letter before the number
    bool open = false;
};

struct BranchInfo {
    std::string id;
    Names names;
    std::string timeZone;    ///< IANA
    std::string businessDay; ///< label "2026-11-24", empty if no day is open
    bool open = false;
    std::vector<Service> services;
    std::vector<std::string> counters;
};

struct ServiceStatus {
    std::string id;
    Names names;
    int waiting = 0;
    int serving = 0;
    bool open = false;
    WaitRange wait; ///< of somebody who takes a number now
};

/// One announcement: "A012 to counter 3".
struct Call {
    std::uint64_t position = 0; ///< in the hub's log; grows, never repeats
    std::string ticket;
    std::string counter;
    bool recall = false;
    Instant at{};
};

struct QueueStatus {
    Instant asOf{};
    std::uint64_t position = 0;
    std::vector<ServiceStatus> services;
    std::vector<Call> calls; ///< newest first
};

enum class VisitState {
    Remote,
    Waiting,
    Called,
    Serving,
    Parked,
    Done,
    NoShow,
    Cancelled,
    Removed,
    Expired,
    Unknown, ///< a word of a newer hub
};

struct Visit {
    std::string id;
    std::string series;
    int number = 0;
    std::string label; ///< what is printed and called: "A012"
    VisitState state = VisitState::Unknown;
    std::int64_t version = 0;
    std::string service;
    std::string language;
    std::optional<int> ahead;      ///< only while waiting
    std::optional<WaitRange> wait; ///< only while waiting
    std::string counter;           ///< empty if not called
    std::string token;             ///< the customer's key; only in the answer of takeNumber
};

/// What was filled in online and goes on at the kiosk.
struct PreparedForm {
    std::string journey;
    std::string fields; ///< a JSON object as text
};

/// Why the hub did not check somebody in, in a form the customer can be led on from.
struct CheckInRefusal {
    std::string code;    ///< the problem's: "too-early", "number-lapsed", "code-unknown", ...
    std::string service; ///< what it was about; empty if the hub does not say
    std::optional<Instant> from{}; ///< only of "too-early": when to come
};

/// A visit, a form, both, or only a refusal.
struct CheckIn {
    std::optional<Visit> visit{};
    std::optional<PreparedForm> form{};
    std::optional<CheckInRefusal> refusal{};
};

/// A customer's wish for remote staff.
struct AssistWish {
    std::string caseId;       ///< UUID: what was done so far and what comes, through every transfer
    std::string visit = {};   ///< the ticket's, if there is one
    std::string mode;         ///< "video", "voice", "text"
    std::string language;     ///< BCP 47
    std::string signLanguage; ///< ISO 639-3; empty: none
    std::string product;      ///< empty: any
    std::string content;      ///< a JSON object as text, for the eyes of staff
};

/// The terminal's end of the line to an assist. Ended by destroying it, not from a callback.
class AssistConnection {
public:
    virtual ~AssistConnection() = default;
    /// Thread-safe, never blocks. Fails with Errc::Disconnected or Errc::Busy.
    [[nodiscard]] virtual Result<void> send(std::string_view text) = 0;
};

/// A live subscription; its destruction ends it and waits for a running callback.
class Watch {
public:
    virtual ~Watch() = default;
};

/// The hub's API for programs. Every call blocks, at most for its time-out, so a GUI thread must
/// not use it. Bound to one thread at a time; one object keeps one connection.
///
/// All calls fail with Errc::Disconnected (no hub), Timeout, Denied (bearer), NotFound, Conflict
/// (refused in this state; stale version), Invalid (the hub did not like the request), Busy (the
/// hub cannot store now, or too many requests) or Protocol (an answer that is not the contract's).
class Client {
public:
    struct Config {
        std::string url; ///< "http://127.0.0.1:8480"
        std::string bearer;
        std::string branch = "demo";
        /// PEM files for https; empty: the system's authorities, and no certificate of our own.
        std::string authority = {};
        std::string certificate = {};
        std::string key = {};
        std::chrono::milliseconds connectTimeout{1000};
        std::chrono::milliseconds timeout{3000};      ///< of one request
        std::chrono::milliseconds totalTimeout{8000}; ///< of takeNumber with its repeats
    };

    explicit Client(Config config);
    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;
    ~Client();

    [[nodiscard]] Result<BranchInfo> branch();
    [[nodiscard]] Result<QueueStatus> queue();

    /// Takes one number. Repeats the request with the same key while the answer is lost or the hub
    /// is busy, until totalTimeout: never a second number. Calling again with the same key and
    /// arguments, also after a restart of either side, gives the same ticket and token: the way to
    /// reprint. `channel`: "kiosk" or "staff". `idempotencyKey`: a UUID made once per customer's
    /// wish.
    [[nodiscard]] Result<Visit> takeNumber(const std::string& service, const std::string& language,
                                           const std::string& channel,
                                           const std::string& idempotencyKey);

    /// Checks in who shows `code`: ten digits, the text of a QR code, or an address that ends in
    /// /t/TOKEN. Repeats like takeNumber, with the same promise for `idempotencyKey`. A code the
    /// hub refuses (404, 409 or 422 with a reason) is an answer with `refusal`, not a failure; so
    /// are too many wrong codes (429), as "too-many-codes".
    [[nodiscard]] Result<CheckIn> checkIn(const std::string& code,
                                          const std::string& idempotencyKey);

    [[nodiscard]] Result<Visit> visit(const std::string& id);

    /// Gives the place back. `version` is that of the visit as last seen.
    [[nodiscard]] Result<Visit> cancel(const std::string& id, std::int64_t version);

    /// The assist's id. Repeats like takeNumber: one key is one assist.
    [[nodiscard]] Result<std::string> askAssist(const AssistWish& wish,
                                                const std::string& idempotencyKey);

    struct AssistCallbacks {
        std::function<void(std::string_view)> onText;
        /// Once, unless destroyed before. `forGood`: the assist is over, or another line took the
        /// place of this one.
        std::function<void(bool forGood)> onClosed;
    };
    /// Opens the terminal's line (`/v1/assists/ID/signal`); callbacks come on its own thread. Does
    /// not come back by itself. Errc::NotFound: no such assist of this terminal.
    [[nodiscard]] Result<std::unique_ptr<AssistConnection>>
    connectAssist(const std::string& assist, AssistCallbacks callbacks, std::stop_token stop) const;

    /// Calls `changed` with the whole queue first and after each change, and `connected` when the
    /// link comes or goes, both on the watch's own thread. Reconnects by itself. May outlive the
    /// client.
    [[nodiscard]] std::unique_ptr<Watch> watch(std::function<void(const QueueStatus&)> changed,
                                               std::function<void(bool)> connected = {}) const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

[[nodiscard]] VisitState visitStateFromName(const std::string& text);

} // namespace guichet::queue
