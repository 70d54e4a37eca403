// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "cloudbranch/server/assists/assist_api.h"
#include "queue/api/api.h"
#include "tests/cloudbranch/server/demo_desk.h"

using namespace guichet;
using namespace guichet::hub::test;
using namespace std::chrono_literals;

TEST_CASE("assists: a customer asks, is answered by whoever is ready, and the case is there")
{
    Desk desk;
    const auto id = desk.ask();
    auto terminal = AssistLine::terminal(desk.hub, id);
    CHECK(terminal->until("assist", "waiting").at("wait") == nullptr);
    auto seat = desk.seat(desk.agent);
    CHECK(seat->until("seat", "ringing").at("assist").at("id") == id);
    seat->say({{"type", "accept"}, {"assist", id}});
    const auto shown = seat->until("case");
    CHECK(shown.at("content").at("customer").at("name") == kCustomer);
    CHECK(shown.at("content").at("step") == "form");
    CHECK(terminal->until("assist", "joining").at("seat").at("name") == "小美 May");

    terminal->say({{"type", "offer"}, {"sdp", "v=0 offer"}, {"fresh", true}});
    CHECK(seat->until("offer") ==
          json{{"type", "offer"}, {"assist", id}, {"sdp", "v=0 offer"}, {"fresh", true}});
    seat->say({{"type", "answer"}, {"assist", id}, {"sdp", "v=0 answer"}});
    CHECK(terminal->until("answer").at("sdp") == "v=0 answer");
    terminal->say({{"type", "media"}, {"state", "up"}, {"mode", "video"}});
    seat->until([](const json& message) {
        return message.at("type") == "seat" && message.at("assist").at("state") == "talking";
    });

    terminal->say({{"type", "hangUp"}});
    seat->until("seat", "wrap_up");
    seat->say({{"type", "finish"}, {"assist", id}, {"outcome", "done"}});
    CHECK(terminal->until("assist", "closed").at("outcome") == "done");
    terminal->untilClosed();
    seat->until("seat", "ready");
}

TEST_CASE("assists: what is asked, answered and said is kept, once, and comes back to who was away")
{
    Desk desk;
    const auto [id, terminal, seat] = desk.answered();

    const json scan{{"type", "request"}, {"assist", id}, {"request", "r-1"}, {"kind", "scan"}};
    seat->say(scan);
    CHECK(terminal->until("request").at("kind") == "scan");
    seat->say(scan);
    seat->until("kept");
    seat->until("kept");
    terminal->say({{"type", "result"}, {"request", "r-1"}, {"outcome", "done"}});
    CHECK(seat->until("result").at("request") == "r-1");
    seat->say({{"type", "note"}, {"assist", id}, {"id", "n-1"}, {"text", "seems in a hurry"}});
    seat->until("kept");
    const json other{{"type", "request"}, {"assist", id}, {"request", "r-1"}, {"kind", "photo"}};
    seat->say(other);
    CHECK(seat->until("error").at("code") == "conflict");

    SECTION("a terminal that comes back")
    {
        auto again = AssistLine::terminal(desk.hub, id);
        const auto entries = again->until("entries").at("entries");
        REQUIRE(entries.size() == 2); // the note is staff's own
        CHECK(entries.at(0).at("type") == "request");
        CHECK(entries.at(1).at("type") == "result");
        CHECK(terminal->untilClosed().find("4001") != std::string::npos);
    }
    SECTION("a seat that comes back")
    {
        auto again = AssistLine::seat(desk.hub, desk.agent);
        CHECK(again->until("case").at("entries").size() == 3);
        CHECK(seat->untilClosed().find("4001") != std::string::npos);
    }
    SECTION("a hub that comes back")
    {
        desk.hub.restart();
        auto again = AssistLine::seat(desk.hub, desk.agent);
        CHECK(again->until("case").at("entries").size() == 3);
        auto kiosk = AssistLine::terminal(desk.hub, id);
        CHECK(kiosk->until("entries").at("entries").size() == 2);
        kiosk->until("assist", "joining");
        again->say({{"type", "chat"}, {"assist", id}, {"id", "c-1"}, {"text", "still here"}});
        CHECK(kiosk->until("chat").at("text") == "still here");
    }
}

TEST_CASE("assists: nobody reads a case on the disk")
{
    Desk desk;
    const auto [id, terminal, seat] = desk.answered();
    terminal->say({{"type", "chat"}, {"id", "c-1"}, {"text", "my name is Secret"}});
    seat->until("chat");
    CHECK(desk.disk().find("Secret") == std::string::npos);
    CHECK(desk.disk().find("case-1") != std::string::npos);
}

TEST_CASE("assists: a case is wiped a day after its customer was through, not before")
{
    struct Nobody final : net::Socket {
        bool send(std::string_view) override { return true; }
        void close(std::uint16_t, std::string_view) override {}
        [[nodiscard]] bool open() const override { return true; }
    };
    Folder folder;
    ManualClock clock(fromRfc3339("2026-11-25T09:00:00+08:00").value());
    auto store =
        queue::storage::Store::open({folder.path(), queue::domain::demoBranch(), &clock}).value();
    const auto key = cipher::newKey();
    const auto desk = [&] {
        return hub::AssistDesk::open({*store, clock, "demo"}, cipher::Key(Bytes(key.reveal())))
            .value();
    };
    const auto cases = [&store] {
        std::int64_t count = 0;
        const auto read = store->rewrite([&count](queue::storage::Database& database) {
            auto rows = database.prepare("SELECT COUNT(DISTINCT case_id) FROM assist_cases");
            REQUIRE((*rows)->step().value());
            count = (*rows)->integer(0);
            return Result<void>();
        });
        REQUIRE(read);
        return count;
    };
    {
        const auto first = desk();
        REQUIRE(first->ask({"one", "case-1", "t"}, {{"name", kCustomer}}));
        REQUIRE(first->ask({"two", "case-2", "t"}, json::object()));
        const auto line = first->openTerminal("one", "t", std::make_shared<Nobody>()).value();
        line.onText(R"({"type":"withdraw"})");
    }
    clock.advance(23h);
    static_cast<void>(desk());
    CHECK(cases() == 2);
    clock.advance(2h);
    static_cast<void>(desk());
    CHECK(cases() == 1); // the other one is still open
}

TEST_CASE("assists: a request that is repeated is one assist; another one with its key is refused")
{
    Desk desk;
    const auto first = desk.post({{"case", "case-1"}});
    const auto second = desk.post({{"case", "case-1"}});
    CHECK(second.status == 201);
    CHECK(parsed(first).at("id") == parsed(second).at("id"));
    CHECK(codeOf(desk.post({{"case", "case-2"}})) == "key-reused");
    CHECK(codeOf(desk.post({{"case", "case-1"}, {"content", {{"step", "other"}}}},
                           "a-third-press-of-help")) == "assist-conflict");
    CHECK(codeOf(desk.post({{"case", "case-1"}}, "another-press-of-help")) == "assist-conflict");
    auto line = AssistLine::terminal(desk.hub, parsed(first).at("id"));
    auto seat = desk.seat(desk.agent);
    seat->until("seat", "ringing");
    seat->say({{"type", "accept"}, {"assist", parsed(first).at("id")}});
    CHECK(seat->until("case").at("content").empty()); // the refused ones have changed nothing
    seat->say({{"type", "transfer"},
               {"assist", parsed(first).at("id")},
               {"needs", {{"product", "wealth"}, {"authority", 9}}}});
    seat->until("seat", "ready");
    line->say({{"type", "withdraw"}, {"outcome", "counter"}});
    line->untilClosed();
    desk.hub.restart();
    CHECK(codeOf(desk.post({{"case", "case-1"}})) == "assist-conflict");
    CHECK(desk.post({{"case", "case-1"}}, "another-press-of-help").status == 201);
}

TEST_CASE("assists: a wrong field is named, and nothing is asked")
{
    Desk desk;
    CHECK(fieldOf(desk.post(json::object())) == "case");
    CHECK(fieldOf(desk.post({{"case", "c"}, {"mode", "smell"}})) == "mode");
    CHECK(fieldOf(desk.post({{"case", "c"}, {"needs", {{"authority", 10}}}})) == "needs");
    CHECK(fieldOf(desk.post({{"case", "c"}, {"more", 1}})) == "more");
    CHECK(codeOf(desk.hub.post("/v1/assists", desk.hub.terminal, {{"case", "c"}})) ==
          "idempotency-key-missing");
    auto seat = desk.seat(desk.agent);
    CHECK(seat->until("seat", "ready").at("waiting").empty());
}

TEST_CASE("assists: whoever is not the terminal or a seat is refused, and it is written down")
{
    Desk desk;
    const auto id = desk.ask();
    const auto visit = desk.hub.take();
    CHECK(desk.hub.create("/v1/assists", desk.hub.teller, {{"case", "c"}}).status == 403);
    CHECK(desk.hub.create("/v1/assists", {}, {{"case", "c"}}).status == 401);
    CHECK(desk.hub.get("/v1/assists/" + id, desk.agent).status == 403);
    CHECK(desk.hub.get("/v1/assists/unknown", desk.hub.terminal).status == 404);
    CHECK(AssistLine::refusal(desk.hub, id, desk.agent) == Errc::Denied);
    CHECK(AssistLine::refusal(desk.hub, "unknown", desk.hub.terminal) == Errc::NotFound);
    for (const auto& token :
         {desk.hub.teller, desk.hub.terminal, visit.at("token").get<std::string>(),
          std::string("nobody's"), std::string()}) {
        auto line = AssistLine::seat(desk.hub, token);
        CHECK(line->untilClosed().find("4003") != std::string::npos);
    }
    CHECK(desk.disk().find("refused.seat") != std::string::npos);
    CHECK(desk.disk().find("refused.signal") != std::string::npos);
}

TEST_CASE("assists: whoever opens a seat's line and says nothing is not waited for")
{
    Desk desk;
    auto line = AssistLine::stranger(desk.hub);
    desk.hub.clock.advance(10s);
    CHECK(line->untilClosed().find("4003") != std::string::npos);
}

TEST_CASE("assists: a login that is over is heard no more")
{
    Desk desk;
    auto seat = desk.seat(desk.agent);
    desk.hub.clock.advance(12h + 1s);
    seat->say({{"type", "away"}, {"reason", "break"}});
    CHECK(seat->untilClosed().find("4003") != std::string::npos);
    CHECK(desk.disk().find("refused.login-over") != std::string::npos);
}

TEST_CASE("assists: what a line may not say is answered with why, and goes nowhere")
{
    Desk desk;
    const auto id = desk.ask();
    auto terminal = AssistLine::terminal(desk.hub, id);
    terminal->say({{"type", "answer"}, {"sdp", "v=0"}});
    CHECK(terminal->until("error").at("code") == "denied");
    terminal->say({{"type", "offer"}, {"sdp", "v=0"}, {"fresh", true}});
    CHECK(terminal->until("error").at("code") == "conflict");
    auto seat = desk.seat(desk.agent);
    seat->until("seat", "ringing");
    auto other = desk.seat(desk.expert);
    other->say({{"type", "accept"}, {"assist", id}});
    CHECK(other->until("error").at("code") == "denied");
    seat->say({{"type", "accept"}, {"assist", id}});
    seat->until("seat", "busy");
    other->say({{"type", "request"}, {"assist", id}, {"request", "r-9"}, {"kind", "scan"}});
    CHECK(other->until("error").at("code") == "denied");
    seat->say({{"type", "chat"}, {"assist", id}, {"id", "c-1"}, {"text", "hello"}});
    const auto first =
        terminal->until([](const json& message) { return message.at("type") != "assist"; });
    CHECK(first.at("type") == "chat");
}

TEST_CASE("assists: a seat that does not answer is passed over, and the line says so")
{
    Desk desk("[branch]\nid = \"demo\"\n[assists]\nring_s = 20\n");
    auto first = desk.seat(desk.agent);
    const auto id = desk.ask();
    const auto terminal = AssistLine::terminal(desk.hub, id);
    first->until("seat", "ringing");
    auto second = desk.seat(desk.expert);
    desk.hub.clock.advance(20s);
    CHECK(first->until("seat", "away").at("reason") == "no-answer");
    CHECK(second->until("seat", "ringing").at("assist").at("id") == id);
}

TEST_CASE("assists: nobody is rung before the terminal's line is there")
{
    Desk desk;
    auto seat = desk.seat(desk.agent);
    const auto id = desk.ask();
    const auto waits = seat->until("seat", "ready");
    CHECK(waits.at("assist").is_null());
    const auto terminal = AssistLine::terminal(desk.hub, id);
    CHECK(seat->until("seat", "ringing").at("assist").at("id") == id);
}

TEST_CASE("assists: another seat may look at the case, advise and take over")
{
    Desk desk;
    const auto [id, terminal, seat] = desk.answered();
    auto expert = desk.seat(desk.expert);
    seat->say({{"type", "consult"}, {"assist", id}, {"seat", "expert"}});
    CHECK(expert->until("case").at("content").at("step") == "form");
    expert->say({{"type", "approve"}, {"assist", id}, {"step", "change"}, {"ok", true}});
    CHECK(terminal->until("approve").at("ok") == true);
    expert->say({{"type", "chat"}, {"assist", id}, {"id", "c-1"}, {"text", "hello"}});
    CHECK(expert->until("error").at("code") == "denied");

    seat->say({{"type", "transfer"}, {"assist", id}, {"seat", "expert"}});
    expert->until("seat", "ringing");
    expert->say({{"type", "accept"}, {"assist", id}});
    CHECK(expert->until("case").at("entries").size() == 1);
    CHECK(terminal->until("assist", "joining").at("seat").at("name") == "林深 Lin");
}

TEST_CASE("assists: the outlet's file says who sits where, and a wrong word is named")
{
    const auto refusal = [](const std::string& assists) {
        Folder folder;
        const auto config = folder.file("outlet.toml", "[branch]\nid = \"demo\"\n" + assists);
        ManualClock clock(fromRfc3339("2026-11-25T09:00:00+08:00").value());
        const auto hub = hub::Hub::start(
            {.demo = true, .data = folder.path() / "data", .config = config}, clock);
        return hub ? std::string("started") : hub.error().detail;
    };
    CHECK(refusal("[assists]\ntiers = [\"demo\", \"remote@15\"]\n") == "started");
    CHECK(refusal("[assists]\ntiers = [\"remote@soon\"]\n").find("POOL@SECONDS") !=
          std::string::npos);
    CHECK(refusal("[assists]\ndistribution = \"random\"\n").find("longest-idle") !=
          std::string::npos);
    CHECK(refusal("[assists]\nseats = [\"mei\"]\n[seat.mei]\nauthority = 10\n")
              .find("seat.mei.authority") != std::string::npos);

    Desk desk("[branch]\nid = \"demo\"\n[assists]\nseats = [\"agent\"]\n"
              "[seat.agent]\nname = \"Mei\"\nlanguages = [\"en\"]\n");
    const auto id = desk.ask("case-1", {{"language", "zh-CN"}});
    auto seat = desk.seat(desk.agent);
    CHECK(seat->until("seat", "ready").at("waiting").size() == 1);
    CHECK(parsed(desk.hub.get("/v1/assists/" + id, desk.hub.terminal)).at("state") == "waiting");
    const auto other = desk.ask("case-2", {{"language", "en"}});
    const auto terminal = AssistLine::terminal(desk.hub, other);
    seat->until("seat", "ringing");
}

TEST_CASE("assists: whoever is answered is told the way, each end with credentials of its own")
{
    Folder secrets;
    const auto secret = secrets.file("turn.secret", "throw-away-secret-of-a-test\n");
    std::filesystem::permissions(secret, std::filesystem::perms::owner_read);
    Desk desk("[branch]\nid = \"demo\"\n[turn]\nurls = [\"turn:relay.example:3478\"]\n"
              "lifetime_s = 600\nsecret_file = \"" +
              secret.string() + "\"\n");
    auto seat = desk.seat(desk.agent);
    const auto id = desk.ask();
    auto terminal = AssistLine::terminal(desk.hub, id);
    seat->until("seat", "ringing");
    CHECK_FALSE(
        parsed(desk.hub.get("/v1/assists/" + id, desk.hub.terminal)).contains("ice")); // too early
    seat->say({{"type", "accept"}, {"assist", id}});
    const auto atSeat = seat->until("case").at("ice");
    const auto atTerminal = terminal->until("assist", "joining").at("ice");
    const auto server = [](const json& ice) { return ice.at("servers").at(0); };
    CHECK(server(atSeat).at("urls") == json{"turn:relay.example:3478"});
    CHECK(server(atSeat).at("username").get<std::string>().ends_with(":seat-" + id));
    CHECK(server(atTerminal).at("username").get<std::string>().ends_with(":terminal-" + id));
    CHECK(server(atSeat).at("credential") != server(atTerminal).at("credential"));
    CHECK(atSeat.at("relayOnly") == true);
    CHECK(atTerminal.at("relayOnly") == false);
    CHECK(parsed(desk.hub.get("/v1/assists/" + id, desk.hub.terminal)).at("ice") == atTerminal);
    CHECK(desk.disk().find(server(atTerminal).at("credential").get<std::string>()) ==
          std::string::npos);

    SECTION("a consultant hears the case and has no way of its own")
    {
        auto expert = desk.seat(desk.expert);
        seat->say({{"type", "consult"}, {"assist", id}, {"seat", "expert"}});
        CHECK_FALSE(expert->until("case").contains("ice"));
    }
    SECTION("a line that comes back has new credentials")
    {
        desk.hub.clock.advance(2s);
        auto again = AssistLine::terminal(desk.hub, id);
        CHECK(server(again->until("assist", "joining").at("ice")).at("username") !=
              server(atTerminal).at("username"));
        auto seatAgain = AssistLine::seat(desk.hub, desk.agent);
        CHECK(server(seatAgain->until("case").at("ice")).at("username") !=
              server(atSeat).at("username"));
    }
    SECTION("a long call is told again when half the time is over")
    {
        desk.hub.clock.advance(301s);
        CHECK(server(seat->until("case").at("ice")).at("username") !=
              server(atSeat).at("username"));
        CHECK(server(terminal->until("assist", "joining").at("ice")).at("username") !=
              server(atTerminal).at("username"));
    }
}

TEST_CASE("assists: without a relay both ends hear that there is none")
{
    Desk desk;
    auto seat = desk.seat(desk.agent);
    const auto id = desk.ask();
    auto terminal = AssistLine::terminal(desk.hub, id);
    seat->until("seat", "ringing");
    seat->say({{"type", "accept"}, {"assist", id}});
    const json none{{"servers", json::array()}, {"relayOnly", false}};
    CHECK(seat->until("case").at("ice") == none);
    CHECK(terminal->until("assist", "joining").at("ice") == none);
}

TEST_CASE("assists: a wrong word about the relay is named, and its secret is nobody else's to read")
{
    Folder folder;
    const auto secret = folder.file("turn.secret", "throw-away-secret-of-a-test\n");
    const auto refusal = [&](const std::string& turn,
                             std::filesystem::perms perms = std::filesystem::perms::owner_read) {
        std::filesystem::permissions(secret, perms);
        const auto config = folder.file("outlet.toml", "[branch]\nid = \"demo\"\n[turn]\n" + turn);
        ManualClock clock(fromRfc3339("2026-11-25T09:00:00+08:00").value());
        const auto hub = hub::Hub::start(
            {.demo = true, .data = folder.path() / "data", .config = config}, clock);
        return hub ? std::string("started") : hub.error().detail;
    };
    const std::string url = "urls = [\"turn:relay\"]\n", file = "secret_file = \"turn.secret\"\n";
    CHECK(refusal(url + file) == "started");
    CHECK_THAT(refusal(url + file, std::filesystem::perms(0644)), Catch::Contains("chmod 600"));
    CHECK_THAT(refusal(url), Catch::Contains("turn.secret_file"));
    CHECK_THAT(refusal(url + "secret_file = \"no-such-file\"\n"), Catch::Contains("no-such-file"));
    CHECK_THAT(refusal("urls = [\"stun:relay\"]\n" + file), Catch::Contains("turn:HOST:PORT"));
    CHECK_THAT(refusal(url + file + "secret = \"abc\"\n"), Catch::Contains("turn.secret_file"));
    CHECK_THAT(refusal(url + file + "lifetime_s = 10\n"), Catch::Contains("turn.lifetime_s"));
}

TEST_CASE("assists: the OpenAPI document has these operations with their roles, and no others")
{
    Folder folder;
    ManualClock clock(fromRfc3339("2026-11-25T09:00:00+08:00").value());
    auto store =
        queue::storage::Store::open({folder.path(), queue::domain::demoBranch(), &clock}).value();
    auto staff = queue::api::Staff::open(*store, clock).value();
    auto desk = hub::AssistDesk::open({*store, clock, "demo"}, cipher::newKey()).value();
    const queue::api::VisitTokens tokens{Secret<Bytes>(Bytes(32))};
    hub::AssistApi api(*desk, *staff, clock, {*staff, tokens, "demo"});
    net::Router router;
    api.addTo(router);
    json served;
    for (const auto& operation : api.operations()) {
        auto& roles = served[operation.method + " " + operation.pattern];
        roles = json::array();
        for (const auto role : operation.roles) {
            roles.push_back(queue::api::name(role));
        }
        if (roles.empty()) {
            roles.push_back("anonymous");
        }
    }
    json described;
    const auto document = json::parse(queue::api::openApiDocument());
    for (const auto& [path, item] : document.at("paths").items()) {
        for (const auto& [method, operation] : item.items()) {
            if (operation.value("x-part", "") == "assists") {
                described[(method == "get" ? "GET " : "POST ") + path] = operation.at("x-roles");
            }
        }
    }
    CHECK(served == described);
}
