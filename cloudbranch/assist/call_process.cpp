// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/assist/call_process.h"

#include <QLoggingCategory>
#include <chrono>
#include <utility>

Q_LOGGING_CATEGORY(lcCall, "assist.call")

namespace guichet::assist {

using nlohmann::json;

namespace {

constexpr std::chrono::milliseconds kPause{300};
constexpr int kLongestEndMs = 2000;
constexpr qint64 kLongestLine = 256 * 1024;

} // namespace

CallProcess::CallProcess(QString program, QStringList arguments, QObject* parent)
    : QObject(parent)
    , m_program(std::move(program))
    , m_arguments(std::move(arguments))
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_again.setSingleShot(true);
    m_again.setInterval(kPause);
    connect(&m_again, &QTimer::timeout, this, [this] { m_process.start(m_program, m_arguments); });
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &CallProcess::read);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) {
            qCWarning(lcCall) << m_program << "does not start:" << m_process.errorString();
            onGone();
        }
    });
    connect(&m_process, &QProcess::finished, this, [this](int code) {
        qCWarning(lcCall) << m_program << "ended with" << code;
        onGone();
    });
}

CallProcess::~CallProcess()
{
    m_process.disconnect(this);
    if (m_process.state() != QProcess::NotRunning) {
        m_process.closeWriteChannel();
        if (!m_process.waitForFinished(kLongestEndMs)) {
            m_process.kill();
            m_process.waitForFinished();
        }
    }
}

void CallProcess::start()
{
    if (!std::exchange(m_wanted, true)) {
        m_process.start(m_program, m_arguments);
    }
}

void CallProcess::onGone()
{
    m_again.start();
    if (std::exchange(m_ready, false)) {
        emit lost();
    }
}

bool CallProcess::say(const json& command)
{
    if (!m_ready) {
        return false;
    }
    m_process.write(QByteArray::fromStdString(command.dump()) + '\n');
    return true;
}

void CallProcess::read()
{
    while (m_process.canReadLine()) {
        const auto line = m_process.readLine();
        const auto event = json::parse(line.begin(), line.end(), nullptr, false);
        if (!event.is_object() || !event.contains("event") || !event.at("event").is_string()) {
            qCWarning(lcCall) << "no event:" << line.left(100);
            continue;
        }
        if (event.at("event") == "ready") {
            m_ready = true;
            emit becameReady();
        } else {
            emit heard(event);
        }
    }
    if (m_process.bytesAvailable() > kLongestLine) {
        qCWarning(lcCall) << "a line without an end";
        m_process.kill();
    }
}

} // namespace guichet::assist
