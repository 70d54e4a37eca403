// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QTimer>

#include <nlohmann/json.hpp>

namespace guichet::assist {

/// guichet-call as a child: one JSON object a line, commands to its standard input, events from its
/// standard output (cloudbranch/call/README.md). A process that ends is started again.
/// Thread-bound.
class CallProcess : public QObject {
    Q_OBJECT

public:
    explicit CallProcess(QString program, QStringList arguments = {}, QObject* parent = nullptr);
    /// Closes its standard input and gives it two seconds to put what it records on the disk.
    ~CallProcess() override;

    /// Starts it, unless it runs.
    void start();
    [[nodiscard]] bool ready() const { return m_ready; }
    /// Said now; false if the process is not ready.
    bool say(const nlohmann::json& command);

signals:
    /// It hears commands from now on: after start(), and again after each crash.
    void becameReady();
    /// It is gone, with the peer and what it was doing; it comes again by itself.
    void lost();
    void heard(const nlohmann::json& event);

private:
    void read();
    void onGone();

    QString m_program;
    QStringList m_arguments;
    QProcess m_process;
    QTimer m_again;
    bool m_wanted = false;
    bool m_ready = false;
};

} // namespace guichet::assist
