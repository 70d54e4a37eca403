// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/track_format.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::evidence;

namespace {

TrackHeader header()
{
    return {.caseId = "case-1",
            .track = "local-video",
            .mediaType = "video/x-matroska",
            .opened = fromRfc3339("2026-11-27T08:00:00.250Z").value(),
            .wrappedKey = "a..b.c.d"};
}

ChunkHead head(std::uint32_t length, std::uint32_t number, bool last = false)
{
    return {.length = length, .last = last, .number = number, .at = header().opened};
}

struct Sealed {
    cipher::Key key = cipher::newKey();
    Link before = firstLink(asBytes("header"));
    Bytes bytes = sealChunk(key, before, head(5, 1), asBytes("sound")).value();
};

Bytes changed(Bytes bytes, std::size_t at)
{
    bytes.at(at) ^= std::byte{1};
    return bytes;
}

} // namespace

TEST_CASE("track format: a header is read as it was written")
{
    const auto bytes = encodeHeader(header()).value();
    CHECK(headerSize(bytes) == bytes.size());
    CHECK(parseHeader(bytes) == header());
}

TEST_CASE("track format: bytes behind a header do not belong to it")
{
    auto bytes = encodeHeader(header()).value();
    const auto size = bytes.size();
    bytes.resize(size + 100);
    CHECK(headerSize(bytes) == size);
    CHECK(parseHeader(bytes) == header());
}

TEST_CASE("track format: a header that is cut short anywhere is refused")
{
    const auto bytes = encodeHeader(header()).value();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto cut = parseHeader(ByteView(bytes).first(size));
        REQUIRE_FALSE(cut);
        REQUIRE(cut.error().code == Errc::Protocol);
    }
}

TEST_CASE("track format: a header of another version or suite says what it is not")
{
    const auto bytes = encodeHeader(header()).value();
    auto version = bytes;
    version.at(7) = std::byte{2};
    CHECK(parseHeader(version).error() ==
          Error{Errc::Unsupported, Remedy::None,
                "header: format version 2, this program reads version 1"});
    auto suite = bytes;
    const auto intl = asText(bytes).find("intl");
    suite.at(intl) = std::byte{'x'};
    CHECK(parseHeader(suite).error().code == Errc::Unsupported);
}

TEST_CASE("track format: a header that claims to be longer than headers are is refused")
{
    auto bytes = encodeHeader(header()).value();
    bytes.at(9) = std::byte{1};
    CHECK(headerSize(bytes).error().detail ==
          "header: " + std::to_string(65536 + bytes.size() - kHeaderStart) +
              " bytes, want at most 4096");
}

TEST_CASE("track format: a name that could leave its folder is never written")
{
    auto wrong = header();
    SECTION("case")
    {
        wrong.caseId = GENERATE("", "..", "a/b", "a.b", std::string(65, 'a'));
    }
    SECTION("track")
    {
        wrong.track = GENERATE("", "../x", "Video", "a b", std::string(33, 'a'));
    }
    SECTION("media type")
    {
        wrong.mediaType = GENERATE("", "a\nb", "\"", std::string(101, 'a'));
    }
    const auto refused = encodeHeader(wrong);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Invalid);
}

TEST_CASE("track format: a chunk opens at its place with its key")
{
    const Sealed sealed;
    const auto chunk = parseChunk(sealed.bytes).value();
    CHECK(chunk.head == head(5, 1));
    CHECK(chunk.head.size() == sealed.bytes.size());
    CHECK(chunk.link == nextLink(sealed.before, chunk.headAndSealed));
    CHECK(asText(openChunk(sealed.key, sealed.before, chunk).value().reveal()) == "sound");
}

TEST_CASE("track format: a chunk does not open with another key")
{
    const Sealed sealed;
    const auto chunk = parseChunk(sealed.bytes).value();
    CHECK(openChunk(cipher::newKey(), sealed.before, chunk).error().code == Errc::Denied);
}

TEST_CASE("track format: a chunk does not open at another place in the chain")
{
    const Sealed sealed;
    const auto chunk = parseChunk(sealed.bytes).value();
    CHECK_FALSE(openChunk(sealed.key, firstLink(asBytes("other")), chunk));
}

TEST_CASE("track format: no changed bit of a chunk passes both chain and key")
{
    const Sealed sealed;
    for (std::size_t at = 0; at < sealed.bytes.size() - kLink; ++at) {
        const auto bytes = changed(sealed.bytes, at);
        const auto chunk = parseChunk(bytes);
        if (chunk) {
            REQUIRE(chunk->link != nextLink(sealed.before, chunk->headAndSealed));
            REQUIRE_FALSE(openChunk(sealed.key, sealed.before, *chunk));
        }
    }
}

TEST_CASE("track format: a chunk that is cut short anywhere is refused")
{
    const Sealed sealed;
    for (std::size_t size = 0; size < sealed.bytes.size(); ++size) {
        REQUIRE(parseChunk(ByteView(sealed.bytes).first(size)).error().code == Errc::Protocol);
    }
}

TEST_CASE("track format: only the last chunk may be empty")
{
    const Sealed sealed;
    const auto last = sealChunk(sealed.key, sealed.before, head(0, 1, true), {}).value();
    CHECK(parseChunk(last).value().head == head(0, 1, true));
    const auto middle = sealChunk(sealed.key, sealed.before, head(0, 1), {}).value();
    CHECK_FALSE(parseChunk(middle));
}

TEST_CASE("track format: what cannot be the head of a chunk is refused")
{
    auto wrong = head(5, 1);
    SECTION("longer than a chunk")
    {
        wrong.length = kLargestContent + 1;
    }
    SECTION("number 0")
    {
        wrong.number = 0;
    }
    SECTION("before 1970")
    {
        wrong.at = Instant(std::chrono::milliseconds(-1));
    }
    SECTION("beyond the year 9999")
    {
        wrong.at += std::chrono::years(8000);
    }
    const Sealed sealed;
    const auto bytes = sealChunk(sealed.key, sealed.before, wrong, asBytes("sound")).value();
    CHECK_FALSE(parseChunkHead(bytes));
}
