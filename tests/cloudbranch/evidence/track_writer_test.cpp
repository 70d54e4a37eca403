// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <signal.h>

#include "tests/cloudbranch/evidence/case_world.h"

using namespace guichet;
using namespace guichet::evidence;
using namespace guichet::test;
using namespace std::chrono_literals;

namespace {

struct Track : CaseWorld {
    Track()
    {
        std::filesystem::create_directories(folder());
        writer = create().value();
    }
    Result<std::unique_ptr<TrackWriter>> create()
    {
        return TrackWriter::create(folder(),
                                   {.caseId = kCase,
                                    .track = "local-video",
                                    .mediaType = "video/x-matroska",
                                    .opened = clock.now(),
                                    .wrappedKey = {}},
                                   SealingKey::fromPem(bank.publicPem).value(), clock);
    }
    [[nodiscard]] std::size_t chunksInFile() const
    {
        return piecesOf(file("local-video")).size() - 1;
    }
    [[nodiscard]] TrackReport report() const
    {
        return checkTrack(openSource(file("local-video")).value(), {.key = &auditor}).value();
    }
    [[nodiscard]] std::string content() const { return contentOf(file("local-video"), auditor); }

    std::unique_ptr<TrackWriter> writer;
};

/// While it lives no file of this process may grow beyond a size: a full disk.
class FullDisk {
public:
    explicit FullDisk(rlim_t size)
        : m_ignored(::signal(SIGXFSZ, SIG_IGN))
    {
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &m_before) == 0);
        const rlimit bound{size, m_before.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &bound) == 0);
    }
    ~FullDisk()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        ::signal(SIGXFSZ, m_ignored);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    sighandler_t m_ignored;
    rlimit m_before{};
};

} // namespace

TEST_CASE("track writer: a chunk ends at 64 KiB")
{
    Track track;
    REQUIRE(track.writer->write(pattern(kLargestContent - 1)));
    CHECK(track.chunksInFile() == 0);
    REQUIRE(track.writer->write(pattern(1)));
    CHECK(track.chunksInFile() == 1);
}

TEST_CASE("track writer: a chunk ends after a second, at a tick or at the next bytes")
{
    Track track;
    REQUIRE(track.writer->write(pattern(10)));
    track.clock.advance(999ms);
    REQUIRE(track.writer->tick());
    CHECK(track.chunksInFile() == 0);
    track.clock.advance(1ms);
    SECTION("tick")
    {
        REQUIRE(track.writer->tick());
    }
    SECTION("bytes")
    {
        REQUIRE(track.writer->write(pattern(10)));
    }
    CHECK(track.chunksInFile() == 1);
}

TEST_CASE("track writer: a wall clock that jumps does not end a chunk")
{
    Track track;
    REQUIRE(track.writer->write(pattern(10)));
    track.clock.jumpWall(1h);
    REQUIRE(track.writer->tick());
    CHECK(track.chunksInFile() == 0);
}

TEST_CASE("track writer: bytes larger than a chunk are cut and come back as they were")
{
    Track track;
    const auto bytes = pattern(3 * kLargestContent + 7);
    REQUIRE(track.writer->write(bytes));
    REQUIRE(track.writer->close());
    CHECK(track.chunksInFile() == 4);
    CHECK(track.content() == asText(bytes));
    CHECK(track.report().verdict == Verdict::Whole);
}

TEST_CASE("track writer: a chunk has the time of its first byte")
{
    Track track;
    const auto first = track.clock.now();
    REQUIRE(track.writer->write(pattern(10)));
    track.clock.advance(700ms);
    REQUIRE(track.writer->write(pattern(10)));
    REQUIRE(track.writer->flush());
    const auto pieces = piecesOf(track.file("local-video"));
    CHECK(parseChunk(pieces.at(1)).value().head.at == first);
}

TEST_CASE("track writer: it promises only what is on the disk")
{
    Track track;
    REQUIRE(track.writer->write(pattern(7 * kLargestContent)));
    CHECK(track.chunksInFile() == 7);
    CHECK(track.writer->head().chunks == 0);
    SECTION("at eight chunks")
    {
        REQUIRE(track.writer->write(pattern(kLargestContent)));
        CHECK(track.writer->head().chunks == 8);
    }
    SECTION("after two seconds")
    {
        track.clock.advance(2s);
        REQUIRE(track.writer->tick());
        CHECK(track.writer->head().chunks == 7);
    }
    SECTION("when asked")
    {
        REQUIRE(track.writer->flush());
        CHECK(track.writer->head().chunks == 7);
        CHECK(track.writer->head().bytes == std::filesystem::file_size(track.file("local-video")));
    }
}

TEST_CASE("track writer: an empty track can be closed")
{
    Track track;
    REQUIRE(track.writer->close());
    CHECK(track.report().verdict == Verdict::Whole);
    CHECK(track.content().empty());
}

TEST_CASE("track writer: a closed track takes nothing more, but may be closed again")
{
    Track track;
    REQUIRE(track.writer->write(pattern(10)));
    REQUIRE(track.writer->close());
    const auto head = track.writer->head();
    CHECK(track.writer->write(pattern(1)).error().code == Errc::Conflict);
    CHECK(track.writer->flush().error().code == Errc::Conflict);
    CHECK(track.writer->close());
    CHECK(track.writer->tick());
    CHECK(track.writer->head() == head);
}

TEST_CASE("track writer: it never writes over a file")
{
    Track track;
    const auto before = readFile(track.file("local-video"));
    CHECK(track.create().error().code == Errc::Conflict);
    CHECK(readFile(track.file("local-video")) == before);
}

TEST_CASE("track writer: the file is its owner's alone")
{
    using std::filesystem::perms;
    const Track track;
    CHECK(std::filesystem::status(track.file("local-video")).permissions() ==
          (perms::owner_read | perms::owner_write));
}

TEST_CASE("track writer: content is never on the disk in the clear")
{
    Track track;
    REQUIRE(track.writer->write(asBytes("6222 0212 3456 7890")));
    REQUIRE(track.writer->close());
    const auto bytes = readFile(track.file("local-video"));
    CHECK(asText(bytes).find("6222") == std::string_view::npos);
}

TEST_CASE("track writer: a full disk is said at once, and ends the track with what fitted whole")
{
    Track track;
    REQUIRE(track.writer->write(pattern(2 * kLargestContent)));
    Result<void> refused;
    {
        const FullDisk full(std::filesystem::file_size(track.file("local-video")) + 1000);
        refused = track.writer->write(pattern(kLargestContent));
    }
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Busy);
    CHECK(refused.error().remedy == Remedy::CallStaff);
    CHECK(track.writer->write(pattern(1)).error() == refused.error());
    CHECK(track.writer->tick().error() == refused.error());
    CHECK(track.writer->close().error() == refused.error());
    CHECK(track.chunksInFile() == 2);
    CHECK(track.report().verdict == Verdict::NotClosed);
    CHECK(track.content() == asText(pattern(2 * kLargestContent)));
}

TEST_CASE("track writer: a disk without room for a header leaves no file behind")
{
    Track track;
    std::filesystem::remove(track.file("local-video"));
    {
        const FullDisk full(20);
        CHECK(track.create().error().code == Errc::Busy);
    }
    CHECK_FALSE(std::filesystem::exists(track.file("local-video")));
}

TEST_CASE("track writer: several threads may write one track")
{
    Track track;
    const auto repeat = [&track](auto action) {
        return std::thread([&track, action] {
            for (int i = 0; i < 200; ++i) {
                action(*track.writer);
            }
        });
    };
    auto first =
        repeat([](TrackWriter& writer) { static_cast<void>(writer.write(pattern(1000))); });
    auto second =
        repeat([](TrackWriter& writer) { static_cast<void>(writer.write(pattern(1000))); });
    auto third = repeat([](TrackWriter& writer) {
        static_cast<void>(writer.tick());
        static_cast<void>(writer.head());
    });
    for (auto* thread : {&first, &second, &third}) {
        thread->join();
    }
    REQUIRE(track.writer->close());
    CHECK(track.report().verdict == Verdict::Whole);
    CHECK(track.content().size() == 400'000);
}
