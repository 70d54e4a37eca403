// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "cloudbranch/assist/case_upload.h"
#include "peripherals/net/client.h"

namespace guichet::kiosk {

/// Gives the hub what calls left behind as recordings, on a thread of its own: after each call, and
/// now and then as long as anything is left. Thread-safe.
class CaseSender {
public:
    /// `root`: the folder of cases. `hub`: read anew for each pass, for certificates are renewed. A
    /// hub that cannot be reached is no failure; settings that are wrong are told in the log, and
    /// everything stays here.
    CaseSender(std::filesystem::path root, net::ClientConfig hub);
    ~CaseSender();
    CaseSender(const CaseSender&) = delete;
    CaseSender& operator=(const CaseSender&) = delete;

    /// Which cases are being recorded from now on.
    void setOpen(std::set<std::string> cases);

private:
    void run(const std::stop_token& stop);

    [[nodiscard]] Result<std::size_t> pass(const std::stop_token& stop);

    const net::ClientConfig m_config;
    std::unique_ptr<net::Client> m_hub; ///< of the thread
    std::unique_ptr<assist::CaseUpload> m_upload;
    const std::filesystem::path m_root;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::set<std::string> m_open;
    bool m_due = false;
    std::jthread m_thread; ///< last: it uses all of the above
};

} // namespace guichet::kiosk
