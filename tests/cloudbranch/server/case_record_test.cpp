// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/evidence/case_record.h"

#include <fstream>

#include <catch2/catch.hpp>

#include "cloudbranch/server/evidence/case_tar.h"
#include "cloudbranch/server/evidence/evidence_files.h"
#include "tests/cloudbranch/evidence/case_world.h"
#include "tests/cloudbranch/server/full_disk.h"
#include "tests/cloudbranch/server/hub_caller.h"

using namespace guichet;
using namespace guichet::hub;
using namespace guichet::hub::test;
using namespace guichet::test;
using namespace std::chrono_literals;

namespace {

evidence::Heads heads()
{
    const auto opened = fromRfc3339("2026-11-25T09:00:00Z").value();
    return {.caseId = "c",
            .terminal = "k",
            .opened = opened,
            .at = opened + 10s,
            .tracks = {{.track = "log", .mediaType = "text/plain", .chunks = 2, .bytes = 300},
                       {.track = "video", .mediaType = "video/x", .chunks = 5, .bytes = 900}}};
}

/// Heads ten seconds later, changed by `change`.
template <typename Change> evidence::Heads later(Change change)
{
    auto next = heads();
    next.at += 10s;
    change(next);
    return next;
}

} // namespace

TEST_CASE("case record: heads that go on follow")
{
    CHECK(follows(heads(), heads()));
    CHECK(follows(heads(), later([](auto& next) {
                      next.tracks[1].chunks = 7;
                      next.tracks[1].bytes = 1200;
                      next.tracks[1].closed = true;
                      next.tracks.push_back({.track = "video-2", .mediaType = "video/x"});
                      next.closed = true;
                  })));
}

TEST_CASE("case record: heads that take something back do not follow")
{
    const auto back = [](auto change) { return !follows(heads(), later(change)); };
    CHECK(back([](auto& next) { next.at -= 11s; }));
    CHECK(back([](auto& next) { next.opened += 1s; }));
    CHECK(back([](auto& next) { next.tracks.pop_back(); }));
    CHECK(back([](auto& next) { next.tracks[1].chunks = 4; }));
    CHECK(back([](auto& next) { next.tracks[1].bytes = 800; }));
    CHECK(back([](auto& next) { next.tracks[1].link[0] = std::byte{1}; })); // another chain
    CHECK(back([](auto& next) { next.tracks[1].mediaType = "audio/x"; }));
    auto closed = heads();
    closed.closed = true;
    closed.tracks[0].closed = true;
    CHECK_FALSE(follows(closed, heads()));
    auto more = closed;
    more.tracks.push_back({.track = "late", .mediaType = "video/x"});
    CHECK_FALSE(follows(closed, more));
    auto longer = closed;
    longer.tracks[0].chunks = 3;
    longer.tracks[0].bytes = 400;
    CHECK_FALSE(follows(closed, longer));
}

TEST_CASE("case record: a hold of the bank counts beside those of the manifest")
{
    CaseRecord record;
    CHECK_FALSE(record.retention());
    record.manifest.retention = evidence::Retention{"short", 1, Instant(), {{"old", {}, {}}}};
    record.holds.push_back({.id = "new", .reason = "dispute", .placedBy = "anna"});
    CHECK(record.onHold());
    CHECK(record.retention()->holds.size() == 2);
    record.holds.front().released = Instant(1h);
    CHECK_FALSE(record.onHold());
}

TEST_CASE("case tar: any part of it is the part of the whole")
{
    const Folder folder;
    const std::string text(1000, 'x');
    const CaseTar tar({{"case/empty", folder.file("empty", ""), 0},
                       {"case/text", folder.file("text", text + "grown since"), text.size()}},
                      fromRfc3339("2026-11-25T09:00:00Z").value());
    const auto whole = tar.read(0, 100'000).value();
    CHECK(whole.size() == tar.size());
    CHECK(whole.size() % 512 == 0);
    CHECK(whole.substr(1024, text.size()) == text);
    for (std::size_t from = 0; from < whole.size(); from += 97) {
        CHECK(tar.read(from, 300).value() == whole.substr(from, 300));
    }
    CHECK(tar.read(whole.size(), 10).value().empty());
}

TEST_CASE("case tar: a file that has become shorter is an error, not a hole")
{
    const Folder folder;
    const CaseTar tar({{"case/text", folder.file("text", "short"), 500}}, Instant());
    CHECK(tar.read(0, 10'000).error().code == Errc::Busy);
}

TEST_CASE("evidence files: a write that does not fit leaves the file as it was and says so")
{
    const Folder folder;
    const auto files = EvidenceFiles::open(folder.path() / "evidence").value();
    REQUIRE(files.putTrack("c", "log", 0, asBytes("first")));
    {
        const FullDisk full(8);
        const auto refused = files.putTrack("c", "log", 5, asBytes("second"));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().remedy == Remedy::CallStaff);
    }
    CHECK(asText(readFile(files.folder("c") / "log.track")) == "first");
    REQUIRE(files.putTrack("c", "log", 5, asBytes("second")));
    CHECK(asText(readFile(files.folder("c") / "log.track")) == "firstsecond");
}

TEST_CASE("evidence files: a file that lost what was acknowledged takes nothing more")
{
    const Folder folder;
    const auto files = EvidenceFiles::open(folder.path() / "evidence").value();
    REQUIRE(files.putTrack("c", "log", 0, asBytes("first")));
    CHECK(files.putTrack("c", "log", 6, asBytes("second")).error().code == Errc::Busy);
}
