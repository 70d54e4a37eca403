// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/tlv.h"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/drivers/support/hex_text.h"

using namespace guichet;
using test::bytes;

namespace {

Bytes contents(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto view = asBytes(text);
    return {view.begin(), view.end()};
}

std::vector<std::filesystem::path> samples(const std::string& folder)
{
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(
             std::filesystem::path(GUICHET_TEST_DATA) / "emv" / folder)) {
        if (entry.path().extension() == ".bin") {
            paths.push_back(entry.path());
        }
    }
    return paths;
}

nlohmann::json outline(const std::vector<emv::Tlv>& objects)
{
    auto list = nlohmann::json::array();
    for (const auto& object : objects) {
        const auto tag = fmt::format("{:X}", object.tag);
        if (object.children.empty()) {
            list.push_back({{"tag", tag}, {"value", toHex(object.value)}});
        } else {
            list.push_back({{"tag", tag}, {"objects", outline(object.children)}});
        }
    }
    return list;
}

Bytes nested(int levels)
{
    Bytes inner;
    for (int i = 0; i < levels; ++i) {
        Bytes outer{std::byte{0x70}, static_cast<std::byte>(inner.size())};
        outer.insert(outer.end(), inner.begin(), inner.end());
        inner = outer;
    }
    return inner;
}

} // namespace

TEST_CASE("tlv: every valid sample has the outline beside it", "[drivers][emv]")
{
    const auto paths = samples("valid");
    REQUIRE(paths.size() >= 4);
    for (const auto& path : paths) {
        INFO(path);
        const auto file = contents(path);
        const auto objects = emv::parseTlv(file);
        REQUIRE(objects);
        auto expected = path;
        std::ifstream json(expected.replace_extension(".json"));
        CHECK(outline(*objects) == nlohmann::json::parse(json));
    }
}

TEST_CASE("tlv: every invalid sample is refused as a protocol error", "[drivers][emv]")
{
    const auto paths = samples("invalid");
    REQUIRE(paths.size() >= 6);
    for (const auto& path : paths) {
        INFO(path);
        const auto file = contents(path);
        const auto objects = emv::parseTlv(file);
        REQUIRE_FALSE(objects);
        CHECK(objects.error().code == Errc::Protocol);
    }
}

TEST_CASE("tlv: an object cut anywhere is refused or is a shorter whole", "[drivers][emv]")
{
    const auto whole = bytes("6F 0C 84 04 41424344 A5 04 50 02 4142");
    for (std::size_t size = 1; size < whole.size(); ++size) {
        CHECK_FALSE(emv::parseTlv(ByteView(whole).first(size)));
    }
    CHECK(emv::parseTlv(whole));
}

TEST_CASE("tlv: eight levels are read and nine are refused", "[drivers][emv]")
{
    CHECK(emv::parseTlv(nested(emv::kMaxTlvDepth)));
    CHECK_FALSE(emv::parseTlv(nested(emv::kMaxTlvDepth + 1)));
}

TEST_CASE("tlv: more than 64 KiB are refused before they are looked at", "[drivers][emv]")
{
    CHECK(emv::parseTlv(Bytes(emv::kMaxTlvBytes)));
    CHECK_FALSE(emv::parseTlv(Bytes(emv::kMaxTlvBytes + 1)));
}

TEST_CASE("tlv: of a repeated tag the first is found, and all are listed", "[drivers][emv]")
{
    const auto data = bytes("70 08 5A 02 1111 5A 02 2222");
    const auto objects = *emv::parseTlv(data);
    CHECK(toHex(emv::findTag(objects, 0x5a)->value) == "1111");
    CHECK(emv::findAll(objects, 0x5a).size() == 2);
    CHECK(emv::findTag(objects, 0x57) == nullptr);
}

TEST_CASE("tlv: an object is known with its tag and length as they came", "[drivers][emv]")
{
    const auto wire = bytes("00 77 07 9F278101 80 00 00 FF 57 00");
    const auto objects = emv::parseTlv(wire);
    REQUIRE(objects);
    CHECK(toHex(objects->front().encoded) == "77079F278101800000");
    CHECK(toHex(objects->front().children.front().encoded) == "9F27810180");
    CHECK(toHex(objects->back().encoded) == "5700");
}
