// SPDX-License-Identifier: Apache-2.0
// From the moment a code is in the camera's view to the end of BarcodeReader.Read, with the reader
// already waiting: what a customer feels between holding up the phone and being known.
#include <QTest>
#include <chrono>
#include <future>

#include <catch2/catch.hpp>

#include "peripherals/xfs/client.h"
#include "peripherals/xfs/messages.h"
#include "tests/bench/story/figures.h"
#include "tests/e2e/support/world.h"

using namespace guichet;
using namespace guichet::test;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

bool scannerIs(const xfs::Client& reader, const std::string& state)
{
    const nlohmann::json::json_pointer place("/barcodeReader/scanner");
    const auto status = reader.status();
    return status.contains(place) && status.at(place) == state;
}

/// One code: shown, read, taken away.
double readOnce(World& world, xfs::Client& reader, const std::string& text)
{
    std::promise<Clock::time_point> done;
    auto end = done.get_future();
    bool ok = false;
    reader.command("BarcodeReader.Read", nlohmann::json::object(), 30s,
                   [&](const Result<xfs::Completion>& completion) {
                       ok = completion && completion->ok();
                       done.set_value(Clock::now());
                   });
    REQUIRE(QTest::qWaitFor([&] { return scannerIs(reader, "on"); }, 30'000));
    const auto start = Clock::now(); // the next of its 15 frames a second shows it
    world.play("/camera/code", {{"text", text}, {"degrees", 8}});
    REQUIRE(end.wait_for(60s) == std::future_status::ready);
    const auto finished = end.get();
    REQUIRE(ok);
    world.play("/camera/clear");
    REQUIRE(QTest::qWaitFor([&] { return scannerIs(reader, "off"); }, 30'000));
    return std::chrono::duration<double, std::milli>(finished - start).count();
}

} // namespace

TEST_CASE("bench: code read", "[bench]")
{
    constexpr int kReads = 40;
    World world;
    const auto reader = xfs::Client::find("127.0.0.1", 5846, "barcodereader", {});
    REQUIRE(QTest::qWaitFor([&] { return scannerIs(*reader, "off"); }, 60'000));
    std::vector<double> own;
    std::vector<double> foreign;
    for (int read = 0; read < kReads; ++read) {
        const auto number = std::to_string(read);
        own.push_back(
            readOnce(world, *reader, "GT1:7WF8TS0N0%6W5 9RCJV9AKJ63K3:Y6Q4LHWPEG3DR2CQ" + number));
        foreign.push_back(readOnce(world, *reader, "https://example.org/visits/" + number));
    }
    bench::print("own code in view until it is read", std::move(own));
    bench::print("foreign code in view until it is read", std::move(foreign));
}
