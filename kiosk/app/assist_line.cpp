// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/assist_line.h"

#include <QLoggingCategory>
#include <chrono>
#include <condition_variable>
#include <utility>

Q_LOGGING_CATEGORY(lcLine, "kiosk.assist")

namespace guichet::kiosk {

namespace {

constexpr std::chrono::milliseconds kPause{500};

/// How a connection ended.
struct End {
    std::mutex mutex;
    std::condition_variable_any changed;
    bool closed = false;
    bool forGood = false;
};

} // namespace

AssistLine::AssistLine(queue::Client::Config hub, std::string assist, QObject* parent)
    : QObject(parent)
    , m_thread([this, hub = std::move(hub), assist = std::move(assist)](
                   const std::stop_token& stop) { follow(stop, queue::Client(hub), assist); })
{
}

AssistLine::~AssistLine() = default;

bool AssistLine::say(std::string_view text)
{
    const std::lock_guard lock(m_mutex);
    return m_connection && m_connection->send(text).has_value();
}

void AssistLine::setLive(bool live)
{
    QMetaObject::invokeMethod(
        this,
        [this, live] {
            if (std::exchange(m_live, live) != live) {
                emit liveChanged(live);
            }
        },
        Qt::QueuedConnection);
}

void AssistLine::hear(std::string_view text)
{
    auto message = signalling::parseHubMessage(text);
    if (!message) {
        qCWarning(lcLine) << message.error().detail.c_str();
        return;
    }
    QMetaObject::invokeMethod(
        this, [this, message = std::move(*message)] { emit heard(message); }, Qt::QueuedConnection);
}

void AssistLine::follow(const std::stop_token& stop, const queue::Client& hub,
                        const std::string& assist)
{
    std::mutex mutex;
    std::condition_variable_any never;
    while (!stop.stop_requested()) {
        if (!connectOnce(stop, hub, assist)) {
            QMetaObject::invokeMethod(
                this, [this] { emit over(); }, Qt::QueuedConnection);
            return;
        }
        std::unique_lock lock(mutex);
        never.wait_for(lock, stop, kPause, [] { return false; });
    }
}

/// False: there is no use in trying again.
bool AssistLine::connectOnce(const std::stop_token& stop, const queue::Client& hub,
                             const std::string& assist)
{
    End end;
    auto connection = hub.connectAssist(assist,
                                        {.onText = [this](std::string_view text) { hear(text); },
                                         .onClosed =
                                             [&end](bool forGood) {
                                                 const std::lock_guard lock(end.mutex);
                                                 end.closed = true;
                                                 end.forGood = forGood;
                                                 end.changed.notify_all();
                                             }},
                                        stop);
    if (!connection) {
        return connection.error().code != Errc::NotFound;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_connection = std::move(*connection);
    }
    setLive(true);
    {
        std::unique_lock lock(end.mutex);
        end.changed.wait(lock, stop, [&end] { return end.closed; });
    }
    std::unique_ptr<queue::AssistConnection> gone;
    {
        const std::lock_guard lock(m_mutex);
        gone = std::move(m_connection);
    }
    gone.reset(); // no callback runs any more
    setLive(false);
    return !end.forGood;
}

} // namespace guichet::kiosk
