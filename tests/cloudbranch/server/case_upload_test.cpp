// SPDX-License-Identifier: Apache-2.0
// A terminal gives its recorded cases to a real hub.
#include "cloudbranch/assist/case_upload.h"

#include <optional>

#include <catch2/catch.hpp>

#include "tests/cloudbranch/evidence/case_world.h"
#include "tests/cloudbranch/server/hub_caller.h"

using namespace guichet;
using namespace guichet::hub::test;
using namespace guichet::test;

namespace {

std::unique_ptr<net::Client> lineTo(const std::string& url)
{
    net::ClientConfig config{.baseUrl = url};
    config.headers.set("Authorization", "Bearer demo-kiosk");
    return net::Client::open(config).value();
}

/// A terminal with a recorded case, and its hub.
struct Terminal {
    HubCaller hub;
    CaseWorld world;
    std::string open; ///< the case that is being recorded
    std::unique_ptr<net::Client> line = lineTo(hub.url());
    std::optional<assist::CaseUpload> upload;

    Terminal() { restart(); }
    void restart()
    {
        upload.emplace(world.root, *line, [this](const std::string& each) { return each == open; });
    }
    std::unique_ptr<evidence::CaseWriter> begin()
    {
        auto settings = world.settings();
        settings.terminal = "demo-kiosk";
        auto writer = evidence::CaseWriter::open(world.root, settings, world.clock).value();
        auto* video = writer->openTrack("local-video", "video/x-matroska").value();
        for (int i = 0; i < 3; ++i) {
            REQUIRE(video->write(pattern(evidence::kLargestContent)));
        }
        REQUIRE(writer->log(R"({"consent":"recording/1"})"));
        world.clock.advance(std::chrono::seconds(11));
        REQUIRE(writer->tick());
        return writer;
    }
    void record() { REQUIRE(begin()->close()); }
    bool here() const { return std::filesystem::exists(world.folder()); }
    /// What the hub's auditors see of it.
    json seen()
    {
        return parsed(hub.get(std::string("/v1/cases/") + CaseWorld::kCase, hub.supervisor));
    }
};

} // namespace

TEST_CASE("case upload: the hub has the case whole, then it goes from here")
{
    Terminal terminal;
    CHECK(terminal.upload->pass().value() == 0); // nothing was ever recorded
    terminal.record();
    CHECK(terminal.upload->pass().value() == 1);
    CHECK_FALSE(terminal.here());
    CHECK_FALSE(terminal.seen().at("completed").is_null());
    CHECK(terminal.upload->pass().value() == 0);
}

TEST_CASE("case upload: of a case that is being recorded the heads go at once, the rest at its end")
{
    Terminal terminal;
    auto writer = terminal.begin();
    terminal.open = CaseWorld::kCase;
    CHECK(terminal.upload->pass().value() == 0);
    CHECK(terminal.here());
    CHECK(terminal.seen().at("completed").is_null());
    REQUIRE(writer->close());
    terminal.open.clear();
    CHECK(terminal.upload->pass().value() == 1);
    CHECK_FALSE(terminal.seen().at("completed").is_null());
}

TEST_CASE("case upload: a case that is taken up again is not ended under the recorder's hands")
{
    Terminal terminal;
    terminal.begin().reset();
    int asked = 0;
    assist::CaseUpload upload(terminal.world.root, *terminal.line,
                              [&](const std::string&) { return ++asked == 2; });
    CHECK(upload.pass().value() == 0);
    CHECK(terminal.here());
    CHECK(terminal.seen().at("completed").is_null());
    REQUIRE(terminal.begin()->close());
    CHECK(upload.pass().value() == 1); // with what was written since
    CHECK_FALSE(terminal.seen().at("completed").is_null());
}

TEST_CASE("case upload: a case that a crash left open goes too")
{
    Terminal terminal;
    terminal.begin().reset();
    CHECK(terminal.upload->pass().value() == 1);
    CHECK_FALSE(terminal.here());
}

TEST_CASE("case upload: without the hub everything stays, and goes once it is back")
{
    Terminal terminal;
    terminal.record();
    const auto nobody = lineTo("http://127.0.0.1:1");
    assist::CaseUpload away(terminal.world.root, *nobody, [](const std::string&) { return false; });
    const auto failed = away.pass();
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == Errc::Disconnected);
    CHECK(terminal.here());
    CHECK(terminal.upload->pass().value() == 1);
}

TEST_CASE("case upload: a case whose removal was lost with the power goes again, and quietly")
{
    Terminal terminal;
    terminal.record();
    const auto copy = terminal.world.root / ".copy";
    std::filesystem::copy(terminal.world.folder(), copy, std::filesystem::copy_options::recursive);
    REQUIRE(terminal.upload->pass().value() == 1);
    std::filesystem::rename(copy, terminal.world.folder());
    terminal.restart();
    CHECK(terminal.upload->pass().value() == 1);
    CHECK_FALSE(terminal.here());
}

TEST_CASE("case upload: a case that somebody changed stays here and is told of, once")
{
    Terminal terminal;
    terminal.record();
    const auto file = terminal.world.file("local-video");
    auto bytes = readFile(file);
    bytes.at(bytes.size() / 2) ^= std::byte{1};
    writeFile(file, bytes);
    const auto failed = terminal.upload->pass();
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == Errc::Denied);
    CHECK(terminal.here());
    CHECK(terminal.upload->pass().value() == 0);
    CHECK(terminal.here());
}
