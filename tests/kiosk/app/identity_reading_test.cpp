// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/identity_reading.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace guichet;
using namespace guichet::kiosk;
using nlohmann::json;

namespace {

json resident()
{
    return {{"id", 1},
            {"result",
             {{"name", "王小明"},
              {"maskedNumber", "1101**********002X"},
              {"expired", false},
              {"handle", "h"},
              {"sealed", "a..b.c.d"}}}};
}

} // namespace

TEST_CASE("identity reading: of a document its mask, handle and sealed content are taken")
{
    const auto document = documentFrom(resident());
    REQUIRE(document);
    CHECK(document->name == "王小明");
    CHECK(document->maskedNumber == "1101**********002X");
    CHECK(document->handle == "h");
    CHECK(document->sealed == "a..b.c.d");
    CHECK_FALSE(document->expired);
}

TEST_CASE("identity reading: a zone's name is in two parts")
{
    auto zone = resident();
    zone["result"].erase("name");
    zone["result"]["surname"] = "DOE";
    zone["result"]["givenName"] = "JANE";
    const auto document = documentFrom(zone);
    REQUIRE(document);
    CHECK(document->name == "DOE JANE");
}

TEST_CASE("identity reading: a result that lacks a member is of another program")
{
    const auto* const member = GENERATE("maskedNumber", "handle", "sealed", "expired");
    auto answer = resident();
    answer["result"].erase(member);
    const auto document = documentFrom(answer);
    REQUIRE_FALSE(document);
    CHECK(document.error().code == Errc::Protocol);
    CHECK_FALSE(documentFrom(json{{"id", 1}}));
    CHECK_FALSE(documentFrom(json{{"result", "text"}}));
}

TEST_CASE("identity reading: a face is told by its verdict, with all that was seen")
{
    const auto face = faceFrom(json{{"result", {{"verdict", "tooDark"}, {"steady", true}}}});
    REQUIRE(face);
    CHECK(face->verdict == "tooDark");
    CHECK(json::parse(face->facts).at("steady") == true);
    CHECK_FALSE(faceFrom(json{{"result", {{"verdict", 3}}}}));
    CHECK_FALSE(faceFrom(json{{"result", json::array()}}));
}

TEST_CASE("identity reading: the device program's own error is passed on")
{
    const auto face = faceFrom(fail(Errc::Timeout, "nobody came", Remedy::Retry));
    REQUIRE_FALSE(face);
    CHECK(face.error().remedy == Remedy::Retry);
}
