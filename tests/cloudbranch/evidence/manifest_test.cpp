// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/manifest.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace guichet;
using namespace guichet::evidence;
using nlohmann::json;

namespace {

Instant at(const std::string& text)
{
    return fromRfc3339(text).value();
}

Manifest whole()
{
    return {.heads = {.caseId = "case-1",
                      .terminal = "kiosk-7",
                      .opened = at("2026-11-27T08:00:00Z"),
                      .at = at("2026-11-27T08:10:00.5Z"),
                      .closed = true,
                      .tracks = {{.track = "local-video",
                                  .mediaType = "video/x-matroska",
                                  .chunks = 7,
                                  .bytes = 500'000,
                                  .link = firstLink(asBytes("x")),
                                  .closed = true},
                                 {.track = "log", .mediaType = "application/x-ndjson"}}},
            .signature = "c2lnbmVk",
            .retention = Retention{
                .name = "wealth-sale",
                .months = 12,
                .from = at("2026-11-27T00:00:00Z"),
                .holds = {{"d-1", at("2026-12-01T00:00:00Z")},
                          {"d-2", at("2026-12-01T00:00:00Z"), at("2026-12-09T00:00:00Z")}}}};
}

json document()
{
    return json::parse(manifestText(whole()));
}

Error refused(const json& changed)
{
    const auto parsed = parseManifest(changed.dump());
    REQUIRE_FALSE(parsed);
    return parsed.error();
}

} // namespace

TEST_CASE("manifest: it is read as it was written")
{
    CHECK(parseManifest(manifestText(whole())) == whole());
}

TEST_CASE("manifest: it is one line, as servers keep it")
{
    const auto text = manifestText(whole());
    CHECK(text.find('\n') == text.size() - 1);
}

TEST_CASE("manifest: what is signed does not depend on signature and retention")
{
    auto other = whole();
    other.signature.clear();
    other.retention.reset();
    CHECK(headsText(parseManifest(manifestText(other)).value().heads) == headsText(whole().heads));
}

TEST_CASE("manifest: a member that is missing is named")
{
    const std::string member =
        GENERATE("version", "suite", "case", "terminal", "opened", "at", "closed", "tracks");
    auto changed = document();
    changed["heads"].erase(member);
    CHECK(refused(changed).detail == "manifest: heads." + member + " is missing or not legal");
}

TEST_CASE("manifest: a track's member that is missing is named")
{
    const std::string member = GENERATE("track", "mediaType", "chunks", "bytes", "head", "closed");
    auto changed = document();
    changed["heads"]["tracks"][1].erase(member);
    CHECK(refused(changed).detail == "manifest: track." + member + " is missing or not legal");
}

TEST_CASE("manifest: a value that is not legal is named")
{
    auto changed = document();
    std::string named;
    SECTION("a case that is no name")
    {
        changed["heads"]["case"] = "../etc";
        named = "heads.case";
    }
    SECTION("a negative number of chunks")
    {
        changed["heads"]["tracks"][0]["chunks"] = -1;
        named = "track.chunks";
    }
    SECTION("a head that is too short")
    {
        changed["heads"]["tracks"][0]["head"] = "AB";
        named = "track.head";
    }
    SECTION("a head that is no hexadecimal")
    {
        changed["heads"]["tracks"][0]["head"] = std::string(64, 'x');
        named = "track.head";
    }
    SECTION("a signature that is no base64url")
    {
        changed["signature"] = "+";
        named = "document.signature";
    }
    SECTION("a hold without a time")
    {
        changed["retention"]["holds"][0].erase("placed");
        named = "hold.placed";
    }
    SECTION("more months than a century has")
    {
        changed["retention"]["months"] = 1201;
        named = "retention.months";
    }
    CHECK(refused(changed).detail == "manifest: " + named + " is missing or not legal");
}

TEST_CASE("manifest: one name stands for one track")
{
    auto changed = document();
    changed["heads"]["tracks"][1]["track"] = "local-video";
    CHECK(refused(changed).detail == "manifest: track local-video is there twice");
}

TEST_CASE("manifest: more tracks than a case has are refused")
{
    auto changed = document();
    for (std::size_t i = 0; i < kMostTracks; ++i) {
        changed["heads"]["tracks"].push_back(changed["heads"]["tracks"][0]);
    }
    CHECK(refused(changed).detail == "manifest: heads.tracks is missing or not legal");
}

TEST_CASE("manifest: another version or suite is unsupported, not broken")
{
    auto changed = document();
    SECTION("version")
    {
        changed["heads"]["version"] = 2;
    }
    SECTION("suite")
    {
        changed["heads"]["suite"] = "gm";
    }
    CHECK(refused(changed).code == Errc::Unsupported);
}

TEST_CASE("manifest: what is no manifest at all is refused")
{
    const std::string text =
        GENERATE("", "[]", "{", "null", "{\"heads\":[]}", "{\"heads\":{\"version\":1}}");
    CHECK(parseManifest(text).error().code == Errc::Protocol);
    CHECK(parseManifest(std::string(70'000, ' ')).error().detail ==
          "manifest: 70000 bytes, want at most 65536");
}
