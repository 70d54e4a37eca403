// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/bank_port.h"

#include <utility>

namespace guichet::kiosk {

BankPort::BankPort(std::unique_ptr<bank::BankHost> host, QObject* parent)
    : QObject(parent)
    , m_host(std::move(host))
    , m_worker([this](const std::stop_token& stop) { work(stop); })
{
}

BankPort::~BankPort() = default;

void BankPort::post(Job job)
{
    const std::lock_guard lock(m_mutex);
    m_jobs.push_back(std::move(job));
    m_changed.notify_one();
}

void BankPort::work(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        Job job;
        {
            std::unique_lock lock(m_mutex);
            if (!m_changed.wait(lock, stop, [this] { return !m_jobs.empty(); })) {
                return;
            }
            job = std::move(m_jobs.front());
            m_jobs.pop_front();
        }
        job();
    }
}

void BankPort::lookUp(const bank::SealedIdentity& identity,
                      std::function<void(const Result<bank::Lookup>&)> answer)
{
    post([this, identity, answer = std::move(answer)] {
        QMetaObject::invokeMethod(
            this, [answer, result = m_host->lookUp(identity)] { answer(result); },
            Qt::QueuedConnection);
    });
}

void BankPort::changePhone(std::vector<bank::EvidenceContent> contents,
                           const bank::PhoneChange& change, const std::string& key,
                           std::function<void(const Result<bank::Change>&)> answer)
{
    post([this, contents = std::move(contents), change, key, answer = std::move(answer)] {
        Result<void> stored;
        for (const auto& content : contents) {
            stored = stored ? m_host->store(content) : stored;
        }
        auto result = stored ? m_host->changePhone(change, key)
                             : Result<bank::Change>(tl::unexpected(stored.error()));
        QMetaObject::invokeMethod(
            this, [answer, result = std::move(result)] { answer(result); }, Qt::QueuedConnection);
    });
}

} // namespace guichet::kiosk
