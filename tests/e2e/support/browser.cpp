// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/support/browser.h"

#include <QFileInfo>
#include <QStandardPaths>
#include <QTest>

#include <catch2/catch.hpp>

namespace guichet::test {
namespace {

constexpr int kBrowserStepMs = 120'000;
const QString kFolder = QStringLiteral(GUICHET_SOURCE_DIR "/tests/e2e/web/");

} // namespace

bool Browser::available()
{
    for (const auto& part : {QStandardPaths::findExecutable(QStringLiteral("node")),
                             QStringLiteral("/usr/bin/chromium"),
                             kFolder + QStringLiteral("node_modules/playwright-core")}) {
        if (!QFileInfo::exists(part)) {
            WARN("not here: " << part.toStdString() << " (packaging/install-depends test)");
            return false;
        }
    }
    return true;
}

Browser::Browser(const QString& url)
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(QStringLiteral("node"), {kFolder + QStringLiteral("people.js"), url});
    REQUIRE(m_process.waitForStarted(kBrowserStepMs));
}

Browser::~Browser()
{
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(kBrowserStepMs)) {
        m_process.kill();
        m_process.waitForFinished(kBrowserStepMs);
    }
}

nlohmann::json Browser::step(const nlohmann::json& what)
{
    INFO(what.dump());
    m_process.write(QByteArray::fromStdString(what.dump()) + '\n');
    QByteArray line;
    while (!line.startsWith('{')) { // node's test runner introduces itself
        REQUIRE(QTest::qWaitFor([&] { return m_process.canReadLine(); }, kBrowserStepMs));
        line = m_process.readLine();
    }
    const auto answer = nlohmann::json::parse(line.toStdString());
    INFO(answer.dump());
    REQUIRE(answer.contains("saw"));
    return answer.at("saw");
}

} // namespace guichet::test
