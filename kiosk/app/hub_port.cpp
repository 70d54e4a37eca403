// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/hub_port.h"

#include <QLoggingCategory>
#include <utility>

Q_LOGGING_CATEGORY(lcHub, "kiosk.hub")

namespace guichet::kiosk {

namespace {

constexpr auto kOwedPause = std::chrono::seconds(5);

} // namespace

HubPort::HubPort(queue::Client::Config config, QObject* parent)
    : QObject(parent)
    , m_config(std::move(config))
    , m_client(m_config)
{
    watch();
    m_worker = std::jthread([this](const std::stop_token& stop) { work(stop, m_client); });
}

void HubPort::watch()
{
    m_watch = queue::Client(m_config).watch(
        [this](const queue::QueueStatus& status) {
            QMetaObject::invokeMethod(
                this, [this, status] { emit queueChanged(status); }, Qt::QueuedConnection);
        },
        [this](bool connected) {
            QMetaObject::invokeMethod(
                this, [this, connected] { emit connectedChanged(connected); },
                Qt::QueuedConnection);
        });
}

void HubPort::reconnect(queue::Client::Config config)
{
    m_config = std::move(config);
    post([config = m_config](queue::Client& client) { client = queue::Client(config); });
    watch();
}

HubPort::~HubPort()
{
    m_watch.reset();
}

void HubPort::post(Job job)
{
    const std::lock_guard lock(m_mutex);
    m_jobs.push_back(std::move(job));
    m_changed.notify_one();
}

void HubPort::work(const std::stop_token& stop, queue::Client& client)
{
    while (!stop.stop_requested()) {
        Job job;
        {
            std::unique_lock lock(m_mutex);
            const auto any = [this] { return !m_jobs.empty(); };
            if (m_owed.empty() ? m_changed.wait(lock, stop, any)
                               : m_changed.wait_for(lock, stop, kOwedPause, any)) {
                job = std::move(m_jobs.front());
                m_jobs.pop_front();
            }
        }
        if (job) {
            job(client);
        } else if (!stop.stop_requested()) {
            settle(client);
        }
    }
}

template <typename T>
void HubPort::ask(std::function<T(queue::Client&)> question, std::function<void(const T&)> answer)
{
    post([this, question = std::move(question), answer = std::move(answer)](queue::Client& client) {
        QMetaObject::invokeMethod(
            this, [answer, result = question(client)] { answer(result); }, Qt::QueuedConnection);
    });
}

void HubPort::queue(std::function<void(const Result<queue::QueueStatus>&)> answer)
{
    ask<Result<queue::QueueStatus>>([](queue::Client& client) { return client.queue(); },
                                    std::move(answer));
}

void HubPort::takeNumber(const std::string& service, const std::string& language,
                         const std::string& key,
                         std::function<void(const Result<queue::Visit>&)> answer)
{
    ask<Result<queue::Visit>>(
        [service, language, key](queue::Client& client) {
            return client.takeNumber(service, language, "kiosk", key);
        },
        std::move(answer));
}

void HubPort::checkIn(const std::string& code, const std::string& key,
                      std::function<void(const Result<queue::CheckIn>&)> answer)
{
    ask<Result<queue::CheckIn>>(
        [code, key](queue::Client& client) { return client.checkIn(code, key); },
        std::move(answer));
}

void HubPort::giveBack(const std::string& service, const std::string& language,
                       const std::string& key)
{
    post([this, wish = Wish{service, language, key}](queue::Client& client) {
        m_owed.push_back(wish);
        settle(client);
    });
}

/// Whether the hub gave a number may not be known: only asking again with the same key tells.
void HubPort::settle(queue::Client& client)
{
    while (!m_owed.empty()) {
        const auto& wish = m_owed.front();
        const auto visit = client.takeNumber(wish.service, wish.language, "kiosk", wish.key);
        const auto cancelled = visit ? client.cancel(visit->id, visit->version)
                                     : Result<queue::Visit>(tl::unexpected(visit.error()));
        if (!cancelled) {
            const auto& error = cancelled.error();
            qCWarning(lcHub) << "a number is not given back:" << error.detail.c_str();
            if (error.code == Errc::Disconnected || error.code == Errc::Timeout ||
                error.code == Errc::Busy) {
                return; // when the hub is there again
            }
        }
        m_owed.pop_front();
    }
}

void HubPort::branch(std::function<void(const Result<queue::BranchInfo>&)> answer)
{
    ask<Result<queue::BranchInfo>>([](queue::Client& client) { return client.branch(); },
                                   std::move(answer));
}

} // namespace guichet::kiosk
