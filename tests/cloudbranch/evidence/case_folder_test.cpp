// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <catch2/catch.hpp>

#include "tests/cloudbranch/evidence/case_world.h"

using namespace guichet;
using namespace guichet::evidence;
using namespace guichet::test;
using namespace std::chrono_literals;

TEST_CASE("disk space: as many minutes as the rule asks for are enough, one second less is not")
{
    const SpaceRule rule{.bytesPerSecond = 100'000, .least = 30min};
    CHECK(enoughSpace(180'000'000, rule));
    const auto refused = enoughSpace(179'999'999, rule);
    REQUIRE_FALSE(refused);
    CHECK(refused.error() ==
          Error{Errc::Busy, Remedy::CallStaff,
                "disk: room for 29 minutes of recording, want 30: make room, or let cases be "
                "uploaded"});
}

TEST_CASE("disk space: no rate is too large to be judged")
{
    constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
    CHECK_FALSE(enoughSpace(kMost, {.bytesPerSecond = kMost, .least = 1min}));
    CHECK(enoughSpace(0, {.bytesPerSecond = 0, .least = 1min}));
    CHECK(enoughSpace(0, {.bytesPerSecond = kMost, .least = 0min}));
}

TEST_CASE("case folder: a case is deleted whole once its retention allows it")
{
    CaseWorld world;
    world.record();
    REQUIRE(setRetention(world.folder(), {.name = "sale", .months = 1, .from = world.clock.now()}));

    const auto early = deleteCase(world.root, CaseWorld::kCase, world.clock.now());
    REQUIRE_FALSE(early);
    CHECK(early.error().code == Errc::Denied);
    CHECK_THAT(early.error().detail, Catch::Contains("class sale keeps it until"));
    CHECK(world.check().verdict() == Verdict::Whole);

    CHECK(deleteCase(world.root, CaseWorld::kCase, world.clock.now() + std::chrono::days(40)));
    CHECK(std::filesystem::is_empty(world.root));
}

TEST_CASE("case folder: retention can change without a mark on the evidence")
{
    CaseWorld world;
    world.record();
    REQUIRE(setRetention(world.folder(), {.name = "sale",
                                          .months = 1,
                                          .from = world.clock.now(),
                                          .holds = {{"d-1", world.clock.now()}}}));
    CHECK(world.check().verdict() == Verdict::Whole);
    CHECK(deleteCase(world.root, CaseWorld::kCase, world.clock.now() + std::chrono::days(4000))
              .error()
              .code == Errc::Denied);
}

TEST_CASE("case folder: a retention that could not be read back is not written")
{
    CaseWorld world;
    world.record();
    const auto before = readManifest(world.folder());
    CHECK(setRetention(world.folder(), {.name = "sale", .months = -1}).error().code ==
          Errc::Invalid);
    CHECK(readManifest(world.folder()) == before);
}

TEST_CASE("case folder: a case whose manifest cannot be read is not deleted")
{
    CaseWorld world;
    world.record();
    writeFile(world.folder() / kManifestFile, asBytes("{}"));
    CHECK_FALSE(deleteCase(world.root, CaseWorld::kCase, world.clock.now() + 1000h));
    CHECK(std::filesystem::exists(world.file("log")));
}

TEST_CASE("case folder: a name that leads elsewhere removes nothing")
{
    CaseWorld world;
    world.record();
    const std::string name = GENERATE("", ".", "..", "../x", "other");
    CHECK(removeCase(world.root, name).error().code == Errc::NotFound);
    CHECK(deleteCase(world.root, name, world.clock.now()).error().code == Errc::NotFound);
    CHECK(world.check().verdict() == Verdict::Whole);
}

TEST_CASE("case folder: a removal that was interrupted left nothing visible and is finished later")
{
    CaseWorld world;
    world.record();
    // Where the power went between the two steps of removeCase().
    std::filesystem::rename(world.folder(), world.root / ".removed-half");
    CHECK(removeCase(world.root, CaseWorld::kCase).error().code == Errc::NotFound);
    CHECK(checkCase(world.folder(), {}).error().code == Errc::NotFound);
    finishRemovals(world.root);
    CHECK(std::filesystem::is_empty(world.root));
}

TEST_CASE("case folder: finishing removals leaves cases alone")
{
    CaseWorld world;
    world.record();
    finishRemovals(world.root);
    CHECK(world.check().verdict() == Verdict::Whole);
}
