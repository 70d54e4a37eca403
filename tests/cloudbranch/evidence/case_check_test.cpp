// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <signal.h>
#include <unistd.h>

#include "tests/cloudbranch/evidence/case_world.h"

using namespace guichet;
using namespace guichet::evidence;
using namespace guichet::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kVideo = "local-video";

/// A whole case of which one track is then given other pieces: 0 is the header, N is chunk N.
struct Recorded : CaseWorld {
    Recorded()
    {
        record();
        pieces = piecesOf(file(kVideo));
    }
    void rewrite() const { writeFile(file(kVideo), joined(pieces)); }
    [[nodiscard]] TrackReport video() const { return reportOf(check(), kVideo); }
    [[nodiscard]] TrackReport videoWithoutKeys() const
    {
        return reportOf(checkWithoutKeys(), kVideo);
    }
    [[nodiscard]] Instant timeOf(std::size_t chunk) const
    {
        return parseChunk(pieces.at(chunk)).value().head.at;
    }

    std::vector<Bytes> pieces;
};

/// Both with the keys and without them the first fault is of this kind at this chunk and time.
void checkFirstFault(const Recorded& recorded, FaultKind kind, std::uint32_t chunk, Instant at)
{
    for (const auto& report : {recorded.video(), recorded.videoWithoutKeys()}) {
        CHECK(report.verdict == Verdict::Changed);
        REQUIRE_FALSE(report.faults.empty());
        CHECK(name(report.faults.front().kind) == name(kind));
        CHECK(report.faults.front().chunk == chunk);
        CHECK(report.faults.front().at == at);
    }
}

bool has(const std::vector<Fault>& faults, FaultKind kind)
{
    return std::any_of(faults.begin(), faults.end(),
                       [kind](const Fault& fault) { return fault.kind == kind; });
}

} // namespace

TEST_CASE("evidence check: a flipped bit is found at its chunk, which alone is lost")
{
    Recorded recorded;
    recorded.pieces[3].at(1000) ^= std::byte{4};
    recorded.rewrite();
    checkFirstFault(recorded, FaultKind::Changed, 3, recorded.timeOf(3));
    CHECK(recorded.video().faultCount == 1);
    CHECK(contentOf(recorded.file(kVideo), recorded.auditor).size() == 5 * kLargestContent);
}

TEST_CASE(
    "evidence check: a flipped bit of a link is found at its chunk, whose content is not lost")
{
    Recorded recorded;
    recorded.pieces[3].back() ^= std::byte{4};
    recorded.rewrite();
    checkFirstFault(recorded, FaultKind::Changed, 3, recorded.timeOf(3));
    CHECK(contentOf(recorded.file(kVideo), recorded.auditor).size() == 6 * kLargestContent);
}

TEST_CASE("evidence check: a changed time of a chunk is found")
{
    Recorded recorded;
    recorded.pieces[3].at(kChunkHead - 1) ^= std::byte{1};
    recorded.rewrite();
    checkFirstFault(recorded, FaultKind::Changed, 3, recorded.timeOf(3));
}

TEST_CASE("evidence check: a changed number of a chunk costs no other chunk")
{
    Recorded recorded;
    recorded.pieces[3].at(7) = std::byte{GENERATE(1U, 4U, 200U)};
    recorded.rewrite();
    const auto report = recorded.video();
    CHECK(report.verdict == Verdict::Changed);
    CHECK(report.faults.front().chunk == 3);
    CHECK(contentOf(recorded.file(kVideo), recorded.auditor).size() == 5 * kLargestContent);
}

TEST_CASE("evidence check: a removed chunk is found at its place")
{
    Recorded recorded;
    const auto before = recorded.timeOf(2);
    recorded.pieces.erase(recorded.pieces.begin() + 3);
    recorded.rewrite();
    checkFirstFault(recorded, FaultKind::Missing, 3, before);
    CHECK(recorded.video().faults.front().detail == "chunk 3 is missing");
    CHECK(contentOf(recorded.file(kVideo), recorded.auditor).size() == 4 * kLargestContent);
}

TEST_CASE("evidence check: a repeated chunk is found and never played twice")
{
    Recorded recorded;
    recorded.pieces.insert(recorded.pieces.begin() + 4, recorded.pieces[2]);
    recorded.rewrite();
    checkFirstFault(recorded, FaultKind::OutOfPlace, 4, recorded.timeOf(3));
    CHECK(recorded.video().faults.front().detail ==
          "where chunk 4 belongs stands chunk 2: moved, repeated or changed");
    CHECK(contentOf(recorded.file(kVideo), recorded.auditor).size() == 6 * kLargestContent);
}

TEST_CASE("evidence check: exchanged chunks are found")
{
    Recorded recorded;
    std::swap(recorded.pieces[3], recorded.pieces[4]);
    recorded.rewrite();
    checkFirstFault(recorded, FaultKind::Missing, 3, recorded.timeOf(2));
    CHECK(has(recorded.video().faults, FaultKind::OutOfPlace));
}

TEST_CASE("evidence check: a tail that was cut off is found, for the manifest knows the length")
{
    Recorded recorded;
    recorded.pieces.resize(5);
    recorded.rewrite();
    checkFirstFault(recorded, FaultKind::Truncated, 5, recorded.timeOf(4));
}

TEST_CASE("evidence check: a chunk that was cut short is found, for the manifest knows the length")
{
    Recorded recorded;
    recorded.pieces.back().pop_back();
    recorded.rewrite();
    CHECK(recorded.videoWithoutKeys().verdict == Verdict::Changed);
}

TEST_CASE("evidence check: bytes behind the last chunk are found")
{
    Recorded recorded;
    recorded.pieces.emplace_back(1);
    recorded.rewrite();
    CHECK(has(recorded.video().faults, FaultKind::Trailing));
    CHECK(has(recorded.videoWithoutKeys().faults, FaultKind::Trailing));
}

TEST_CASE("evidence check: a chunk of another case is found")
{
    Recorded recorded;
    Recorded other;
    recorded.pieces[3] = other.pieces[3];
    recorded.rewrite();
    checkFirstFault(recorded, FaultKind::Changed, 3, recorded.timeOf(3));
}

TEST_CASE("evidence check: the file of another case is found")
{
    Recorded recorded;
    CaseWorld other;
    auto settings = other.settings();
    settings.caseId = "another";
    const auto writer = CaseWriter::open(other.root, std::move(settings), other.clock).value();
    REQUIRE(writer->openTrack(kVideo, "video/x-matroska"));
    REQUIRE(writer->close());
    std::filesystem::copy_file(other.root / "another" / "local-video.track", recorded.file(kVideo),
                               std::filesystem::copy_options::overwrite_existing);
    CHECK(has(recorded.videoWithoutKeys().faults, FaultKind::Foreign));
    CHECK(has(recorded.videoWithoutKeys().faults, FaultKind::Truncated));
}

TEST_CASE("evidence check: the log of another case says nothing about this case's tracks")
{
    Recorded recorded;
    auto settings = recorded.settings();
    settings.caseId = "another";
    const auto other = CaseWriter::open(recorded.root, std::move(settings), recorded.clock).value();
    REQUIRE((*other->openTrack(kVideo, "video/x-matroska"))->write(pattern(10)));
    REQUIRE(other->close());
    std::filesystem::copy_file(recorded.root / "another" / "log.track", recorded.file("log"),
                               std::filesystem::copy_options::overwrite_existing);
    const auto report = recorded.check();
    CHECK(has(reportOf(report, "log").faults, FaultKind::Foreign));
    CHECK(reportOf(report, kVideo).verdict == Verdict::Whole);
}

TEST_CASE("evidence check: a track under another track's name is found")
{
    Recorded recorded;
    std::filesystem::rename(recorded.file("remote-audio"), recorded.file(kVideo));
    const auto report = recorded.checkWithoutKeys();
    CHECK(has(reportOf(report, kVideo).faults, FaultKind::Foreign));
    CHECK(has(reportOf(report, "remote-audio").faults, FaultKind::Absent));
}

TEST_CASE("evidence check: a removed file is found by the manifest")
{
    Recorded recorded;
    std::filesystem::remove(recorded.file(kVideo));
    const auto report = recorded.videoWithoutKeys();
    CHECK(report.verdict == Verdict::Changed);
    CHECK(report.faults.front().detail == "the file is not there, but the manifest has it");
}

TEST_CASE("evidence check: a file that was removed with its entry is found by the log")
{
    Recorded recorded;
    auto manifest = readManifest(recorded.folder()).value();
    std::erase_if(manifest.heads.tracks, [](const auto& head) { return head.track == kVideo; });
    writeFile(recorded.folder() / kManifestFile, asBytes(manifestText(manifest)));
    std::filesystem::remove(recorded.file(kVideo));
    const auto report = checkCase(recorded.folder(), {.key = &recorded.auditor}).value();
    CHECK(reportOf(report, kVideo).faults.front().detail ==
          "the file is not there, but the log has it");
}

TEST_CASE("evidence check: a case rolled back to an earlier moment is found by the server's heads")
{
    CaseWorld world;
    auto writer = world.open();
    const auto earlier = world.root / "earlier";
    std::filesystem::copy(world.folder(), earlier);
    auto* video = writer->openTrack(kVideo, "video/x-matroska").value();
    REQUIRE(video->write(pattern(kLargestContent)));
    REQUIRE(writer->close());
    std::filesystem::remove_all(world.folder());
    std::filesystem::rename(earlier, world.folder());

    CHECK(checkCase(world.folder(), {.key = &world.auditor, .signer = &world.signer})
              .value()
              .verdict() == Verdict::NotClosed);
    const auto report = world.check();
    CHECK(report.verdict() == Verdict::Changed);
    CHECK(has(reportOf(report, kVideo).faults, FaultKind::Absent));
    CHECK(has(reportOf(report, "log").faults, FaultKind::Truncated));
}

TEST_CASE("evidence check: a track that was put into a closed case is found")
{
    Recorded recorded;
    REQUIRE(TrackWriter::create(recorded.folder(),
                                {.caseId = CaseWorld::kCase,
                                 .track = "screen",
                                 .mediaType = "video/x-matroska",
                                 .opened = {},
                                 .wrappedKey = {}},
                                SealingKey::fromPem(recorded.bank.publicPem).value(),
                                recorded.clock));
    CHECK(has(reportOf(recorded.checkWithoutKeys(), "screen").faults, FaultKind::Unlisted));
}

TEST_CASE("evidence check: a track written anew by somebody else is found by the manifest")
{
    Recorded recorded;
    std::filesystem::remove(recorded.file(kVideo));
    const auto forged =
        TrackWriter::create(recorded.folder(),
                            {.caseId = CaseWorld::kCase,
                             .track = kVideo,
                             .mediaType = "video/x-matroska",
                             .opened = {},
                             .wrappedKey = {}},
                            SealingKey::fromPem(recorded.bank.publicPem).value(), recorded.clock);
    REQUIRE((*forged)->write(pattern(6 * kLargestContent)));
    REQUIRE((*forged)->close());
    CHECK(recorded.videoWithoutKeys().verdict == Verdict::Changed);
}

TEST_CASE("evidence check: a chain that was computed anew opens with no key and says so")
{
    Recorded recorded;
    auto manifest = readManifest(recorded.folder()).value();
    recorded.pieces[3].at(1000) ^= std::byte{4};
    auto link = firstLink(recorded.pieces[0]);
    for (std::size_t i = 1; i < recorded.pieces.size(); ++i) {
        auto& piece = recorded.pieces[i];
        link = nextLink(link, ByteView(piece).first(piece.size() - kLink));
        std::copy(link.begin(), link.end(), piece.end() - kLink);
    }
    for (auto& head : manifest.heads.tracks) {
        head.link = head.track == kVideo ? link : head.link;
    }
    recorded.rewrite();
    writeFile(recorded.folder() / kManifestFile, asBytes(manifestText(manifest)));

    CHECK(recorded.videoWithoutKeys().verdict == Verdict::Whole);
    const auto report = checkCase(recorded.folder(), {.key = &recorded.auditor}).value();
    CHECK(reportOf(report, kVideo).faults.front() ==
          Fault{FaultKind::Changed, 3, recorded.timeOf(3),
                "chunk 3 does not open: written anew by somebody without the track's key"});
    const auto signedReport = checkCase(recorded.folder(), {.signer = &recorded.signer}).value();
    CHECK(has(signedReport.faults, FaultKind::Unsigned));
}

TEST_CASE("evidence check: another bank's key is an error, not a verdict about the case")
{
    Recorded recorded;
    const KeyPair other;
    const auto key =
        OpeningKey::fromPem(Secret<std::string>(std::string(other.privatePem))).value();
    const auto refused = checkCase(recorded.folder(), {.key = &key});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Denied);
}

TEST_CASE("evidence check: a track for another bank's eyes among the case's own is found")
{
    CaseWorld world;
    auto settings = world.settings();
    settings.recipient = SealingKey::fromPem(KeyPair().publicPem).value();
    REQUIRE(world.open()->openTrack(kVideo, "video/x-matroska"));
    REQUIRE(CaseWriter::open(world.root, std::move(settings), world.clock).value()->close());
    const auto report = world.check();
    CHECK(reportOf(report, "log").verdict == Verdict::NotClosed);
    CHECK(reportOf(report, "log-2").faults.front().detail ==
          "the key opens other tracks, but not this one");
}

TEST_CASE("evidence check: several chunks out of place in a row cost no chunk behind them")
{
    Recorded recorded;
    const auto content = contentOf(recorded.file(kVideo), recorded.auditor);
    const auto all = recorded.pieces;
    recorded.pieces.insert(recorded.pieces.begin() + 5, {all[1], all[2], all[1]});
    recorded.rewrite();
    checkFirstFault(recorded, FaultKind::OutOfPlace, 5, recorded.timeOf(4));
    CHECK(recorded.video().faultCount == 3);
    CHECK(contentOf(recorded.file(kVideo), recorded.auditor) == content);
}

TEST_CASE("evidence check: a case without a manifest is changed, its tracks are still checked")
{
    Recorded recorded;
    SECTION("gone")
    {
        std::filesystem::remove(recorded.folder() / kManifestFile);
    }
    SECTION("broken")
    {
        writeFile(recorded.folder() / kManifestFile, asBytes("{}"));
    }
    const auto report = checkCase(recorded.folder(), {}).value();
    CHECK(report.verdict() == Verdict::Changed);
    CHECK(report.faults.front().detail.starts_with("manifest.json: "));
    CHECK(reportOf(report, kVideo).verdict == Verdict::Whole);
}

TEST_CASE("evidence check: what is no track's file is said, not read")
{
    Recorded recorded;
    writeFile(recorded.file(kVideo), asBytes(std::string(GENERATE("", "G", "hello, world"))));
    const auto report = recorded.videoWithoutKeys();
    CHECK(report.faults.front().kind == FaultKind::Malformed);
    CHECK(report.faults.front().chunk == 0);
}

TEST_CASE("evidence check: of many faults the first are told and all are counted")
{
    CaseWorld world;
    world.record(40);
    auto pieces = piecesOf(world.file(kVideo));
    for (std::size_t i = 1; i <= 40; ++i) {
        pieces[i].at(100) ^= std::byte{1};
    }
    writeFile(world.file(kVideo), joined(pieces));
    const auto report = reportOf(world.checkWithoutKeys(), kVideo);
    CHECK(report.faults.size() == kMostFaults);
    CHECK(report.faultCount == 40);
}

TEST_CASE("evidence check: a folder that is not there is an error, not a verdict")
{
    const CaseWorld world;
    const auto refused = checkCase(world.folder(), {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::NotFound);
}

TEST_CASE("evidence check: the heads of another case are refused")
{
    Recorded recorded;
    auto foreign = recorded.kept.back();
    foreign.heads.caseId = "another";
    CHECK(checkCase(recorded.folder(), {.kept = {foreign}}).error().code == Errc::Invalid);
}

TEST_CASE("evidence check: a recording that was not closed says until when it goes")
{
    CaseWorld world;
    const auto writer = world.open();
    auto* video = writer->openTrack(kVideo, "video/x-matroska").value();
    REQUIRE(video->write(pattern(2 * kLargestContent)));
    world.clock.advance(5s);
    REQUIRE(video->write(pattern(kLargestContent)));
    REQUIRE(video->flush());
    const auto report = world.check();
    const auto track = reportOf(report, kVideo);
    CHECK(report.verdict() == Verdict::NotClosed);
    CHECK(track.verdict == Verdict::NotClosed);
    CHECK(track.chunks == 3);
    CHECK(track.from == world.clock.now() - 5s);
    CHECK(track.until == world.clock.now());
}

TEST_CASE("evidence check: after kill -9 of the writer every chunk but the unfinished one plays")
{
    CaseWorld world;
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        // Tells after each write how much has been given to the writer.
        const SystemClock clock;
        const auto writer = CaseWriter::open(world.root, world.settings(), clock);
        const auto video = (*writer)->openTrack(kVideo, "video/x-matroska");
        for (std::uint64_t given = 0;;) {
            static_cast<void>((*video)->write(pattern(10'000)));
            static_cast<void>((*writer)->tick());
            given += 10'000;
            if (::write(ends[1], &given, sizeof given) != sizeof given) {
                ::_exit(1);
            }
        }
    }
    ::close(ends[1]);
    std::uint64_t given = 0;
    while (given < 3'000'000) {
        REQUIRE(::read(ends[0], &given, sizeof given) == sizeof given);
    }
    REQUIRE(::kill(child, SIGKILL) == 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    while (::read(ends[0], &given, sizeof given) == sizeof given) {
    }
    ::close(ends[0]);

    const auto report = world.check();
    CHECK(report.verdict() == Verdict::NotClosed);
    CHECK(reportOf(report, kVideo).opened);
    const auto content = contentOf(world.file(kVideo), world.auditor);
    CHECK(content.size() + kLargestContent > given);
    Bytes all;
    const auto block = pattern(10'000);
    while (all.size() < content.size()) {
        all.insert(all.end(), block.begin(), block.end());
    }
    CHECK(content == asText(all).substr(0, content.size()));
}
