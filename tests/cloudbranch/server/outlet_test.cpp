// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include <catch2/catch.hpp>

#include "queue/api/tokens.h"
#include "tests/cloudbranch/server/hub_caller.h"

using namespace guichet;
using namespace guichet::hub;
using namespace guichet::hub::test;

namespace {

const std::string kOutlet = R"(
[branch]
id = "b7"
time_zone = "Asia/Shanghai"
services = ["loans"]
counters = ["1"]
[service.loans]
series = "L"
)";

Result<std::unique_ptr<Hub>> start(const Folder& folder, const std::string& config)
{
    static const SystemClock clock;
    return Hub::start({.data = folder.path() / "data", .config = folder.file("hub.toml", config)},
                      clock);
}

} // namespace

TEST_CASE("hub: an outlet's file says what the outlet is")
{
    const Folder folder;
    const auto hub = start(folder, kOutlet);
    REQUIRE(hub);
    const auto client =
        net::Client::open({.baseUrl = "http://127.0.0.1:" + std::to_string((*hub)->port())});
    REQUIRE(client);
    const auto branch = (*client)->send({.path = "/v1/branches/b7"}, std::chrono::seconds(10));
    REQUIRE(branch);
    CHECK(parsed(*branch).at("services").at(0).at("series") == "L");
    CHECK(parsed(*branch).at("open") == false);
}

TEST_CASE("hub: hours, holidays and what to bring come from the outlet's file")
{
    const Folder folder;
    const auto hub = start(folder, R"(holidays = ["2026-11-26"]
)" + kOutlet + R"(seats = 3
slot_min = 60
[service.loans.bring]
en = ["proof of income"]
[hours]
wed = ["09:00-12:00", "13:30-17:00"]
thu = ["09:00-12:00"]
)");
    REQUIRE(hub);
    const auto client =
        net::Client::open({.baseUrl = "http://127.0.0.1:" + std::to_string((*hub)->port())});
    REQUIRE(client);
    const auto answer = (*client)->send({.path = "/v1/branches/b7"}, std::chrono::seconds(10));
    REQUIRE(answer);
    const auto branch = parsed(*answer);
    CHECK(branch.at("hours").at("weekly").at("wed").at(1) == json{"13:30", "17:00"});
    CHECK(branch.at("hours").at("weekly").at("mon").empty());
    CHECK(branch.at("hours").at("closed") == json{"2026-11-26"});
    CHECK(branch.at("services").at(0).at("bring").at("en") == json{"proof of income"});
    CHECK(branch.at("services").at(0).at("bookable") == true);
    CHECK(branch.at("services").at(0).at("remote") == false);
}

TEST_CASE("hub: a wrong line of the outlet's file is named, and nothing starts")
{
    const std::pair<std::string, std::string> cases[]{
        {"[server]\nworkers = 65\n", "server.workers"},
        {"[server]\nwrokers = 6\n", "server.wrokers"},
        {"[rules]\nmost_calls = 2\nleast_calls_for_no_show = 3\n", "rules.least_calls_for_no_show"},
        {"[terminals]\nnames = [\"k1\"]\nk1 = \"demo-kiosk\"\n", "terminals.k1"},
        {"[rules]\nrecall_gap_s = \"soon\"\n", "rules.recall_gap_s"},
        {"[hours]\nmon = [\"9-5\"]\n", "hours.mon"},
        {"[hours]\nmon = [\"13:00-17:00\", \"09:00-12:00\"]\n", "hours.mon"},
        {"[booking]\nhold_min = 600\n", "booking.hold_min"},
        {"[limits]\ncreates = 0\n", "limits.creates"},
        {"[limits]\nproof_bits = 40\n", "limits.proof_bits"},
        {"[messages]\nurl = \"http://sms.example/\"\n", "messages.url"},
        {"[messages]\nurl = \"https://sms.example/\"\n", "messages.url"},
        {"[messages]\nsecrets = [\"hunter2\"]\n", "messages.secrets"},
    };
    for (const auto& [lines, key] : cases) {
        const Folder folder;
        const auto hub = start(folder, kOutlet + lines);
        REQUIRE_FALSE(hub);
        INFO(hub.error().detail);
        CHECK(hub.error().code == Errc::Invalid);
        CHECK(hub.error().detail.find(key) != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(folder.path() / "data"));
    }
}

TEST_CASE("hub: a demo's data, whose passwords everybody knows, never becomes an outlet's")
{
    const Folder folder;
    const SystemClock clock;
    REQUIRE(Hub::start({.demo = true, .data = folder.path() / "data"}, clock));
    const auto outlet = start(folder, kOutlet);
    REQUIRE_FALSE(outlet);
    CHECK(outlet.error().code == Errc::Invalid);

    const Folder other;
    REQUIRE(start(other, kOutlet));
    CHECK_FALSE(Hub::start({.demo = true, .data = other.path() / "data"}, clock));
}

TEST_CASE("hub: two hubs do not share a folder or a port")
{
    const Folder folder;
    const SystemClock clock;
    const auto first = Hub::start({.demo = true, .data = folder.path() / "data"}, clock);
    REQUIRE(first);
    CHECK_FALSE(Hub::start({.demo = true, .data = folder.path() / "data"}, clock));
    const auto second = Hub::start(
        {.demo = true, .port = (*first)->port(), .data = folder.path() / "other"}, clock);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Errc::Busy);
}

TEST_CASE("hub: the key of the customers' codes is never replaced by a new one")
{
    const Folder folder;
    const auto file = folder.path() / "visit-tokens.key";
    const auto visit = "0b0e5b0a-4d0c-4c69-9f2b-5a3a1c2d3e4f";
    const auto token = queue::api::VisitTokens::open(file)->make(visit);
    CHECK(queue::api::VisitTokens::open(file)->visitOf(token) == visit);
    SECTION("a damaged file is refused")
    {
        std::ofstream(file, std::ios::trunc) << "short";
        CHECK_FALSE(queue::api::VisitTokens::open(file));
    }
    SECTION("a file that cannot be opened is refused")
    {
        std::filesystem::remove(file);
        std::filesystem::create_symlink(file.filename(), file); // leads to itself
        CHECK_FALSE(queue::api::VisitTokens::open(file));
    }
    SECTION("a code that another key made, or that was changed, is nobody's")
    {
        auto changed = token;
        changed.back() = changed.back() == 'A' ? 'E' : 'A';
        const auto tokens = queue::api::VisitTokens::open(file);
        CHECK_FALSE(tokens->visitOf(changed));
        CHECK_FALSE(tokens->visitOf(token + "="));
        CHECK_FALSE(tokens->visitOf(token.substr(1)));
        CHECK_FALSE(queue::api::VisitTokens::open(folder.path() / "other.key")->visitOf(token));
        CHECK(tokens->make("not-a-uuid").empty());
    }
}
