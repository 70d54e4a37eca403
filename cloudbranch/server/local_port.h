// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "peripherals/base/error.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::hub {

/// The door of a running hub for commands of the same machine: a Unix socket `hub.sock` in the
/// data folder, for the hub's own user and root. One line of JSON in, one line out: so that only
/// the hub ever writes its store.
class LocalPort {
public:
    using Perform = std::function<std::string(const std::string& line)>;

    /// `perform` runs on the port's own thread, one command at a time. Fails with Errc::Busy.
    [[nodiscard]] static Result<std::unique_ptr<LocalPort>> open(const std::filesystem::path& data,
                                                                 Perform perform);
    /// Ends when the command that runs is done.
    ~LocalPort();
    LocalPort(const LocalPort&) = delete;
    LocalPort& operator=(const LocalPort&) = delete;

private:
    LocalPort(UniqueFd folder, UniqueFd listening, Perform perform);
    void serve();
    void answer(int peer);

    UniqueFd m_folder;
    UniqueFd m_listening;
    UniqueFd m_end;
    Perform m_perform;
    std::thread m_thread;
};

/// Sends one command to the hub that runs on this data folder. Fails with Errc::NotFound (none
/// runs), Denied (another user's) or Timeout.
[[nodiscard]] Result<std::string> askHub(const std::filesystem::path& data,
                                         const std::string& line);

} // namespace guichet::hub
