// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "queue/client/client.h"

namespace guichet::kiosk {

/// The hub as the GUI thread sees it: blocking calls run in a thread of its own, answers and
/// signals come back on the thread that owns the port. A destroyed port answers nobody.
class HubPort : public QObject {
    Q_OBJECT

public:
    explicit HubPort(queue::Client::Config config, QObject* parent = nullptr);
    ~HubPort() override;
    /// Asks with `config` from the next question on; the one under way ends as it began.
    void reconnect(queue::Client::Config config);

    void queue(std::function<void(const Result<queue::QueueStatus>&)> answer);
    /// The same key always gives the same number.
    void takeNumber(const std::string& service, const std::string& language, const std::string& key,
                    std::function<void(const Result<queue::Visit>&)> answer);
    /// The same key always gives the same check-in.
    void checkIn(const std::string& code, const std::string& key,
                 std::function<void(const Result<queue::CheckIn>&)> answer);
    /// Cancels the number that the key gave, or would give; tries again until the hub has done so
    /// or this program ends. Nobody waits for it.
    void giveBack(const std::string& service, const std::string& language, const std::string& key);
    void branch(std::function<void(const Result<queue::BranchInfo>&)> answer);

signals:
    void queueChanged(const guichet::queue::QueueStatus& status);
    void connectedChanged(bool connected);

private:
    using Job = std::function<void(queue::Client&)>;
    struct Wish {
        std::string service;
        std::string language;
        std::string key;
    };
    void post(Job job);
    void work(const std::stop_token& stop, queue::Client& client);
    template <typename T>
    void ask(std::function<T(queue::Client&)> question, std::function<void(const T&)> answer);

    void settle(queue::Client& client);
    void watch();

    queue::Client::Config m_config; ///< of the owner's thread
    queue::Client m_client;         ///< of the worker
    std::deque<Wish> m_owed;        ///< numbers to give back; of the worker
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Job> m_jobs;
    std::unique_ptr<queue::Watch> m_watch;
    std::jthread m_worker; // last: joined before the rest goes away
};

} // namespace guichet::kiosk

Q_DECLARE_METATYPE(guichet::queue::QueueStatus)
