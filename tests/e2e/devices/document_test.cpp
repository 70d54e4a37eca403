// SPDX-License-Identifier: Apache-2.0
// Statements on the demo's A4 printer, through the real devices program and its confined helper.
#include <QTest>
#include <future>
#include <optional>

#include <catch2/catch.hpp>

#include "kiosk/app/own_service.h"
#include "peripherals/base/bytes.h"
#include "peripherals/xfs/client.h"
#include "peripherals/xfs/messages.h"
#include "tests/drivers/ipp/eve_printer.h"
#include "tests/e2e/devices/patience.h"
#include "tests/e2e/support/world.h"

using namespace guichet;
using namespace guichet::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

std::string page()
{
    return toBase64(asBytes(blankPdf()));
}

/// A client of the document printer, which prints one page.
class Statement {
public:
    Statement() { waitUntil("online"); }

    void waitUntil(const std::string& state)
    {
        REQUIRE(QTest::qWaitFor(
            [&] {
                return m_client->connected() &&
                       m_client->status().value(json::json_pointer("/common/device"), "") == state;
            },
            kPatienceMs));
    }
    void print()
    {
        m_done = {};
        m_end = m_done.get_future();
        m_request = m_client->command(
            "Printer.PrintNative", {{"data", page()}}, 60s,
            [this](const Result<xfs::Completion>& completion) { m_done.set_value(completion); });
    }
    void cancel() { m_client->cancel(m_request); }
    Result<xfs::Completion> end()
    {
        REQUIRE(m_end.wait_for(std::chrono::milliseconds(kPatienceMs)) ==
                std::future_status::ready);
        return m_end.get();
    }

private:
    std::promise<Result<xfs::Completion>> m_done;
    std::future<Result<xfs::Completion>> m_end;
    xfs::Client::RequestId m_request = 0;
    std::unique_ptr<xfs::Client> m_client =
        xfs::Client::find("127.0.0.1", 5846, "documentprinter", {});
};

/// One page that is printed once, under its client's id.
class OnceOnly {
public:
    void print(const std::string& id)
    {
        m_answer.reset();
        m_service.ask({{"op", "print"}, {"documentId", id}, {"data", page()}},
                      [this](const Result<json>& answer) { m_answer = answer; });
    }
    /// Prints; again while the answer is to wait for the helper.
    Result<json> ask(const std::string& id)
    {
        for (;;) {
            print(id);
            auto answer = end();
            if (answer || answer.error().remedy != Remedy::Wait) {
                return answer;
            }
        }
    }
    Result<json> end()
    {
        REQUIRE(QTest::qWaitFor([this] { return m_answer.has_value(); }, kPatienceMs));
        return *m_answer;
    }
    /// Its client is gone.
    void leave() { m_service.stop(); }

private:
    kiosk::OwnService m_service{"127.0.0.1", 5846, "/guichet/v1/printing"};
    std::optional<Result<json>> m_answer;
};

json jobs(World& world)
{
    return world.state().at("document").at("jobs");
}

void waitForJob(World& world, const std::string& state)
{
    REQUIRE(QTest::qWaitFor(
        [&] {
            const auto list = jobs(world);
            return list.size() == 1 && list[0].at("state") == state;
        },
        kPatienceMs));
}

} // namespace

TEST_CASE("documents: a page goes to the printer once and is followed to its end", "[e2e]")
{
    World world;
    Statement statement;
    statement.print();
    const auto end = statement.end();
    REQUIRE(end);
    INFO(end->errorDescription);
    CHECK(end->ok());
    REQUIRE(jobs(world).size() == 1);
    CHECK(jobs(world)[0].at("state") == "completed");
    CHECK(jobs(world)[0].at("pagesOut") == 1);
}

TEST_CASE("documents: a cancelled page is cancelled at the printer", "[e2e]")
{
    World world;
    Statement statement;
    world.play("/document/slow", {{"pageMs", 60'000}});
    statement.print();
    waitForJob(world, "processing");
    statement.cancel();
    const auto end = statement.end();
    REQUIRE(end);
    CHECK(end->code == xfs::CompletionCode::Canceled);
    waitForJob(world, "cancelled");
}

TEST_CASE("documents: a page whose client is gone is cancelled at the printer", "[e2e]")
{
    World world;
    const Statement online;
    OnceOnly once;
    world.play("/document/slow", {{"pageMs", 60'000}});
    once.print("statement-2");
    waitForJob(world, "processing");
    once.leave();
    waitForJob(world, "cancelled");
    const auto again = once.ask("statement-2");
    REQUIRE_FALSE(again);
    CHECK(again.error().code == Errc::Conflict);
    CHECK(jobs(world).size() == 1);
}

TEST_CASE("documents: without paper in mid-job the page waits for it", "[e2e]")
{
    World world;
    Statement statement;
    world.play("/document/slow", {{"pageMs", 60'000}});
    statement.print();
    waitForJob(world, "processing");
    world.play("/document/paper", {{"state", "out"}});
    waitForJob(world, "stopped");
    world.play("/document/slow", {{"pageMs", 1}});
    world.play("/document/paper", {{"state", "full"}});
    const auto end = statement.end();
    REQUIRE(end);
    INFO(end->errorDescription);
    CHECK(end->ok());
    CHECK(jobs(world).size() == 1);
}

TEST_CASE("documents: a page whose helper or program was killed in mid-job comes out once, and is "
          "told truly to who asks again",
          "[e2e]")
{
    const bool program = GENERATE(false, true);
    World world;
    Statement statement;
    OnceOnly once;
    world.play("/document/slow", {{"pageMs", 60'000}});
    once.print("statement-1");
    waitForJob(world, "processing");
    if (program) {
        world.killDevices();
    } else {
        world.killHelper(QStringLiteral("documentprinter"));
    }
    CHECK_FALSE(once.end());
    if (program) {
        world.startDevices();
    }
    statement.waitUntil("online");
    world.play("/document/slow", {{"pageMs", 1}});
    waitForJob(world, "completed");
    for (int question = 0; question < 2; ++question) {
        const auto end = once.ask("statement-1");
        INFO((end ? std::string() : end.error().detail));
        REQUIRE(end);
        CHECK(end->at("state") == "printed");
    }
    REQUIRE(jobs(world).size() == 1);
    CHECK(jobs(world)[0].at("name") == "statement-1");
}

TEST_CASE("documents: a printer that is unplugged and comes back is told truly", "[e2e]")
{
    World world;
    Statement statement;
    world.play("/document/plug", {{"in", false}});
    statement.waitUntil("offline");
    statement.print();
    const auto end = statement.end();
    REQUIRE(end);
    CHECK(end->code == xfs::CompletionCode::DeviceNotReady);
    world.play("/document/plug", {{"in", true}});
    statement.waitUntil("online");
    CHECK(jobs(world).empty());
}
