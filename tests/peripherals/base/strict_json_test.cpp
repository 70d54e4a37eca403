// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/strict_json.h"

#include <catch2/catch.hpp>

using namespace guichet;

TEST_CASE("strict json: one object is read as it is")
{
    CHECK(strictObject(R"({"a":{"b":[1]},"c":{"b":2}})", 4) ==
          nlohmann::json{{"a", {{"b", {1}}}}, {"c", {{"b", 2}}}});
}

TEST_CASE("strict json: what is no object, or says a member twice, is none")
{
    for (const auto* text :
         {"", "[]", "1", "{", R"({"a":1}{})", R"({"a":1,"a":1})", R"({"a":{"b":1,"b":2}})"}) {
        CHECK(strictObject(text, 4).is_null());
    }
}

TEST_CASE("strict json: what is deeper than allowed is none")
{
    CHECK(strictObject(R"({"a":{"b":1}})", 2).is_object());
    CHECK(strictObject(R"({"a":{"b":{"c":1}}})", 2).is_null());
}
