// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/zone_handles.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::host;
using namespace std::chrono_literals;

namespace {

constexpr ZoneHandles::Time kNow{1h};

Result<std::string> take(const ZoneHandles& zones, const std::string& handle = "one",
                         ZoneHandles::Time now = kNow)
{
    return zones.sealedFor(handle, "cardreader", now);
}

} // namespace

TEST_CASE("zone handles: each reader gets what was sealed for it", "[host]")
{
    ZoneHandles zones;
    zones.keep("one", {{"cardreader", "a"}, {"contactless", "b"}}, kNow);
    CHECK(take(zones) == "a");
    CHECK(zones.sealedFor("one", "contactless", kNow) == "b");
    const auto away = zones.sealedFor("one", "other", kNow);
    REQUIRE_FALSE(away);
    CHECK(away.error().remedy == Remedy::Retry);
    CHECK(away.error().detail.find("other was away") != std::string::npos);
}

TEST_CASE("zone handles: a handle is good for five minutes", "[host]")
{
    ZoneHandles zones;
    zones.keep("one", {{"cardreader", "a"}}, kNow);
    CHECK(zones.nextExpiry() == kNow + 5min);
    CHECK(take(zones, "one", kNow + 5min - 1s));
    const auto old = take(zones, "one", kNow + 5min);
    REQUIRE_FALSE(old);
    CHECK(old.error().code == Errc::NotFound);
    zones.expire(kNow + 5min);
    CHECK(zones.nextExpiry() == ZoneHandles::Time::max());
}

TEST_CASE("zone handles: what is forgotten is gone", "[host]")
{
    ZoneHandles zones;
    zones.keep("one", {{"cardreader", "a"}}, kNow);
    zones.keep("two", {{"cardreader", "b"}}, kNow);
    zones.forget("one");
    CHECK_FALSE(take(zones));
    CHECK(take(zones, "two"));
    zones.forgetAll();
    CHECK_FALSE(take(zones, "two"));
}

TEST_CASE("zone handles: the oldest of too many makes room", "[host]")
{
    ZoneHandles zones;
    for (std::size_t i = 0; i <= ZoneHandles::kMost; ++i) {
        zones.keep(std::to_string(i), {{"cardreader", "a"}}, kNow + i * 1s);
    }
    CHECK_FALSE(take(zones, "0"));
    CHECK(take(zones, "1"));
}
