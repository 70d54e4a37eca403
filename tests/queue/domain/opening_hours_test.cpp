// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/opening_hours.h"

#include <set>

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::queue::domain;
using std::chrono::minutes;

namespace {

OpeningHours everyDay(const char* span)
{
    OpeningHours opening;
    opening.weekly.fill({*spanFromText(span)});
    return opening;
}

std::vector<std::string> times(const OpeningHours& opening, const std::string& zone,
                               const char* date, minutes length = minutes(30))
{
    std::vector<std::string> result;
    for (const auto start : slotStarts(opening, zone, *dateFromText(date), length)) {
        result.push_back(toRfc3339(start, zone).substr(11));
    }
    return result;
}

} // namespace

TEST_CASE("opening hours: slots fill each span and do not reach over its end")
{
    OpeningHours opening;
    opening.weekly.at(1) = {*spanFromText("09:00-10:10"), *spanFromText("13:30-14:00")};
    CHECK(times(opening, "Asia/Shanghai", "2026-11-24") ==
          std::vector<std::string>{"09:00:00+08:00", "09:30:00+08:00", "13:30:00+08:00"});
    CHECK(times(opening, "Asia/Shanghai", "2026-11-25").empty());
    opening.closed.insert("2026-11-24");
    CHECK(times(opening, "Asia/Shanghai", "2026-11-24").empty());
}

TEST_CASE("opening hours: the hour that spring skips has no slot")
{
    CHECK(times(everyDay("01:00-04:00"), "Europe/Berlin", "2027-03-28") ==
          std::vector<std::string>{"01:00:00+01:00", "01:30:00+01:00", "03:00:00+02:00",
                                   "03:30:00+02:00"});
    CHECK(times(everyDay("02:30-04:00"), "Europe/Berlin", "2027-03-28").front() ==
          "03:00:00+02:00"); // opens in the hour that is not there
}

TEST_CASE("opening hours: the hour that comes twice in autumn has slots of its own each time")
{
    const auto opening = everyDay("01:30-03:30");
    CHECK(times(opening, "Europe/Berlin", "2026-10-25") ==
          std::vector<std::string>{"01:30:00+02:00", "02:00:00+02:00", "02:30:00+02:00",
                                   "02:00:00+01:00", "02:30:00+01:00", "03:00:00+01:00"});
    const auto starts =
        slotStarts(opening, "Europe/Berlin", *dateFromText("2026-10-25"), minutes(30));
    CHECK(std::set<Instant>(starts.begin(), starts.end()).size() == starts.size());
    CHECK(times(everyDay("02:00-02:30"), "Europe/Berlin", "2026-10-25").size() == 3);
}

TEST_CASE("opening hours: a local date is the branch's, wherever the phone is")
{
    const auto late = fromRfc3339("2026-11-24T20:00:00Z").value();
    CHECK(dateText(localDate("Asia/Shanghai", late)) == "2026-11-25");
    CHECK(dateText(localDate("America/New_York", late)) == "2026-11-24");
}

TEST_CASE("opening hours: spans and dates are read strictly")
{
    CHECK(spanFromText("00:00-24:00"));
    CHECK_FALSE(spanFromText("09:00-09:00"));
    CHECK_FALSE(spanFromText("17:00-09:00"));
    CHECK_FALSE(spanFromText("9:00-17:00"));
    CHECK_FALSE(spanFromText("09:60-17:00"));
    CHECK_FALSE(spanFromText("09:00-24:01"));
    CHECK_FALSE(spanFromText("-9:00-17:00"));
    CHECK(dateFromText("2028-02-29"));
    CHECK_FALSE(dateFromText("2026-02-29"));
    CHECK_FALSE(dateFromText("2026-2-9"));
    CHECK_FALSE(dateFromText("26-02-2026"));
}
