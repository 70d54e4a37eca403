// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "kiosk/bank/bank_host.h"

namespace guichet::kiosk {

/// The bank as the GUI thread sees it: blocking calls run in a thread of its own, answers come back
/// on the thread that owns the port. A destroyed port answers nobody.
class BankPort : public QObject {
    Q_OBJECT

public:
    explicit BankPort(std::unique_ptr<bank::BankHost> host, QObject* parent = nullptr);
    ~BankPort() override;

    void lookUp(const bank::SealedIdentity& identity,
                std::function<void(const Result<bank::Lookup>&)> answer);
    /// Stores `contents` and then asks for the change. The same key always gives the same answer.
    void changePhone(std::vector<bank::EvidenceContent> contents, const bank::PhoneChange& change,
                     const std::string& key,
                     std::function<void(const Result<bank::Change>&)> answer);

private:
    using Job = std::function<void()>;
    void post(Job job);
    void work(const std::stop_token& stop);

    std::unique_ptr<bank::BankHost> m_host; ///< of the worker
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Job> m_jobs;
    std::jthread m_worker; // last: joined before the rest goes away
};

} // namespace guichet::kiosk
