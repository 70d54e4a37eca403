// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/quality.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace guichet::call;

TEST_CASE("quality: a clear and near line is rated above four")
{
    CHECK(mos({.rttMs = 20, .jitterMs = 2}, 100) > 4.3);
}

TEST_CASE("quality: delay and what had to be invented lower the score")
{
    const double clear = mos({}, 0);
    CHECK(mos({.rttMs = 600}, 100) < 3.9);
    CHECK(mos({.concealedPct = 5}, 0) < clear - 0.3);
    CHECK(mos({.concealedPct = 100}, 0) == Approx(1));
}

TEST_CASE("quality: the figures are one JSON object")
{
    const auto parsed = nlohmann::json::parse(figures({.fpsIn = 24.96, .kbpsIn = 700.04}, 100));
    CHECK(parsed["fpsIn"] == 25.0);
    CHECK(parsed["kbpsIn"] == 700.0);
    CHECK(parsed.size() == 9);
}
