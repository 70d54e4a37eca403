// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "peripherals/base/error.h"
#include "peripherals/base/unique_handle.h"

namespace boost::process {
class child;
}

namespace guichet::host {

/// One run of a program that is no helper of ours: it has a session of its own and our environment,
/// and of our open files only standard error. It goes with the thread that started it. Thread-safe.
class LocalApplication {
public:
    /// `command` is the program's path and its arguments. `onExit` is called once, on another
    /// thread, unless the object goes first. Fails with Errc::Internal: nothing runs.
    [[nodiscard]] static Result<std::unique_ptr<LocalApplication>>
    start(const std::vector<std::string>& command, std::function<void()> onExit);
    /// Ends the program: SIGTERM, and SIGKILL for one that does not go.
    ~LocalApplication();
    LocalApplication(const LocalApplication&) = delete;
    LocalApplication& operator=(const LocalApplication&) = delete;

private:
    LocalApplication(std::unique_ptr<boost::process::child> child, UniqueFd process, UniqueFd wake,
                     std::function<void()> onExit);
    void follow(const std::stop_token& stop);
    void end();

    std::unique_ptr<boost::process::child> m_child;
    UniqueFd m_process; ///< readable once the program has ended
    UniqueFd m_wake;
    std::function<void()> m_onExit;
    std::jthread m_thread; ///< last: joined before the rest goes
};

} // namespace guichet::host
