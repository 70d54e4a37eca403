// SPDX-License-Identifier: Apache-2.0
// guichet-diag beside a running terminal.
#include <QCoreApplication>
#include <QProcess>
#include <QTest>

#include <catch2/catch.hpp>

#include "peripherals/xfs/client.h"
#include "tests/e2e/support/world.h"

using namespace guichet;
using namespace guichet::test;
using nlohmann::json;

namespace {

struct Run {
    int status = -1;
    QByteArray out, err;
};

Run diag(const QStringList& words)
{
    QProcess process;
    process.start(QCoreApplication::applicationDirPath() + QStringLiteral("/guichet-diag"), words);
    REQUIRE(process.waitForFinished(60'000));
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace

TEST_CASE("diag: the card that is put in is named, and its number stays in the reader", "[e2e]")
{
    World world;
    const auto reader = xfs::Client::find("127.0.0.1", 5846, "cardreader", {});
    REQUIRE(QTest::qWaitFor(
        [&] {
            return reader->connected() &&
                   reader->status().value(json::json_pointer("/common/device"), "") == "online";
        },
        60'000));
    world.play("/card/insert", {{"card", "unionpay"}});
    const auto run = diag({QStringLiteral("--json"), QStringLiteral("card")});
    INFO(run.out.toStdString() << run.err.toStdString());
    REQUIRE(run.status == 0);
    const auto card = json::parse(run.out.toStdString());
    CHECK(card["maskedPan"].get<std::string>().find("******") != std::string::npos);
    CHECK(card["authentication"].contains("verdict"));
    CHECK_FALSE(card.contains("sealed"));
    CHECK_FALSE(card.contains("handle"));
}

TEST_CASE("diag: every device of the terminal is listed", "[e2e]")
{
    const World world;
    const auto run = diag({QStringLiteral("devices")});
    INFO(run.out.toStdString() << run.err.toStdString());
    REQUIRE(run.status == 0);
    for (const auto* device : {"barcodereader", "camera", "cardreader", "documentprinter", "face",
                               "idreader", "receiptprinter", "residentreader"}) {
        CHECK(run.out.contains(device));
    }
}
