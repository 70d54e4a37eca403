// SPDX-License-Identifier: Apache-2.0
#include "tests/support/lossy_relay/line.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::test;
using namespace std::chrono_literals;

namespace {

const Ticks kStart{1h};
constexpr std::size_t kPacket = 1000;

Line line(std::string_view faults)
{
    Line made(7);
    made.set(parseLineFaults(faults).value());
    return made;
}

/// Of a thousand packets, one each millisecond, those that come out.
std::vector<Ticks> thousand(Line& line)
{
    std::vector<Ticks> out;
    for (int i = 0; i < 1000; ++i) {
        if (const auto at = line.pass(kStart + i * 1ms, kPacket)) {
            out.push_back(*at);
        }
    }
    return out;
}

} // namespace

TEST_CASE("line: a good one passes everything at once")
{
    auto good = line("");
    CHECK(good.pass(kStart, kPacket) == kStart);
    CHECK(good.pass(kStart + 1ms, kPacket) == kStart + 1ms);
}

TEST_CASE("line: it loses the share that it is told to, another choice each seed")
{
    auto bad = line("loss=30");
    CHECK(thousand(bad).size() == Approx(700).margin(45)); // three standard deviations
    auto cut = line("cut=1");
    CHECK(thousand(cut).empty());
}

TEST_CASE("line: packets come late, by no more than delay and jitter, and in order")
{
    auto late = line("delay=20 jitter=5");
    const auto out = thousand(late);
    REQUIRE(out.size() == 1000);
    CHECK(std::is_sorted(out.begin(), out.end()));
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto took = out[i] - (kStart + i * 1ms);
        REQUIRE(took >= 20ms);
        REQUIRE(took <= 25ms);
    }
}

TEST_CASE("line: a narrow one sends at its pace, and drops what would wait too long")
{
    auto narrow = line("kbps=400 queue=300"); // a packet each 20 ms, and 1000 packets a second come
    const auto out = thousand(narrow);
    CHECK(out.front() == kStart + 20ms);
    CHECK(out.back() <= kStart + 1000ms + 320ms);
    CHECK(out.size() == 65); // of one second, and what waits at its end
}

TEST_CASE("line: what is no fault of a line is named")
{
    const auto bad = GENERATE("loss", "loss=", "loss=x", "loss=101", "loss=-1", "loss=nan",
                              "gain=3", "cut=2", "delay=5ms");
    const auto read = parseLineFaults(bad);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::Invalid);
    CHECK(read.error().detail.find(bad) != std::string::npos);
}
