// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/support/kiosk_program.h"

#include <QTest>

#include <catch2/catch.hpp>

namespace guichet::test {
namespace {

constexpr int kProgramPatienceMs = 60'000;

} // namespace

KioskProgram::KioskProgram(const QString& dataFolder, const std::string& recordKey)
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("GUICHET_KIOSK_DATA"), dataFolder);
    environment.insert(QStringLiteral("GUICHET_KIOSK_RECORD_KEY"),
                       QString::fromStdString(recordKey));
    m_process.setProcessEnvironment(environment);
    m_process.start(QStringLiteral(GUICHET_BIN_DIR "/e2e_kiosk"), {});
    REQUIRE(m_process.waitForStarted(kProgramPatienceMs));
}

KioskProgram::~KioskProgram()
{
    m_process.closeWriteChannel();
    if (m_process.state() != QProcess::NotRunning &&
        !m_process.waitForFinished(kProgramPatienceMs)) {
        m_process.kill();
        m_process.waitForFinished(kProgramPatienceMs);
    }
}

void KioskProgram::kill()
{
    m_process.kill();
    REQUIRE(m_process.waitForFinished(kProgramPatienceMs));
}

bool KioskProgram::step(const char* does, const QString& what)
{
    const nlohmann::json order{{"does", does}, {"what", what.toStdString()}};
    INFO("kiosk: " << order.dump());
    m_process.write(QByteArray::fromStdString(order.dump()) + '\n');
    QByteArray line;
    while (!line.startsWith('{')) { // Catch introduces itself
        REQUIRE(QTest::qWaitFor([&] { return m_process.canReadLine(); }, kProgramPatienceMs));
        line = m_process.readLine();
    }
    return nlohmann::json::parse(line.toStdString()).at("done");
}

} // namespace guichet::test
