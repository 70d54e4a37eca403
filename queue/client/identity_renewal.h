// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>

#include "queue/client/terminal_identity.h"

namespace guichet::queue {

/// Renews a terminal's identity in the background once two thirds of its life are over, and tries
/// again every ten minutes while the hub is away.
class IdentityRenewal {
public:
    struct Callbacks {
        std::function<void(const TerminalIdentity&)> renewed;
        std::function<void(const Error&)> failed; ///< each time; for the log
    };

    /// The callbacks run on its own thread. The clock must outlive it.
    IdentityRenewal(std::filesystem::path folder, const Clock& clock, Callbacks callbacks);
    /// Waits for an attempt that runs.
    ~IdentityRenewal() = default;
    IdentityRenewal(const IdentityRenewal&) = delete;
    IdentityRenewal& operator=(const IdentityRenewal&) = delete;

    /// Looks at the clock now. For tests, and for who has set it.
    void wake();

private:
    void run(const std::stop_token& stop);
    void renewIfDue();

    const std::filesystem::path m_folder;
    const Clock& m_clock;
    const Callbacks m_callbacks;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    bool m_awake = true;
    std::jthread m_thread; // last: joined before the rest goes away
};

} // namespace guichet::queue
