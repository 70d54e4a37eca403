// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/quality_intervals.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::call;
using namespace std::chrono_literals;

namespace {

using Intervals = std::vector<QualityInterval>;

QualityIntervals reached()
{
    QualityIntervals intervals;
    intervals.take(Ticks(1s), MediaState::Up);
    return intervals;
}

} // namespace

TEST_CASE("quality intervals: while all is well there is nothing to tell")
{
    auto intervals = reached();
    intervals.take(Ticks(1s), Ticks(2s), 25);
    intervals.end(Ticks(3s));
    CHECK(intervals.ended().empty());
}

TEST_CASE("quality intervals: a cut is told from its start to its end, once")
{
    auto intervals = reached();
    intervals.take(Ticks(5s), MediaState::Weak);
    intervals.take(Ticks(6s), MediaState::Weak);
    intervals.take(Ticks(10s), MediaState::Lost);
    CHECK(intervals.ended() == Intervals{{"weak", Ticks(5s), Ticks(10s)}});
    intervals.take(Ticks(12s), MediaState::Up);
    CHECK(intervals.ended() == Intervals{{"lost", Ticks(10s), Ticks(12s)}});
    CHECK(intervals.ended().empty());
}

TEST_CASE("quality intervals: pictures that stay out are a span of their own")
{
    auto intervals = reached();
    intervals.take(Ticks(2s), Ticks(3s), 0);
    intervals.take(Ticks(3s), Ticks(4s), 0.4);
    CHECK(intervals.ended().empty());
    intervals.take(Ticks(4s), Ticks(5s), 25);
    CHECK(intervals.ended() == Intervals{{"noPicture", Ticks(2s), Ticks(4s)}});
}

TEST_CASE("quality intervals: a seat that is not reached is not one without a picture")
{
    QualityIntervals intervals;
    intervals.take(Ticks(1s), MediaState::Connecting);
    intervals.take(Ticks(1s), Ticks(2s), 0);
    intervals.take(Ticks(3s), MediaState::Up);
    CHECK(intervals.ended() == Intervals{{"connecting", Ticks(1s), Ticks(3s)}});
}

TEST_CASE("quality intervals: the end of the call ends every span")
{
    auto intervals = reached();
    intervals.take(Ticks(2s), Ticks(3s), 0);
    intervals.take(Ticks(4s), MediaState::Weak);
    intervals.end(Ticks(9s));
    CHECK(intervals.ended() ==
          Intervals{{"weak", Ticks(4s), Ticks(9s)}, {"noPicture", Ticks(2s), Ticks(9s)}});
}
