// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "cloudbranch/evidence/upload.h"
#include "cloudbranch/server/evidence/evidence_api.h"
#include "queue/api/api.h"
#include "tests/cloudbranch/evidence/case_world.h"
#include "tests/cloudbranch/server/outlet_world.h"
#include "tests/support/shell.h"

using namespace guichet;
using namespace guichet::hub::test;
using namespace guichet::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kCase = CaseWorld::kCase;
const std::string kPath = std::string("/v1/cases/") + kCase;
constexpr auto kOther = "other-kiosk";

/// A second terminal beside the demo's own.
std::string twoTerminals()
{
    return "[branch]\nid = \"demo\"\n[terminals]\nnames = [\"other\"]\nother = \"" +
           queue::api::tokenHash(kOther) + "\"\n";
}

/// A case that a terminal has recorded, and the hub that is to have it.
struct Upload {
    HubCaller hub;
    CaseWorld world;
    std::vector<std::string> manifests;

    explicit Upload(const std::string& config = {}, int chunks = 4,
                    std::optional<evidence::Retention> retention = {})
        : hub(config)
    {
        record(chunks, std::move(retention));
    }

    void record(int chunks, std::optional<evidence::Retention> retention)
    {
        auto settings = world.settings();
        settings.terminal = "demo-kiosk";
        settings.retention = std::move(retention);
        settings.onHeads = [this](const std::string& text) { manifests.push_back(text); };
        const auto writer = evidence::CaseWriter::open(world.root, settings, world.clock).value();
        auto* video = writer->openTrack("local-video", "video/x-matroska").value();
        REQUIRE(writer->log(R"({"event":"consent","text":"wealth-3"})"));
        for (int i = 0; i < chunks; ++i) {
            auto picture = pattern(evidence::kLargestContent);
            picture.front() = static_cast<std::byte>(i);
            REQUIRE(video->write(picture));
            world.clock.advance(11s);
            REQUIRE(writer->tick());
        }
        REQUIRE(writer->close());
    }

    net::Response putHeads(const std::string& text, const std::string& bearer = "demo-kiosk",
                           const std::string& path = kPath)
    {
        net::Request request{.method = "PUT", .path = path + "/heads", .body = text};
        request.headers.set("Authorization", "Bearer " + bearer);
        return hub.send(std::move(request));
    }
    net::Response putPart(const std::string& track, std::uint64_t from, ByteView bytes,
                          const std::string& bearer = "demo-kiosk")
    {
        net::Request request{.method = "PUT",
                             .path = kPath + "/tracks/" + track,
                             .query = {{"from", std::to_string(from)}},
                             .body = std::string(asText(bytes))};
        request.headers.set("Authorization", "Bearer " + bearer);
        request.headers.set("Content-Type", "application/octet-stream");
        return hub.send(std::move(request));
    }
    json complete()
    {
        const auto answer = hub.post(kPath + "/complete", hub.terminal, json::object());
        REQUIRE(answer.status == 200);
        return parsed(answer);
    }
    /// All heads, and all bytes as the terminal's own bookkeeping sends them.
    void send(std::uint64_t most = 100'000)
    {
        for (const auto& manifest : manifests) {
            REQUIRE(putHeads(manifest).status == 204);
        }
        evidence::Upload upload;
        for (const auto& track : evidence::tracksIn(world.folder())) {
            REQUIRE(evidence::checkTrack(
                evidence::openSource(world.file(track)).value(),
                {.onPosition = [&](const evidence::TrackHead& head) { upload.extend(head); }}));
        }
        upload.end();
        while (const auto part = upload.next(most)) {
            const auto file = readFile(world.file(part->track));
            const auto answer = putPart(part->track, part->from,
                                        ByteView(file).subspan(part->from, part->to - part->from));
            REQUIRE(answer.status == 200);
            const auto stored = parsed(answer);
            REQUIRE(upload.acknowledge(part->track, stored.at("bytes"), linkIn(stored)));
        }
        REQUIRE(upload.mayRemove());
    }
    static evidence::Link linkIn(const json& stored)
    {
        const auto bytes = fromHex(stored.at("link").get<std::string>()).value();
        evidence::Link link{};
        REQUIRE(bytes.size() == link.size());
        std::ranges::copy(bytes, link.begin());
        return link;
    }
    json look(const std::string& bearer) { return parsed(hub.get(kPath, bearer)); }
    /// Who did that to the case, as the log has it.
    std::vector<std::string> whoDid(const std::string& type)
    {
        std::vector<std::string> names;
        const auto seen = look(hub.supervisor);
        for (const auto& event : seen.at("events")) {
            if (event.at("type") == type) {
                names.push_back(event.at("who"));
            }
        }
        return names;
    }
    std::filesystem::path stored(const std::string& name) const
    {
        return hub.folder.path() / "data" / "evidence" / "cases" / kCase / name;
    }
};

} // namespace

TEST_CASE("evidence: a case comes in parts, and is complete once all of it is here and whole")
{
    Upload upload;
    upload.send();
    const auto answer = upload.complete();
    CHECK(answer.at("complete") == true);
    CHECK(answer.at("report").at("verdict") == "whole");
    CHECK(answer.at("report").at("checked").at("serverHeads") == upload.manifests.size());
    for (const char* track : {"local-video", "log"}) {
        CHECK(readFile(upload.stored(std::string(track) + ".track")) ==
              readFile(upload.world.file(track)));
    }
    CHECK(upload.complete() == answer); // the answer was lost

    SECTION("nothing can be added any more")
    {
        auto heads = evidence::parseManifest(upload.manifests.back()).value();
        heads.heads.at += 1h;
        CHECK(codeOf(upload.putHeads(evidence::manifestText(heads))) == "case-conflict");
        const auto bytes = readFile(upload.world.file("log"));
        CHECK(codeOf(upload.putPart("log", bytes.size(), bytes)) == "case-conflict");
    }
}

TEST_CASE("evidence: a part that does not go on where the hub stands is told where that is")
{
    Upload upload;
    REQUIRE(upload.putHeads(upload.manifests.back()).status == 204);
    const auto pieces = piecesOf(upload.world.file("local-video"));
    const auto first = joined({pieces.at(0), pieces.at(1)});
    const auto stored = parsed(upload.putPart("local-video", 0, first));
    CHECK(stored.at("bytes") == first.size());
    for (const std::uint64_t from : {std::uint64_t{0}, first.size() - 1, first.size() + 1}) {
        const auto refused = upload.putPart("local-video", from, pieces.at(2));
        CHECK(refused.status == 409);
        CHECK(parsed(refused).at("has") == stored);
    }
    const auto tracks = parsed(upload.hub.get(kPath + "/tracks", upload.hub.terminal));
    CHECK(tracks.at("tracks") == json::array({stored}));
    CHECK(readFile(upload.stored("local-video.track")) == first);
    CHECK(parsed(upload.putPart("log", 1, first)).at("has").at("bytes") == 0);
    CHECK(upload.putPart("local-video", first.size(), pieces.at(2)).status == 200);
}

TEST_CASE("evidence: what is no part of that track is refused")
{
    Upload upload;
    REQUIRE(upload.putHeads(upload.manifests.back()).status == 204);
    const auto video = readFile(upload.world.file("local-video"));
    CHECK(codeOf(upload.putPart("log", 0, video)) == "evidence-invalid"); // another track's
    CHECK(codeOf(upload.putPart("local-video", 0, ByteView(video).first(10))) ==
          "evidence-invalid");
    CHECK(codeOf(upload.putPart("Local_Video", 0, video)) == "evidence-invalid");
    CHECK(codeOf(upload.putPart("local-video", 0, {})) == "evidence-invalid");
    net::Request text{.method = "PUT",
                      .path = kPath + "/tracks/local-video",
                      .query = {{"from", "x"}},
                      .body = std::string(asText(video))};
    text.headers.set("Authorization", "Bearer demo-kiosk");
    CHECK(codeOf(upload.hub.send(text)) == "not-bytes");
    text.headers.set("Content-Type", "application/octet-stream");
    CHECK(fieldOf(upload.hub.send(text)) == "from");
    CHECK(parsed(upload.hub.get(kPath + "/tracks", upload.hub.terminal)).at("tracks").empty());
}

TEST_CASE("evidence: a case of which something is missing or changed is not complete")
{
    Upload upload;
    SECTION("a track that has not come")
    {
        REQUIRE(upload.putHeads(upload.manifests.back()).status == 204);
        const auto log = readFile(upload.world.file("log"));
        REQUIRE(upload.putPart("log", 0, log).status == 200);
        const auto answer = upload.complete();
        CHECK(answer.at("complete") == false);
        CHECK(answer.at("report").at("verdict") == "changed");
        upload.manifests.clear();
        const auto video = readFile(upload.world.file("local-video"));
        REQUIRE(upload.putPart("local-video", 0, video).status == 200);
        CHECK(upload.complete().at("complete") == true);
    }
    SECTION("a byte that is another one")
    {
        auto pieces = piecesOf(upload.world.file("local-video"));
        pieces.at(2).at(100) ^= std::byte{1};
        writeFile(upload.world.file("local-video"), joined(pieces));
        for (const auto& manifest : upload.manifests) {
            REQUIRE(upload.putHeads(manifest).status == 204);
        }
        for (const char* track : {"log", "local-video"}) {
            REQUIRE(upload.putPart(track, 0, readFile(upload.world.file(track))).status == 200);
        }
        const auto answer = upload.complete();
        CHECK(answer.at("complete") == false);
        CHECK(answer.at("report").at("tracks").at(0).at("faults").at(0).at("chunk") == 2);
    }
}

TEST_CASE("evidence: heads stay in the order in which they came; one that takes something back is "
          "refused")
{
    Upload upload;
    REQUIRE(upload.manifests.size() > 2);
    for (const auto& manifest : upload.manifests) {
        REQUIRE(upload.putHeads(manifest).status == 204);
    }
    CHECK(upload.putHeads(upload.manifests.back()).status == 204); // said twice, kept once
    CHECK(codeOf(upload.putHeads(upload.manifests.front())) == "case-conflict");
    auto shorter = evidence::parseManifest(upload.manifests.back()).value();
    shorter.heads.at += 1s;
    shorter.heads.tracks.pop_back();
    CHECK(codeOf(upload.putHeads(evidence::manifestText(shorter))) == "case-conflict");
    CHECK(codeOf(upload.putHeads("{}")) == "evidence-invalid");
    CHECK(codeOf(upload.putHeads(upload.manifests.back(), "demo-kiosk", "/v1/cases/another")) ==
          "evidence-invalid");

    std::ifstream file(upload.hub.folder.path() / "data" / "evidence" / "heads" /
                       (std::string(kCase) + ".ndjson"));
    const std::string kept{std::istreambuf_iterator<char>(file), {}};
    std::string all;
    for (const auto& manifest : upload.manifests) {
        all += manifest;
    }
    CHECK(kept == all);
    CHECK(upload.whoDid("refused.heads") ==
          std::vector<std::string>{"terminal:demo-kiosk", "terminal:demo-kiosk"});
}

TEST_CASE(
    "evidence: nobody but the terminal whose case it is uploads, and who tries is written down")
{
    Upload upload(twoTerminals());
    REQUIRE(upload.putHeads(upload.manifests.front()).status == 204);
    auto theirs = evidence::parseManifest(upload.manifests.front()).value();
    theirs.heads.terminal = "other";
    CHECK(codeOf(upload.putHeads(evidence::manifestText(theirs), kOther)) == "unknown-case");
    const auto log = readFile(upload.world.file("log"));
    CHECK(codeOf(upload.putPart("log", 0, log, kOther)) == "unknown-case");
    CHECK(codeOf(upload.hub.get(kPath + "/tracks", kOther)) == "unknown-case");
    CHECK(codeOf(upload.hub.post(kPath + "/complete", kOther, json::object())) == "unknown-case");
    CHECK(upload.whoDid("refused.foreign-case") == std::vector<std::string>(4, "terminal:other"));
    CHECK(upload.putPart("log", 0, log, upload.hub.teller).status == 403);
    CHECK(upload.putPart("log", 0, log, "nobody").status == 401);
    CHECK(upload.hub.get(kPath, upload.hub.terminal).status == 403);
    CHECK(upload.whoDid("refused.role") ==
          std::vector<std::string>{"terminal:demo-kiosk", "teller"});
}

TEST_CASE("evidence: the case of another terminal's customer is not begun")
{
    Upload upload(twoTerminals());
    REQUIRE(upload.hub.create("/v1/assists", kOther, {{"case", kCase}}).status == 201);
    CHECK(codeOf(upload.putHeads(upload.manifests.front())) == "unknown-case");
}

TEST_CASE("evidence: a full disk says so and changes nothing")
{
    Upload upload("[branch]\nid = \"demo\"\n[evidence]\nkeep_free_mib = 16777216\n");
    const auto refused = upload.putHeads(upload.manifests.front());
    CHECK(refused.status == 507);
    CHECK(codeOf(refused) == "disk-full");
    CHECK(codeOf(upload.hub.get(kPath, upload.hub.supervisor)) == "unknown-case");
}

TEST_CASE("evidence: what was acknowledged outlives the hub, what was not makes no difference")
{
    Upload upload;
    const auto pieces = piecesOf(upload.world.file("local-video"));
    const auto first = joined({pieces.at(0), pieces.at(1)});
    REQUIRE(upload.putHeads(upload.manifests.front()).status == 204);
    REQUIRE(upload.putPart("local-video", 0, first).status == 200);
    for (const auto& file :
         {upload.stored("local-video.track"), upload.hub.folder.path() / "data" / "evidence" /
                                                  "heads" / (std::string(kCase) + ".ndjson")}) {
        std::ofstream(file, std::ios::app | std::ios::binary) << "half of a write";
    }
    upload.hub.restart();
    const auto tracks = parsed(upload.hub.get(kPath + "/tracks", upload.hub.terminal));
    CHECK(tracks.at("tracks").at(0).at("bytes") == first.size());
    upload.manifests.erase(upload.manifests.begin());
    for (const auto& manifest : upload.manifests) {
        REQUIRE(upload.putHeads(manifest).status == 204);
    }
    const auto file = readFile(upload.world.file("local-video"));
    REQUIRE(
        upload.putPart("local-video", first.size(), ByteView(file).subspan(first.size())).status ==
        200);
    REQUIRE(upload.putPart("log", 0, readFile(upload.world.file("log"))).status == 200);
    std::ofstream(upload.stored("log.track"), std::ios::app | std::ios::binary) << "another half";
    CHECK(upload.complete().at("complete") == true);
    CHECK(readFile(upload.stored("log.track")) == readFile(upload.world.file("log")));
}

TEST_CASE("evidence: a case that was not closed can be complete, and says that it was not closed")
{
    Upload upload;
    upload.manifests.pop_back();
    const auto pieces = piecesOf(upload.world.file("local-video"));
    const auto last = evidence::parseManifest(upload.manifests.back()).value();
    for (const auto& manifest : upload.manifests) {
        REQUIRE(upload.putHeads(manifest).status == 204);
    }
    for (const auto& head : last.heads.tracks) { // what was on the disk at the last heads
        const auto file = readFile(upload.world.file(head.track));
        REQUIRE(upload.putPart(head.track, 0, ByteView(file).first(head.bytes)).status == 200);
    }
    const auto answer = upload.complete();
    CHECK(answer.at("complete") == true);
    CHECK(answer.at("report").at("verdict") == "notClosed");
}

TEST_CASE("evidence: an auditor sees the cases and one case, and each look is written down")
{
    Upload upload(
        {}, 2,
        evidence::Retention{"wealth-sale",
                            12,
                            Instant(std::chrono::sys_days(std::chrono::year(2026) / 11 / 25)),
                            {}});
    upload.send();
    REQUIRE(upload.complete().at("complete") == true);
    const auto auditor = upload.hub.login("auditor");
    const auto listed = parsed(upload.hub.get("/v1/cases", auditor));
    REQUIRE(listed.at("cases").size() == 1);
    const auto& one = listed.at("cases").at(0);
    CHECK(one.at("case") == kCase);
    CHECK(one.at("terminal") == "demo-kiosk");
    CHECK(one.at("verdict") == "whole");
    CHECK(one.at("retention").at("class") == "wealth-sale");
    CHECK(one.at("retention").at("until") == "2027-11-25T00:00:00.000Z");
    CHECK(one.at("hold") == false);
    CHECK(listed.at("next") == nullptr);

    const auto look = upload.look(auditor);
    CHECK(look.at("closed") == true);
    CHECK(look.at("tracks").size() == 2);
    for (const auto& track : look.at("tracks")) {
        CHECK(track.at("verdict") == "whole");
        CHECK(track.at("bytes") == track.at("promised"));
    }
    CHECK(upload.whoDid("looked.case") == std::vector<std::string>{"supervisor", "auditor"});
    const auto checked = upload.hub.post(kPath + "/check", auditor, json::object());
    CHECK(parsed(checked).at("report").at("verdict") == "whole");
    CHECK(upload.whoDid("case.checked") == std::vector<std::string>{"auditor"});
    for (const auto& bearer : {upload.hub.teller, upload.hub.login("agent"), std::string("x")}) {
        CHECK(upload.hub.get("/v1/cases", bearer).status >= 401);
        CHECK(upload.hub.get(kPath + "/folder.tar", bearer).status >= 401);
    }
}

TEST_CASE("evidence: the hub finds what somebody changes on its own disk afterwards")
{
    Upload upload;
    upload.send();
    REQUIRE(upload.complete().at("complete") == true);
    auto bytes = readFile(upload.stored("local-video.track"));
    bytes.at(bytes.size() / 2) ^= std::byte{1};
    writeFile(upload.stored("local-video.track"), bytes);
    const auto checked = upload.hub.post(kPath + "/check", upload.hub.supervisor, json::object());
    CHECK(parsed(checked).at("report").at("verdict") == "changed");
    CHECK(upload.look(upload.hub.supervisor).at("verdict") == "changed");
}

TEST_CASE("evidence: the folder comes as a tar in parts, and is the terminal's byte by byte")
{
    Upload upload({}, 80); // more than one part
    upload.send(4'000'000);
    REQUIRE(upload.complete().at("complete") == true);
    const auto auditor = upload.hub.login("auditor");
    const auto tooLarge = upload.hub.get(kPath + "/folder.tar", auditor);
    CHECK(tooLarge.status == 416);
    const auto size = std::stoull(std::string(tooLarge.header("Content-Range")).substr(8));
    std::string tar;
    std::string tag;
    while (tar.size() < size) {
        net::Headers headers{{"Range", "bytes=" + std::to_string(tar.size()) + "-"}};
        if (!tag.empty()) {
            headers.set("If-Match", tag);
        }
        const auto part = upload.hub.get(kPath + "/folder.tar", auditor, headers);
        REQUIRE(part.status == 206);
        tag = part.header("ETag");
        tar += part.body;
    }
    // Once for what was refused, whose size was told, and once for all the parts.
    CHECK(upload.whoDid("looked.folder") == std::vector<std::string>(2, "auditor"));
    CHECK(
        upload.hub
            .get(kPath + "/folder.tar", auditor, {{"Range", "bytes=0-"}, {"If-Match", "\"other\""}})
            .status == 412);
    CHECK(
        upload.hub
            .get(kPath + "/folder.tar", auditor, {{"Range", "bytes=" + std::to_string(size) + "-"}})
            .status == 416);

    const Folder folder;
    const auto file = folder.file("case.tar", tar);
    const auto unpacked =
        guichet::test::run("tar -C " + folder.path().string() + " -xf " + file.string());
    CHECK(unpacked.output.empty());
    REQUIRE(unpacked.status == 0);
    for (const char* name : {"local-video.track", "log.track", "manifest.json"}) {
        CHECK(readFile(folder.path() / kCase / name) == readFile(upload.world.folder() / name));
    }
    std::vector<evidence::Manifest> kept;
    std::ifstream heads(folder.path() / (std::string(kCase) + ".heads.ndjson"));
    for (std::string line; std::getline(heads, line);) {
        kept.push_back(evidence::parseManifest(line).value());
    }
    CHECK(kept.size() == upload.manifests.size());
    const auto report = evidence::checkCase(
        folder.path() / kCase,
        {.key = &upload.world.auditor, .signer = &upload.world.signer, .kept = std::move(kept)});
    REQUIRE(report);
    CHECK(report->verdict() == evidence::Verdict::Whole);
}

TEST_CASE("evidence: a supervisor holds a case and releases it; nobody else does")
{
    Upload upload;
    REQUIRE(upload.putHeads(upload.manifests.back()).status == 204);
    const json reason{{"reason", "dispute 2026-117"}};
    const net::Headers key{{"Idempotency-Key", "one-press-of-hold-0001"}};
    const auto auditor = upload.hub.login("auditor");
    CHECK(upload.hub.post(kPath + "/holds", auditor, reason, key).status == 403);
    CHECK(upload.hub.post(kPath + "/holds", upload.hub.supervisor, reason).status == 400);
    const auto placed = upload.hub.post(kPath + "/holds", upload.hub.supervisor, reason, key);
    REQUIRE(placed.status == 201);
    const auto holds = parsed(placed).at("holds");
    REQUIRE(holds.size() == 1);
    CHECK(holds.at(0).at("placedBy") == "supervisor");
    const auto again = upload.hub.post(kPath + "/holds", upload.hub.supervisor, reason, key);
    CHECK(parsed(again).at("holds").size() == 1);
    CHECK(upload.look(auditor).at("hold") == true);

    net::Request release{.method = "DELETE",
                         .path = kPath + "/holds/" + holds.at(0).at("id").get<std::string>()};
    release.headers.set("Authorization", "Bearer " + auditor);
    CHECK(upload.hub.send(release).status == 403);
    release.headers.set("Authorization", "Bearer " + upload.hub.supervisor);
    CHECK(parsed(upload.hub.send(release)).at("holds").at(0).at("releasedBy") == "supervisor");
    CHECK(upload.look(auditor).at("hold") == false);
    CHECK(upload.whoDid("hold.released") == std::vector<std::string>{"supervisor"});
    release.path = kPath + "/holds/no-such-hold";
    CHECK(codeOf(upload.hub.send(release)) == "unknown-case");
}

TEST_CASE("evidence: an enrolled terminal vouches with the key of its certificate")
{
    OutletWorld outlet;
    const auto identity = outlet.enrol("kiosk-7");
    CaseWorld world; // its own key is another one
    const auto send = [&](const std::string& manifest) {
        return outlet.send(tlsOf(identity),
                           {.method = "PUT", .path = kPath + "/heads", .body = manifest});
    };
    const auto record = [&](const std::string& key) {
        std::string last;
        auto settings = world.settings();
        settings.signer =
            evidence::SigningKey::fromPem(Secret<std::string>(std::string(key))).value();
        settings.onHeads = [&last](const std::string& text) { last = text; };
        const auto writer = evidence::CaseWriter::open(world.root, settings, world.clock).value();
        REQUIRE(writer->openTrack("local-audio", "audio/x-matroska"));
        return last;
    };
    const std::string key(asText(readFile(identity.file)));
    const auto foreign = record(world.terminal.privatePem);
    CHECK(codeOf(send(foreign)) == "evidence-invalid");
    CHECK(send(record(key)).status == 204);
    const auto token = outlet.supervisor();
    net::Request look{.path = kPath};
    look.headers.set("Authorization", "Bearer " + token);
    std::set<std::string> types;
    const auto seen = parsed(outlet.send(outlet.browser(), look));
    for (const auto& event : seen.at("events")) {
        types.insert(event.at("type").get<std::string>());
    }
    CHECK(types.contains("refused.signature"));
    CHECK(types.contains("case.begun"));
}

namespace {

/// The store alone, whose clock a test moves.
struct Kept {
    Folder folder;
    ManualClock clock{fromRfc3339("2026-11-25T09:00:00+08:00").value()};
    std::unique_ptr<queue::storage::Store> store =
        queue::storage::Store::open({folder.path(), queue::domain::demoBranch(), &clock}).value();
    std::unique_ptr<hub::EvidenceStore> evidence =
        hub::EvidenceStore::open({*store, clock, "demo", folder.path() / "evidence", {}}).value();

    void put(const std::string& id, std::optional<evidence::Retention> retention)
    {
        const evidence::Manifest manifest{.heads = {.caseId = id,
                                                    .terminal = "k1",
                                                    .opened = clock.now(),
                                                    .at = clock.now(),
                                                    .tracks = {}},
                                          .signature = {},
                                          .retention = std::move(retention)};
        REQUIRE(evidence->putHeads(id, "k1", evidence::manifestText(manifest)));
        std::filesystem::create_directories(evidence->files().folder(id));
    }
    bool has(const std::string& id) const
    {
        return std::filesystem::exists(evidence->files().folder(id));
    }
};

} // namespace

TEST_CASE("evidence: once a day what its class allows goes, and what is held or has no date stays")
{
    Kept kept;
    const auto today = kept.clock.now();
    kept.put("due", evidence::Retention{"short", 1, today, {}});
    kept.put("held", evidence::Retention{"short", 1, today, {}});
    kept.put("running", evidence::Retention{"short", 1, {}, {}});
    kept.put("no-class", {});
    REQUIRE(kept.evidence->placeHold("held", "hold-1", "dispute", "anna"));
    kept.evidence->tidy();
    CHECK(kept.has("due"));
    kept.clock.advance(24h * 40);
    kept.evidence->tidy();
    CHECK_FALSE(kept.has("due"));
    CHECK(std::filesystem::exists(kept.evidence->files().headsFile("due")));
    CHECK(kept.has("held"));
    CHECK(kept.has("running"));
    CHECK(kept.has("no-class"));
    const auto gone = kept.evidence->look("due", "anna").value();
    CHECK(gone.record.removed == kept.clock.now());
    REQUIRE(gone.events.size() > 1); // the newest is this look
    CHECK(gone.events[1].type == "case.removed");
    CHECK(gone.events[1].who == "hub");

    REQUIRE(kept.evidence->releaseHold("held", "hold-1", "anna"));
    kept.evidence->tidy();
    CHECK(kept.has("held")); // tomorrow
    kept.clock.advance(24h);
    kept.evidence->tidy();
    CHECK_FALSE(kept.has("held"));
}

TEST_CASE("evidence: a case that is gone cannot be held, fetched or begun again")
{
    Kept kept;
    const auto today = kept.clock.now();
    kept.put("due", evidence::Retention{"short", 1, today, {}});
    kept.clock.advance(24h * 40);
    kept.evidence->tidy();
    CHECK(kept.evidence->placeHold("due", "hold-1", "late", "anna").error().code == Errc::Conflict);
    CHECK(kept.evidence->fetch("due", "anna", true).error().code == Errc::Conflict);
    CHECK(kept.evidence->putTrack("due", "log", "k1", 0, {}).error().code == Errc::Conflict);
}

TEST_CASE("evidence: a Range is one of RFC 9110 with one part, or none")
{
    using Range = std::pair<std::uint64_t, std::uint64_t>;
    CHECK(hub::rangeIn("bytes=0-", 10) == Range(0, 9));
    CHECK(hub::rangeIn("bytes=3-5", 10) == Range(3, 5));
    CHECK(hub::rangeIn("bytes=3-99999999999", 10) == Range(3, 9));
    for (const char* bad : {"", "bytes=", "bytes=-5", "bytes=10-", "bytes=5-3", "bytes=1-2,4-5",
                            "items=0-1", "bytes=a-b", "bytes=0-99999999999999999999"}) {
        INFO(bad);
        CHECK_FALSE(hub::rangeIn(bad, 10));
    }
    CHECK_FALSE(hub::rangeIn("bytes=0-", 0));
}

TEST_CASE("evidence: the OpenAPI document has these operations with their roles, and no others")
{
    Kept kept;
    auto staff = queue::api::Staff::open(*kept.store, kept.clock).value();
    const queue::api::VisitTokens tokens{Secret<Bytes>(Bytes(32))};
    hub::EvidenceApi api(*kept.evidence, kept.clock, {*staff, tokens, "demo"});
    net::Router router;
    api.addTo(router);
    json served;
    for (const auto& operation : api.operations()) {
        auto& roles = served[operation.method + " " + operation.pattern];
        for (const auto role : operation.roles) {
            roles.push_back(queue::api::name(role));
        }
    }
    json described;
    for (const auto& [path, item] : description().at("paths").items()) {
        for (const auto& [method, operation] : item.items()) {
            if (operation.value("x-part", "") == "evidence") {
                std::string verb = method;
                std::ranges::transform(verb, verb.begin(), [](unsigned char c) {
                    return static_cast<char>(std::toupper(c));
                });
                described[verb + " " + path] = operation.at("x-roles");
            }
        }
    }
    CHECK(served == described);
}
