// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/guided/script.h"

#include <fstream>

#include <catch2/catch.hpp>

#include "tests/cloudbranch/guided/sale.h"
#include "tests/support/json_schema.h"

using namespace guichet;
using namespace guichet::guided;
using namespace guichet::test;
using nlohmann::json;

namespace {

json jsonOf(const char* file)
{
    std::ifstream in(std::string(GUICHET_SOURCE_DIR "/") + file);
    REQUIRE(in);
    return json::parse(in);
}

/// What is said about the sale's script with one member replaced.
std::string said(const char* pointer, const json& value)
{
    auto changed = document(saleScript());
    changed[json::json_pointer(pointer)] = value;
    const auto parsed = parseScript(changed.dump());
    return parsed ? "accepted" : parsed.error().detail;
}

} // namespace

TEST_CASE("guided script: what is written down is read again as it was")
{
    const auto parsed = parseScript(document(saleScript()).dump());
    REQUIRE(parsed);
    CHECK(*parsed == saleScript());
}

TEST_CASE("guided script: the demo's is legal, in both languages, by reader and by schema")
{
    const auto demo = jsonOf("packaging/guided/fund-risk.json");
    const auto parsed = parseScript(demo.dump());
    REQUIRE(parsed);
    CHECK(parsed->languages == std::vector<std::string>{"zh-CN", "en"});
    CHECK(parsed->product.qualifications == std::vector<std::string>{"fund-sales"});
    const auto schema = jsonOf("cloudbranch/guided/script.schema.json");
    CHECK(fitsSchema(schema, demo));
    CHECK(fitsSchema(schema, document(saleScript())));
    CHECK_FALSE(fitsSchema(schema, {{"script", "x"}}));
}

TEST_CASE("guided script: every step is recorded, whether it says so or not")
{
    auto bare = document(saleScript());
    bare["steps"][0].erase("checks");
    CHECK(parseScript(bare.dump()).value().steps[0].checks == std::vector{Check::Recording});
}

TEST_CASE("guided script: what is wrong is named, with what is legal")
{
    CHECK(said("/script", "a b") == "script: script: want 1 to 64 of A-Z a-z 0-9 . _ -");
    CHECK(said("/steps/1/kind", "advert") ==
          "script: steps[1].kind: want staff, kiosk or question");
    CHECK(said("/steps/1/text", {{"fr", "x"}}) ==
          "script: steps[1].text.en: want 1 to 600 bytes of text");
    CHECK(said("/steps/1/text", {{"en", "x"}, {"fr", "x"}}) ==
          "script: steps[1].text: want a text in each language of the script, and no other");
    CHECK(said("/steps/1/id", "who") == "script: steps[1].id: is that of an earlier step");
    CHECK(said("/steps/0/wants", "yes") ==
          "script: steps[0].wants: want yes or any, and of a question only");
    CHECK(said("/steps/0/checks", {"mood"}) ==
          "script: steps[0].checks: want recording, onePerson or sound");
    CHECK(said("/steps/0/more", 1) == "script: steps[0].: has a member that is none of its own");
    CHECK(said("/steps", json::array()) == "script: steps: want a list of 1 to 64");
    CHECK(said("/product/qualifications", {"a", "a"}) ==
          "script: product.qualifications: want words of A-Z a-z 0-9 . _ -, none twice");
    CHECK(said("/advert", true) == "script: : has a member that is none of its own");
}

TEST_CASE("guided script: what is no object, too large, or says something twice is refused")
{
    CHECK(parseScript("[]").error().code == Errc::Invalid);
    CHECK(parseScript(R"({"script":"a","script":"b"})").error().code == Errc::Invalid);
    CHECK(parseScript(std::string(kLargestScript + 1, ' ')).error().code == Errc::Invalid);
}

TEST_CASE("guided script: a seller lacks what the product needs and they do not have")
{
    const Product product{"p", {}, {"a", "b"}};
    CHECK(missing(product, {"b", "c"}) == std::vector<std::string>{"a"});
    CHECK(missing(product, {"a", "b"}).empty());
}
