// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/support/opened_case.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QTest>
#include <algorithm>
#include <fstream>

#include <catch2/catch.hpp>

#include "tests/support/shell.h"

namespace guichet::test {

using nlohmann::json;

namespace {

constexpr int kGivenMs = 60'000;
const QDir::Filters kFolders = QDir::Dirs | QDir::NoDotAndDotDot;

} // namespace

bool OpenedCase::isGiven(const QString& data)
{
    const QDir here(data + QStringLiteral("/kiosk/evidence"));
    return QTest::qWaitFor([&] { return here.exists() && here.isEmpty(kFolders); }, kGivenMs);
}

OpenedCase::OpenedCase(const QString& data, const BankKeys& keys)
    : m_folder(data + QStringLiteral("/opened"))
{
    const QDir hub(data + QStringLiteral("/hub/evidence/cases"));
    const auto cases = hub.entryList(kFolders);
    REQUIRE(cases.size() == 1);
    const auto ran = run(QCoreApplication::applicationDirPath().toStdString() +
                         "/guichet-evidence export " + hub.filePath(cases.front()).toStdString() +
                         " --key " + keys.privateKey() + " --out " + m_folder.toStdString());
    INFO(ran.output);
    REQUIRE(ran.status == 0);
    std::ifstream manifest(
        hub.filePath(cases.front() + QStringLiteral("/manifest.json")).toStdString());
    retention = json::parse(manifest).at("retention");
    std::ifstream log((m_folder + QStringLiteral("/log.jsonl")).toStdString());
    for (std::string line; std::getline(log, line);) {
        m_lines.push_back(json::parse(line));
    }
}

std::vector<json> OpenedCase::entries(const char* event) const
{
    std::vector<json> found;
    std::ranges::copy_if(m_lines, std::back_inserter(found), [event](const json& line) {
        return line.value("event", json()) == event;
    });
    return found;
}

json OpenedCase::only(const char* event) const
{
    const auto found = entries(event);
    INFO(event);
    REQUIRE(found.size() == 1);
    return found.front();
}

QByteArray OpenedCase::attached(const json& entry, const char* suffix) const
{
    const auto& which = entry.at("attachment");
    QFile file(m_folder + QLatin1Char('/') +
               QString::fromStdString(which.at("track").get<std::string>()) + QLatin1Char('/') +
               QString::number(which.at("number").get<int>()) + QLatin1String(suffix));
    REQUIRE(file.open(QIODevice::ReadOnly));
    return file.readAll();
}

} // namespace guichet::test
