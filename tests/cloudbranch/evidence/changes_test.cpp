// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "tests/cloudbranch/evidence/case_world.h"

using namespace guichet;
using namespace guichet::evidence;
using namespace guichet::test;

namespace {

/// One closed case whose files are put back after each trial.
struct Trial {
    Trial() { world.record(4, 2); }

    CaseWorld world;
    const std::vector<std::string> tracks{"attachments", "local-video", "log", "remote-audio"};
};

/// Any one change to one file that leaves it another file.
Bytes anyChange(const Bytes& file)
{
    auto changed = file;
    const auto at = [&changed](std::size_t extra) {
        return changed.begin() + static_cast<std::ptrdiff_t>(
                                     *rc::gen::inRange<std::size_t>(0, changed.size() + extra));
    };
    switch (*rc::gen::inRange(0, 5)) {
    case 0: // bits of one byte
        *at(0) ^= static_cast<std::byte>(*rc::gen::inRange(1, 256));
        break;
    case 1: // bytes are gone
    {
        const auto from = at(0);
        const auto most = changed.end() - from;
        changed.erase(from, from + *rc::gen::inRange<std::ptrdiff_t>(1, most + 1));
        break;
    }
    case 2: // bytes are new
    {
        const auto more = *rc::gen::nonEmpty(
            rc::gen::container<std::vector<std::uint8_t>>(rc::gen::arbitrary<std::uint8_t>()));
        const auto bytes = std::as_bytes(std::span(more));
        changed.insert(at(1), bytes.begin(), bytes.end());
        break;
    }
    case 3: // the tail is gone
        changed.erase(at(0), changed.end());
        break;
    default: // a range is there twice
    {
        const auto from = *rc::gen::inRange<std::size_t>(0, changed.size());
        const auto count = *rc::gen::inRange<std::size_t>(1, changed.size() - from + 1);
        changed.insert(at(1), file.begin() + static_cast<std::ptrdiff_t>(from),
                       file.begin() + static_cast<std::ptrdiff_t>(from + count));
    }
    }
    RC_PRE(changed != file);
    return changed;
}

std::vector<Bytes> anyOtherOrder(std::vector<Bytes> pieces)
{
    const auto chunk = [&pieces] { return *rc::gen::inRange<std::size_t>(1, pieces.size()); };
    const auto before = pieces;
    switch (*rc::gen::inRange(0, 3)) {
    case 0: // gone
        pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(chunk()));
        break;
    case 1: // twice
        pieces.insert(pieces.begin() + static_cast<std::ptrdiff_t>(chunk()), before[chunk()]);
        break;
    default: // exchanged
        std::swap(pieces[chunk()], pieces[chunk()]);
    }
    RC_PRE(pieces != before);
    return pieces;
}

void changedIsFound(const Trial& trial, const std::string& track, const Bytes& original,
                    const Bytes& changed)
{
    const auto file = trial.world.file(track);
    writeFile(file, changed);
    const auto withKeys = trial.world.check();
    const auto without = trial.world.checkWithoutKeys();
    writeFile(file, original);
    for (const auto& report : {withKeys, without}) {
        RC_ASSERT(report.verdict() == Verdict::Changed);
        RC_ASSERT(reportOf(report, track).verdict == Verdict::Changed);
        for (const auto& other : report.tracks) {
            RC_ASSERT(other.track == track || other.verdict == Verdict::Whole);
        }
    }
}

/// The chunks that play, by number, in the order in which they do.
std::vector<std::pair<std::uint32_t, std::string>> played(const Trial& trial,
                                                          const std::string& track)
{
    std::vector<std::pair<std::uint32_t, std::string>> chunks;
    const auto source = openSource(trial.world.file(track)).value();
    const auto report = checkTrack(source, {.key = &trial.world.auditor,
                                            .onContent = [&](const ChunkHead& head, ByteView part) {
                                                chunks.emplace_back(head.number, asText(part));
                                                return Result<void>();
                                            }});
    RC_ASSERT(report.has_value());
    return chunks;
}

} // namespace

TEST_CASE("evidence check: any one change to any track's file is found, and at no other track")
{
    const Trial trial;
    CHECK(rc::check([&trial] {
        const auto track = *rc::gen::elementOf(trial.tracks);
        const auto original = readFile(trial.world.file(track));
        changedIsFound(trial, track, original, anyChange(original));
    }));
}

TEST_CASE("evidence check: any chunk gone, repeated or exchanged is found, and at no other track")
{
    const Trial trial;
    CHECK(rc::check([&trial] {
        const auto track = *rc::gen::elementOf(trial.tracks);
        const auto pieces = piecesOf(trial.world.file(track));
        changedIsFound(trial, track, joined(pieces), joined(anyOtherOrder(pieces)));
    }));
}

TEST_CASE(
    "evidence check: whatever was done to a track, what plays was recorded, in its order, once")
{
    const Trial trial;
    CHECK(rc::check([&trial] {
        const auto track = *rc::gen::elementOf(trial.tracks);
        const auto pieces = piecesOf(trial.world.file(track));
        const auto original = joined(pieces);
        const auto all = played(trial, track);
        auto changed = pieces;
        for (int times = *rc::gen::inRange(1, 4); times > 0 && changed.size() > 1; --times) {
            changed = anyOtherOrder(changed);
        }
        const auto bytes = joined(changed);
        writeFile(trial.world.file(track), *rc::gen::arbitrary<bool>() ? anyChange(bytes) : bytes);
        const auto some = played(trial, track);
        writeFile(trial.world.file(track), original);
        RC_ASSERT(std::includes(all.begin(), all.end(), some.begin(), some.end()));
    }));
}

TEST_CASE("evidence check: any change to the manifest is found, or changes nothing that it says")
{
    const Trial trial;
    const auto file = trial.world.folder() / kManifestFile;
    const auto original = readFile(file);
    const auto heads = readManifest(trial.world.folder()).value().heads;
    CHECK(rc::check([&] {
        writeFile(file, anyChange(original));
        const auto report = checkCase(trial.world.folder(), {.signer = &trial.world.signer});
        writeFile(file, original);
        RC_ASSERT(report.has_value());
        RC_ASSERT(report->verdict() == Verdict::Changed ||
                  (report->manifest && report->manifest->heads == heads));
    }));
}
