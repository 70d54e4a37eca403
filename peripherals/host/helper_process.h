// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "peripherals/base/error.h"

namespace guichet::host {

struct HelperConfig {
    std::string name;                 ///< for the log and for people: "cardreader"
    std::vector<std::string> command; ///< program and arguments; the connection is descriptor 0
    /// What a person should do when the helper had to be killed in the middle of something.
    Remedy remedy = Remedy::Retry;
    std::chrono::milliseconds heartbeat{250};
    std::chrono::milliseconds startLimit{10'000}; ///< from the start to the first answer
    std::chrono::milliseconds silenceLimit{3000}; ///< without an answer to heartbeats: killed
    std::chrono::milliseconds stopGrace{4000};    ///< from stop() to the kill
    std::chrono::milliseconds firstRestart{100};
    std::chrono::milliseconds longestRestart{1500}; ///< a crashed helper is back within 2 s
    std::chrono::milliseconds healthyAfter{10'000}; ///< then a crash starts from firstRestart
};

/// Before the next start of a helper that died `inARow` times since it was last healthy: doubled
/// each time, up to the longest.
[[nodiscard]] std::chrono::milliseconds restartPause(const HelperConfig& config, unsigned inARow);

/// Counted since the start of the program.
struct HelperCounters {
    std::uint64_t starts = 0;
    std::uint64_t crashes = 0;        ///< died by itself
    std::uint64_t kills = 0;          ///< killed: too slow a step, silent, or not stopping
    std::uint64_t operationsLost = 0; ///< operations that ended with their helper
};

/// Starts one helper process, watches it, kills it when it hangs and starts it again, with back-off
/// while it keeps dying. Thread-safe. Callbacks run on its own thread, one at a time, and must not
/// block; the destructor kills the helper and ends open operations with Errc::Cancelled.
class HelperProcess {
public:
    struct Listener {
        std::function<void(bool up)> onUp; ///< true after its first answer
        std::function<void(const nlohmann::json& members)> onStatus;
        std::function<void(std::string_view name, const nlohmann::json& data)> onSignal;
    };
    struct Operation {
        std::string name;
        nlohmann::json arguments = nlohmann::json::object();
        std::function<void(std::string_view name, const nlohmann::json& data)> onEvent = {};
        /// The helper waits for what this returns; an error refuses.
        std::function<Result<nlohmann::json>(std::string_view name, const nlohmann::json& data)>
            onAsk = {};
        /// Exactly once. Errc::Protocol: the helper died or was killed. Errc::Disconnected: it is
        /// not up now, and nothing was begun.
        std::function<void(const Result<nlohmann::json>& result)> onDone = {};
    };

    HelperProcess(HelperConfig config, Listener listener);
    ~HelperProcess();
    HelperProcess(const HelperProcess&) = delete;
    HelperProcess& operator=(const HelperProcess&) = delete;

    /// Returns at once, with a number for stop().
    std::uint64_t perform(Operation operation);
    /// The operation then ends with Errc::Cancelled, or as it ended anyway; a device that does not
    /// let go is killed after the grace.
    void stop(std::uint64_t operation);
    [[nodiscard]] bool up() const;
    [[nodiscard]] HelperCounters counters() const;
    /// 0 while there is none.
    [[nodiscard]] int processId() const;

private:
    class Watch;
    std::unique_ptr<Watch> m_watch;
};

} // namespace guichet::host
