// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/story/call_steps.h"

#include <QCoreApplication>
#include <QDir>
#include <QTest>
#include <csignal>
#include <cstdlib>

#include <catch2/catch.hpp>

#include "tests/e2e/story/steps.h"
#include "tests/support/shell.h"

namespace guichet::test {
namespace {

constexpr int kPatienceMs = 30'000;

/// guichet-evidence with these words.
Ran evidence(const std::string& words)
{
    return run(QCoreApplication::applicationDirPath().toStdString() + "/guichet-evidence " + words);
}

} // namespace

void wantBrowser()
{
    if (!Browser::available()) {
        std::_Exit(77); // skipped
    }
}

Evidence Evidence::atKiosk(const World& world, const BankKeys& keys)
{
    return {world.dataFolder() + QStringLiteral("/kiosk/evidence"), keys};
}

Evidence Evidence::atHub(const World& world, const BankKeys& keys)
{
    return {world.dataFolder() + QStringLiteral("/hub/evidence/cases"), keys};
}

QStringList Evidence::cases() const
{
    return QDir(m_folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
}

QString Evidence::onlyCase() const
{
    const auto all = cases();
    REQUIRE(all.size() == 1);
    return m_folder + QLatin1Char('/') + all.front();
}

bool Evidence::verified() const
{
    const auto ran =
        evidence("verify " + onlyCase().toStdString() + " --key " + m_keys.privateKey());
    UNSCOPED_INFO(ran.output);
    return ran.status == 0;
}

QStringList Evidence::tracks() const
{
    QStringList names;
    for (const auto& file : QDir(onlyCase()).entryInfoList({QStringLiteral("*.track")})) {
        names << file.completeBaseName();
    }
    return names;
}

double Evidence::endOf(const QString& track) const
{
    const auto played = evidence("play " + onlyCase().toStdString() + " --track " +
                                 track.toStdString() + " --key " + m_keys.privateKey() +
                                 " 2> /dev/null | ffprobe -v quiet -show_entries " +
                                 "packet=pts_time -of csv=p=0 - | tail -1");
    return played.output.empty() ? 0 : std::stod(played.output);
}

bool givenToHub(const World& world, const BankKeys& keys)
{
    const auto here = Evidence::atKiosk(world, keys);
    return QTest::qWaitFor([&] { return here.cases().isEmpty(); }, kPatienceMs) &&
           Evidence::atHub(world, keys).cases().size() == 1;
}

void killProgram(const std::string& name)
{
    const auto found = run("pgrep -x " + name);
    INFO(name << ": " << found.output);
    REQUIRE(found.status == 0);
    REQUIRE(::kill(std::stoi(found.output), SIGKILL) == 0);
}

std::string outletWith(const Coturn& coturn)
{
    return "[turn]\nurls = [\"" + coturn.url() + "\"]\nsecret_file = \"" +
           coturn.secretFile().string() + "\"\nseat_relay_only = true\n";
}

nlohmann::json staff(Browser& browser, const char* does, nlohmann::json more, const char* who)
{
    more["who"] = who;
    more["does"] = does;
    return browser.step(more);
}

void keepPicture(Browser& browser, const char* name, const char* who)
{
    if (const auto folder = qEnvironmentVariable("GUICHET_PICTURES"); !folder.isEmpty()) {
        staff(browser, "pictured", {{"file", folder.toStdString() + "/" + name}}, who);
    }
}

void beginHelp(Kiosk& kiosk, Browser& browser, const char* by)
{
    staff(browser, "sits");
    chooseCash(kiosk);
    askForHelp(kiosk, by);
    staff(browser, "accepts");
}

} // namespace guichet::test
