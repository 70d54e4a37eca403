// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/allowed_users.h"

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace guichet;
using host::allowedUserIds;

TEST_CASE("allowed users: names are resolved, and none means oneself", "[host]")
{
    CHECK(allowedUserIds({}).value() == std::vector<std::uint32_t>{::getuid()});
    CHECK(allowedUserIds({"root"}).value() == std::vector<std::uint32_t>{0});
}

TEST_CASE("allowed users: one who is not there is named", "[host]")
{
    const auto ids = allowedUserIds({"root", "nobody-of-that-name"});
    REQUIRE_FALSE(ids);
    CHECK(ids.error().code == Errc::NotFound);
    CHECK(ids.error().detail.find("nobody-of-that-name") != std::string::npos);
}
