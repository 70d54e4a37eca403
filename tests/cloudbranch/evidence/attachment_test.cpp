// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/attachment.h"

#include <algorithm>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "cloudbranch/evidence/case_export.h"
#include "tests/cloudbranch/evidence/case_world.h"

using namespace guichet;
using namespace guichet::evidence;
using namespace guichet::test;
using nlohmann::json;

namespace {

constexpr const char* kEntry = R"({"event":"signature"})";

struct Read {
    AttachmentHead head;
    Bytes content;
};

/// What a reader makes of chunks, by their numbers.
std::vector<Read> readAll(const std::vector<std::pair<std::uint32_t, Bytes>>& chunks)
{
    std::vector<Read> all;
    AttachmentReader reader([&all](const AttachmentHead& head, ByteView content) {
        all.push_back({head, Bytes(content.begin(), content.end())});
        return Result<void>();
    });
    for (const auto& [number, content] : chunks) {
        REQUIRE(reader.take(number, content));
    }
    return all;
}

/// Attachments of those sizes as a track's chunks: each begins one.
std::vector<std::pair<std::uint32_t, Bytes>> chunksOf(const std::vector<std::size_t>& sizes)
{
    std::vector<std::pair<std::uint32_t, Bytes>> chunks;
    std::uint32_t number = 0;
    for (const auto size : sizes) {
        const auto bytes = encodeAttachment(++number, "image/png", pattern(size)).value();
        for (std::size_t at = 0; at < bytes.size(); at += kLargestContent) {
            const auto part = ByteView(bytes).subspan(at).first(
                std::min<std::size_t>(kLargestContent, bytes.size() - at));
            chunks.emplace_back(chunks.size() + 1, Bytes(part.begin(), part.end()));
        }
    }
    return chunks;
}

} // namespace

TEST_CASE("evidence attachment: it is read as it was written, over as many chunks as it has")
{
    const auto read = readAll(chunksOf({3, 2 * kLargestContent, kLargestAttachment}));
    REQUIRE(read.size() == 3);
    CHECK(read[1].head == AttachmentHead{.number = 2,
                                         .mediaType = "image/png",
                                         .bytes = 2 * kLargestContent,
                                         .sha256 = sha256Of(pattern(2 * kLargestContent))});
    CHECK(read[1].content == pattern(2 * kLargestContent));
    CHECK(read[2].content.size() == kLargestAttachment);
}

TEST_CASE("evidence attachment: nothing, too much and no media type are refused")
{
    CHECK(encodeAttachment(1, "image/png", {}).error().code == Errc::Invalid);
    CHECK(encodeAttachment(1, "image/png", pattern(kLargestAttachment + 1)).error().code ==
          Errc::Invalid);
    CHECK(encodeAttachment(1, "", pattern(1)).error().code == Errc::Invalid);
}

TEST_CASE("evidence attachment: a chunk that is not there costs its attachment and no other")
{
    CHECK(rc::check([] {
        const auto sizes = *rc::gen::container<std::vector<std::size_t>>(
            5, rc::gen::inRange<std::size_t>(1, 3 * kLargestContent));
        auto chunks = chunksOf(sizes);
        const auto lost = *rc::gen::inRange<std::size_t>(0, chunks.size());
        chunks.erase(chunks.begin() + static_cast<std::ptrdiff_t>(lost));
        const auto read = readAll(chunks);
        RC_ASSERT(read.size() == sizes.size() - 1);
        for (const auto& one : read) {
            RC_ASSERT(one.content == pattern(sizes.at(one.head.number - 1)));
        }
    }));
}

TEST_CASE("evidence attachment: content that is not what its head says is none")
{
    auto chunks = chunksOf({100, 100});
    chunks[0].second.back() ^= std::byte{1};
    const auto read = readAll(chunks);
    REQUIRE(read.size() == 1);
    CHECK(read[0].head.number == 2);
}

TEST_CASE("evidence attachment: the log's entry says which one is its own")
{
    const AttachmentMention which{
        "attachments-2",
        {.number = 7, .mediaType = "image/png", .bytes = 4, .sha256 = sha256Of(pattern(4))}};
    const auto line = mention(kEntry, which);
    CHECK(json::parse(line).at("event") == "signature");
    CHECK(mentionIn(line) == which);
    CHECK_FALSE(mentionIn(kEntry));
    CHECK_FALSE(mentionIn(R"({"attachment":{"track":"log","number":1}})"));
}

TEST_CASE("case writer: what is attached is in the chain, and its hash in the log")
{
    CaseWorld world;
    const auto writer = world.open();
    REQUIRE(writer->attach(kEntry, "image/png", pattern(200'000)));
    REQUIRE(writer->attach(kEntry, "application/json", asBytes("{}")));
    REQUIRE(writer->close());
    const auto report = world.check();
    CHECK(report.verdict() == Verdict::Whole);
    CHECK(report.attachments == 2);
    CHECK_THAT(contentOf(world.file("log"), world.auditor),
               Catch::Contains(sha256Of(pattern(200'000))));
    const auto out = world.root / "out";
    REQUIRE(exportCase(world.folder(), {.key = &world.auditor}, out));
    CHECK(readFile(out / "attachments" / "1.png") == pattern(200'000));
    CHECK(asText(readFile(out / "attachments" / "2.json")) == "{}");
    CHECK_FALSE(std::filesystem::exists(out / "attachments.bin"));
}

TEST_CASE("case writer: nothing of an entry or its attachment can be read on the disk")
{
    CaseWorld world;
    const auto writer = world.open();
    const std::string secret = "6222021234567890128";
    REQUIRE(writer->attach(R"({"event":"form","value":")" + secret + R"("})", "image/png",
                           asBytes("PNG " + secret)));
    REQUIRE(writer->close());
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(world.folder())) {
        ++files;
        CHECK_THAT(std::string(asText(readFile(entry.path()))), !Catch::Contains(secret));
    }
    CHECK(files == 3);
}

TEST_CASE("case writer: after a crash the next attachment is in a part of its own")
{
    CaseWorld world;
    {
        const auto killed = world.open();
        REQUIRE(killed->attach(kEntry, "image/png", pattern(10)));
    }
    const auto writer = world.open();
    REQUIRE(writer->attach(kEntry, "image/png", pattern(20)));
    REQUIRE(writer->close());
    const auto report = world.check();
    CHECK(report.attachments == 2);
    CHECK(reportOf(report, "attachments-2").verdict == Verdict::Whole);
    CHECK(report.faults.empty());
}

TEST_CASE("case writer: an entry may not bring its own attachment")
{
    CaseWorld world;
    const auto writer = world.open();
    CHECK(writer->log(R"({"attachment":{}})").error().code == Errc::Invalid);
    CHECK(writer->attach(R"({"attachment":{}})", "image/png", pattern(1)).error().code ==
          Errc::Invalid);
}

TEST_CASE("case check: an attachment that the log mentions and nobody has is found with the key")
{
    CaseWorld world;
    world.record(1, 2);
    auto pieces = piecesOf(world.file("attachments"));
    pieces[1].at(100) ^= std::byte{1};
    writeFile(world.file("attachments"), joined(pieces));
    const auto report = world.check();
    CHECK(report.attachments == 1);
    REQUIRE(report.faults.size() == 1);
    CHECK(report.faults[0].kind == FaultKind::Absent);
    CHECK_THAT(report.faults[0].detail, Catch::Contains("attachment 1 of track attachments"));
}

TEST_CASE("case writer: a class of retention is in the manifest, and only a longer one replaces it")
{
    CaseWorld world;
    const auto writer = world.open();
    const Retention sale{.name = "wealth-sale", .months = 12, .from = world.clock.now()};
    REQUIRE(writer->retain({.name = "help", .months = 6, .from = world.clock.now()}));
    REQUIRE(writer->retain(sale));
    REQUIRE(writer->retain({.name = "help", .months = 6, .from = world.clock.now()}));
    CHECK(readManifest(world.folder()).value().retention == sale);
    CHECK(writer->retain({.name = "", .months = 99}).error().code == Errc::Invalid);
    CHECK(readManifest(world.folder()).value().retention == sale);
    REQUIRE(writer->close());
    CHECK(readManifest(world.folder()).value().retention == sale);
}
