// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include <catch2/catch.hpp>

#include "tests/cloudbranch/evidence/case_world.h"

using namespace guichet;
using namespace guichet::evidence;
using namespace guichet::test;
using namespace std::chrono_literals;

TEST_CASE("case writer: a case that was closed is whole")
{
    CaseWorld world;
    world.record();
    const auto report = world.check();
    CHECK(report.verdict() == Verdict::Whole);
    CHECK(report.notes.empty());
    REQUIRE(report.tracks.size() == 3);
    CHECK(report.tracks[0].track == "local-video");
    CHECK(report.tracks[1].track == "log");
    CHECK(report.tracks[2].track == "remote-audio");
}

TEST_CASE("case writer: a case has one writer at a time, and the next goes on once that is gone")
{
    CaseWorld world;
    auto first = world.open();
    const auto refused = CaseWriter::open(world.root, world.settings(), world.clock);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Busy);
    CHECK(tracksIn(world.folder()) == std::vector<std::string>{"log"});
    std::thread gone([&first] { first.reset(); });
    const auto next = CaseWriter::open(world.root, world.settings(), world.clock);
    gone.join();
    CHECK(next);
}

TEST_CASE("case writer: what is logged is on the disk at once, in the caller's words")
{
    CaseWorld world;
    const auto writer = world.open();
    REQUIRE(writer->log(R"({"event":"approved","by":"seat-3"})"));
    CHECK(contentOf(world.file("log"), world.auditor) ==
          "{\"event\":\"approved\",\"by\":\"seat-3\"}\n");
}

TEST_CASE("case writer: what is no line of the log is refused")
{
    CaseWorld world;
    const auto writer = world.open();
    const std::string entry =
        GENERATE("", "text", "[]", "{\"a\":\n1}", "{\"a\":1", R"({"heads":{}})",
                 "{\"a\":\"" + std::string(33'000, 'x') + "\"}");
    const auto refused = writer->log(entry);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Invalid);
    CHECK(contentOf(world.file("log"), world.auditor).empty());
}

TEST_CASE("case writer: every ten seconds the heads go to manifest, log and server")
{
    CaseWorld world;
    const auto writer = world.open();
    auto* video = writer->openTrack("local-video", "video/x-matroska").value();
    const auto told = world.kept.size();
    REQUIRE(video->write(pattern(10)));
    for (int i = 0; i < 99; ++i) {
        world.clock.advance(100ms);
        REQUIRE(writer->tick());
    }
    CHECK(world.kept.size() == told);
    world.clock.advance(100ms);
    REQUIRE(writer->tick());
    REQUIRE(world.kept.size() == told + 1);
    CHECK(world.kept.back().heads.tracks.back() == video->head());
    CHECK(world.kept.back().heads.tracks.back().chunks == 1);
    CHECK(readManifest(world.folder()) == world.kept.back());
    CHECK_THAT(contentOf(world.file("log"), world.auditor),
               Catch::Contains(toHex(video->head().link)));
}

TEST_CASE("case writer: heads are signed by the terminal")
{
    CaseWorld world;
    world.record();
    for (const auto& manifest : world.kept) {
        CHECK(world.signer.verifies(headsText(manifest.heads), manifest.signature));
    }
}

TEST_CASE("case writer: a second track of a name is its next part")
{
    CaseWorld world;
    const auto writer = world.open();
    CHECK(writer->openTrack("remote-video", "video/x-matroska").value()->name() == "remote-video");
    CHECK(writer->openTrack("remote-video", "video/x-matroska").value()->name() ==
          "remote-video-2");
    CHECK(writer->openTrack("remote-video", "video/x-matroska").value()->name() ==
          "remote-video-3");
}

TEST_CASE("case writer: after a crash the case goes on in new parts, and the old ones stay")
{
    CaseWorld world;
    auto writer = world.open();
    REQUIRE(writer->openTrack("local-video", "video/x-matroska").value()->write(pattern(100'000)));
    REQUIRE(writer->log(R"({"event":"consent"})"));
    writer.reset(); // without close()
    const auto before = readFile(world.file("local-video"));
    const auto opened = world.kept.front().heads.opened;
    world.clock.advance(1min);

    writer = world.open();
    auto* second = writer->openTrack("local-video", "video/x-matroska").value();
    REQUIRE(second->write(pattern(10)));
    REQUIRE(writer->close());

    CHECK(second->name() == "local-video-2");
    CHECK(readFile(world.file("local-video")) == before);
    const auto report = world.check();
    CHECK(report.manifest->heads.opened == opened);
    CHECK(reportOf(report, "local-video").verdict == Verdict::NotClosed);
    CHECK(reportOf(report, "log").verdict == Verdict::NotClosed);
    CHECK(reportOf(report, "local-video-2").verdict == Verdict::Whole);
    CHECK(reportOf(report, "log-2").verdict == Verdict::Whole);
    CHECK(report.verdict() == Verdict::NotClosed);
}

TEST_CASE(
    "case writer: what was written between the last heads and a crash is promised when it goes on")
{
    CaseWorld world;
    auto writer = world.open();
    auto* video = writer->openTrack("local-video", "video/x-matroska").value();
    REQUIRE(video->write(pattern(3 * kLargestContent)));
    CHECK(readManifest(world.folder()).value().heads.tracks.back().chunks == 0);
    writer.reset();
    world.kept.clear();

    REQUIRE(world.open()->close());

    CHECK(world.check().verdict() == Verdict::NotClosed);
    auto pieces = piecesOf(world.file("local-video"));
    REQUIRE(pieces.size() == 4);
    pieces.pop_back();
    writeFile(world.file("local-video"), joined(pieces));
    CHECK(reportOf(world.check(), "local-video").faults.front().kind == FaultKind::Truncated);
}

TEST_CASE("case writer: going on does not make good what was cut off before")
{
    CaseWorld world;
    auto writer = world.open();
    auto* video = writer->openTrack("local-video", "video/x-matroska").value();
    REQUIRE(video->write(pattern(3 * kLargestContent)));
    world.clock.advance(10s);
    REQUIRE(writer->tick());
    writer.reset();
    auto pieces = piecesOf(world.file("local-video"));
    pieces.pop_back();
    writeFile(world.file("local-video"), joined(pieces));

    REQUIRE(world.open()->close());

    CHECK(reportOf(world.checkWithoutKeys(), "local-video").faults.front().kind ==
          FaultKind::Truncated);
}

TEST_CASE(
    "case writer: a track that a crash kept out of the manifest belongs to the case that goes on")
{
    CaseWorld world;
    const auto before = [&world] {
        static_cast<void>(world.open());
        return readFile(world.folder() / kManifestFile);
    }();
    REQUIRE(world.open()->openTrack("local-video", "video/x-matroska"));
    writeFile(world.folder() / kManifestFile, before);

    REQUIRE(world.open()->close());

    CHECK(world.checkWithoutKeys().verdict() == Verdict::NotClosed);
}

TEST_CASE("case writer: going on keeps the retention that the bank has set")
{
    CaseWorld world;
    static_cast<void>(world.open());
    const Retention retention{.name = "dispute", .months = 60};
    REQUIRE(setRetention(world.folder(), retention));
    static_cast<void>(world.open());
    CHECK(readManifest(world.folder()).value().retention == retention);
}

TEST_CASE("case writer: a closed case takes nothing more")
{
    CaseWorld world;
    const auto writer = world.open();
    REQUIRE(writer->close());
    CHECK(writer->close());
    CHECK(writer->tick());
    CHECK(writer->openTrack("screen", "video/x-matroska").error().code == Errc::Conflict);
    CHECK(writer->log("{}").error().code == Errc::Conflict);
    CHECK(CaseWriter::open(world.root, world.settings(), world.clock).error().code ==
          Errc::Conflict);
}

TEST_CASE("case writer: without room for the minutes that a service needs no case begins")
{
    CaseWorld world;
    auto settings = world.settings();
    settings.space = {.bytesPerSecond = std::uint64_t{1} << 50U, .least = 10min};
    const auto refused = CaseWriter::open(world.root, std::move(settings), world.clock);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Busy);
    CHECK(refused.error().remedy == Remedy::CallStaff);
    CHECK_FALSE(std::filesystem::exists(world.folder()));
}

TEST_CASE("case writer: a setting that is not legal is refused before anything is written")
{
    CaseWorld world;
    auto settings = world.settings();
    SECTION("case")
    {
        settings.caseId = "../other";
    }
    SECTION("terminal")
    {
        settings.terminal = "";
    }
    SECTION("retention")
    {
        settings.retention = Retention{.name = ""};
    }
    CHECK(CaseWriter::open(world.root, std::move(settings), world.clock).error().code ==
          Errc::Invalid);
    CHECK(std::filesystem::is_empty(world.root));
}

TEST_CASE("case writer: a case has at most 64 tracks")
{
    CaseWorld world;
    const auto writer = world.open();
    for (std::size_t i = 1; i < kMostTracks; ++i) {
        REQUIRE(writer->openTrack("t" + std::to_string(i), "video/x-matroska"));
    }
    CHECK(writer->openTrack("more", "video/x-matroska").error().code == Errc::Invalid);
    CHECK(writer->close());
    CHECK(world.check().verdict() == Verdict::Whole);
}

TEST_CASE("case writer: threads may log, record, open tracks and tick at the same time")
{
    CaseWorld world;
    const auto writer = world.open();
    auto* video = writer->openTrack("local-video", "video/x-matroska").value();
    std::thread recording([&] {
        for (int i = 0; i < 200; ++i) {
            static_cast<void>(video->write(pattern(5'000)));
        }
    });
    std::thread logging([&] {
        for (int i = 0; i < 20; ++i) {
            static_cast<void>(writer->log("{}"));
        }
    });
    std::thread opening([&] {
        for (int i = 0; i < 10; ++i) {
            static_cast<void>(writer->openTrack("screen", "video/x-matroska"));
        }
    });
    for (int i = 0; i < 20; ++i) {
        world.clock.advance(1s);
        CHECK(writer->tick());
    }
    recording.join();
    logging.join();
    opening.join();
    REQUIRE(writer->close());
    const auto report = world.check();
    CHECK(report.verdict() == Verdict::Whole);
    CHECK(report.tracks.size() == 12);
    CHECK(contentOf(world.file("local-video"), world.auditor).size() == 1'000'000);
}
