// SPDX-License-Identifier: Apache-2.0
// The same virtual card read twice over, by the driver in this process and through the identity
// service of guichet-devices; the difference per APDU is what service and helper cost.
#include <QTest>
#include <chrono>
#include <optional>

#include <catch2/catch.hpp>

#include "drivers/emv/emv_reader.h"
#include "drivers/transport/pcsc_reader.h"
#include "kiosk/app/own_service.h"
#include "tests/bench/story/figures.h"
#include "tests/e2e/support/world.h"

using namespace guichet;
using namespace guichet::test;

namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::size_t apdus(World& world)
{
    return world.state().at("card").at("apdus").get<std::size_t>();
}

double direct()
{
    const auto start = Clock::now();
    const auto reader = transport::makePcscReader("");
    auto channel = reader->connect();
    REQUIRE(channel);
    const auto card = emv::readCard(
        **channel, {.today = std::chrono::year_month_day{
                        std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())}});
    REQUIRE(card);
    (*channel)->powerOff();
    return since(start);
}

double throughService(kiosk::OwnService& service)
{
    std::optional<bool> ok;
    const auto start = Clock::now();
    service.ask({{"op", "readCard"}, {"timeoutMs", 10'000}},
                [&](const Result<nlohmann::json>& answer) { ok = answer.has_value(); });
    REQUIRE(QTest::qWaitFor([&] { return ok.has_value(); }, 30'000));
    REQUIRE(*ok);
    return since(start);
}

} // namespace

TEST_CASE("bench: card read", "[bench]")
{
    constexpr int kReads = 20;
    World world;
    kiosk::OwnService service("127.0.0.1", 5846, "/guichet/v1/identity");
    REQUIRE(QTest::qWaitFor(
        [] {
            const auto readers = transport::pcscReaders();
            return readers && !readers->empty();
        },
        30'000));
    world.play("/card/insert", {{"card", "unionpay"}});
    throughService(service); // the helper has started
    std::vector<double> own;
    std::vector<double> served;
    std::vector<double> overhead;
    for (int read = 0; read < kReads; ++read) {
        own.push_back(direct());
        const auto before = apdus(world);
        served.push_back(throughService(service));
        const auto count = apdus(world) - before;
        REQUIRE(count > 0);
        overhead.push_back((served.back() - own.back()) / static_cast<double>(count));
    }
    bench::print("card read by the driver alone", std::move(own));
    bench::print("card read through the identity service", std::move(served));
    bench::print("overhead per APDU", std::move(overhead));
}
