// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "cloudbranch/signalling/hub_message.h"
#include "queue/client/client.h"

namespace guichet::kiosk {

/// A terminal's line to one assist, which comes back by itself from half a second after a cut on.
/// Connects in a thread of its own; signals come on the owner's thread.
class AssistLine : public QObject {
    Q_OBJECT

public:
    AssistLine(queue::Client::Config hub, std::string assist, QObject* parent = nullptr);
    ~AssistLine() override;

    /// Sent now, or not at all: false while the line is cut.
    bool say(std::string_view text);
    [[nodiscard]] bool live() const { return m_live; }

signals:
    void heard(const guichet::signalling::HubMessage& message);
    void liveChanged(bool live);
    /// The assist is over, or another line took the place of this one: it does not come back.
    void over();

private:
    void follow(const std::stop_token& stop, const queue::Client& hub, const std::string& assist);
    [[nodiscard]] bool connectOnce(const std::stop_token& stop, const queue::Client& hub,
                                   const std::string& assist);
    void setLive(bool live);
    void hear(std::string_view text);

    bool m_live = false; ///< of the owner's thread
    std::mutex m_mutex;
    std::unique_ptr<queue::AssistConnection> m_connection; ///< under the mutex
    std::jthread m_thread;                                 ///< last
};

} // namespace guichet::kiosk
