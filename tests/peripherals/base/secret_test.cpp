// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/secret.h"

#include <catch2/catch.hpp>

using namespace guichet;

TEST_CASE("secret: a moved-from secret holds nothing", "[base]")
{
    Secret<std::string> first(std::string("6222020200001234567"));
    Secret<std::string> second(std::move(first));
    CHECK(first.empty()); // NOLINT(bugprone-use-after-move): this is what is tested
    CHECK(second.reveal() == "6222020200001234567");
}

TEST_CASE("secret: it can be neither copied nor printed", "[base]")
{
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<Secret<std::string>>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<Secret<std::string>, std::string>);
}
