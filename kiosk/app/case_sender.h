// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "peripherals/net/client.h"

namespace guichet::kiosk {

/// Gives the hub what calls left behind as recordings, on a thread of its own: after each call, and
/// now and then as long as anything is left. Thread-safe.
class CaseSender {
public:
    /// `root`: the folder of cases. A hub that cannot be reached is no failure; settings that are
    /// wrong are told in the log, and everything stays here.
    CaseSender(std::filesystem::path root, net::ClientConfig hub);
    ~CaseSender();
    CaseSender(const CaseSender&) = delete;
    CaseSender& operator=(const CaseSender&) = delete;

    /// Which case is being recorded from now on; empty: none.
    void setOpen(const std::string& caseId);

private:
    void run(const std::stop_token& stop);

    const std::filesystem::path m_root;
    std::unique_ptr<net::Client> m_hub;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::string m_open;
    bool m_due = false;
    std::jthread m_thread; ///< last: it uses all of the above
};

} // namespace guichet::kiosk
