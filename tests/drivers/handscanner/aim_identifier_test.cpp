// SPDX-License-Identifier: Apache-2.0
#include "drivers/handscanner/aim_identifier.h"

#include <catch2/catch.hpp>

using guichet::handscanner::partAimIdentifier;

TEST_CASE("aim: the identifier before the content is parted from it")
{
    const auto parts = partAimIdentifier("]Q1GT1:abc");
    CHECK(parts.identifier == "]Q1");
    CHECK(parts.content == "GT1:abc");
    CHECK(partAimIdentifier("]d2").content.empty());
}

TEST_CASE("aim: what is no identifier is content")
{
    for (const char* text : {"", "]", "]Q", "]1Q4", "]Q-x", "[Q1", "abc"}) {
        const auto parts = partAimIdentifier(text);
        CHECK(parts.identifier.empty());
        CHECK(parts.content == text);
    }
}
