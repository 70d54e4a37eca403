// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/prediction.h"

#include <array>

#include <catch2/catch.hpp>

using namespace guichet::queue::domain;
using std::chrono::seconds;

TEST_CASE("prediction: a free counter means no wait")
{
    const std::array ahead{WorkAhead{0, seconds(300)}};
    CHECK(predictWait(ahead, 1, 0) == WaitRange{});
    CHECK(predictWait({}, 0, 0) == WaitRange{});
}

TEST_CASE("prediction: no open counter counts as one")
{
    const std::array ahead{WorkAhead{3, seconds(300)}};
    CHECK(predictWait(ahead, 0, 0) == predictWait(ahead, 1, 1));
}

TEST_CASE("prediction: the range is rounded outward to five minutes")
{
    const std::array ahead{WorkAhead{3, seconds(300)}};
    CHECK(predictWait(ahead, 1, 1) == WaitRange{seconds(600), seconds(1200), seconds(1800)});
    CHECK(predictWait(ahead, 2, 2) == WaitRange{seconds(300), seconds(600), seconds(900)});
}
