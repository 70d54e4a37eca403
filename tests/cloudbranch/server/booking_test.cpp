// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <thread>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "queue/domain/appointment.h"
#include "queue/domain/check_in_number.h"
#include "tests/cloudbranch/server/hub_caller.h"

using namespace guichet;
using namespace guichet::hub::test;
using std::chrono::minutes;

namespace {

constexpr const char* kHalfPastTen = "2026-11-25T10:30:00+08:00";

net::Response hold(HubCaller& hub, const std::string& start = kHalfPastTen,
                   const std::string& service = "account")
{
    return hub.create("/v1/branches/demo/holds", "", {{"service", service}, {"start", start}});
}

net::Response confirm(HubCaller& hub, const std::string& hold,
                      const std::string& phone = "+86 138-0000-0000",
                      const json& more = json::object())
{
    json body{{"name", "王小明"}, {"phone", phone}};
    body.update(more);
    return hub.create("/v1/holds/" + hold + "/confirm", "", body);
}

json book(HubCaller& hub, const std::string& start = kHalfPastTen,
          const json& more = json::object())
{
    const auto held = hold(hub, start);
    REQUIRE(held.status == 201);
    const auto booked =
        confirm(hub, parsed(held).at("id"), "138" + start.substr(11, 2) + "12345", more);
    REQUIRE(booked.status == 201);
    return parsed(booked);
}

net::Response checkIn(HubCaller& hub, const std::string& code)
{
    return hub.create("/v1/branches/demo/check-ins", hub.terminal, {{"code", code}});
}

std::size_t freeAt(HubCaller& hub, const std::string& start)
{
    const auto slots = hub.send({.path = "/v1/branches/demo/slots",
                                 .query = {{"service", "account"}, {"date", start.substr(0, 10)}}});
    REQUIRE(slots.status == 200);
    const auto document = parsed(slots);
    for (const auto& slot : document.at("slots")) {
        if (slot.at("start") == start) {
            return slot.at("free");
        }
    }
    FAIL("no such time: " << start);
    return 0;
}

/// What is on the disk, read by another program: from a copy, since the hub keeps its own locked.
std::string storedName(const HubCaller& hub)
{
    const Folder copy;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(hub.folder.path())) {
        if (entry.path().filename().string().starts_with("queue.db")) {
            std::filesystem::copy(entry.path(), copy.path() / entry.path().filename());
        }
    }
    const auto command =
        "sqlite3 '" + (copy.path() / "queue.db").string() + "' 'select customer from appointments'";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::string said;
    std::array<char, 1024> piece{};
    while (const auto got = std::fread(piece.data(), 1, piece.size(), pipe.get())) {
        said.append(piece.data(), got);
    }
    return said.substr(0, said.find('\n'));
}

} // namespace

TEST_CASE("booking: a time is chosen, held, confirmed and kept, from phone to counter")
{
    HubCaller hub;
    CHECK(freeAt(hub, kHalfPastTen) == 2);
    const auto appointment = book(hub);
    CHECK(appointment.at("state") == "booked");
    CHECK(appointment.at("name") == "王**");
    CHECK(appointment.at("localStart") == "2026-11-25T10:30");
    CHECK(appointment.at("bring").at("en").at(1) == "your old bank card");
    CHECK(freeAt(hub, kHalfPastTen) == 1);
    hub.clock.advance(minutes(75));
    const auto arrived = checkIn(hub, appointment.at("code"));
    REQUIRE(arrived.status == 201);
    CHECK(parsed(arrived).at("id") == appointment.at("id"));
    CHECK(parsed(arrived).at("state") == "waiting");
    CHECK(parsed(arrived).at("token") == appointment.at("token"));
    const auto again = checkIn(hub, appointment.at("code"));
    CHECK(again.status == 200);
    CHECK(parsed(again).at("ticket") == parsed(arrived).at("ticket"));
    const auto session = hub.openSession(hub.teller, "2");
    CHECK(parsed(hub.callNext(session, hub.teller)).at("id") == appointment.at("id"));
}

TEST_CASE("booking: appointments, holds and rests outlive the hub")
{
    HubCaller hub;
    const auto first = book(hub);
    const auto second = hold(hub);
    hub.restart();
    CHECK(freeAt(hub, kHalfPastTen) == 0);
    CHECK(codeOf(hold(hub)) == "slot-taken");
    CHECK(confirm(hub, parsed(second).at("id")).status == 201);
    const std::string path = "/v1/appointments/" + first.at("id").get<std::string>();
    CHECK(hub.post(path + "/cancel", first.at("token"), json::object(), {{"If-Match", "\"2\""}})
              .status == 200);
    hub.restart();
    CHECK(freeAt(hub, kHalfPastTen) == 0); // it rests
    hub.clock.advance(minutes(20));
    CHECK(freeAt(hub, kHalfPastTen) == 1);
}

TEST_CASE("booking: ten requests at once for two seats sell two (Cal.com 13397)")
{
    HubCaller hub;
    std::vector<std::thread> threads;
    std::vector<int> statuses(10);
    for (auto& status : statuses) {
        threads.emplace_back([&hub, &status] {
            const auto client = net::Client::open({.baseUrl = hub.url()}).value();
            net::Request request{.method = "POST", .path = "/v1/branches/demo/holds"};
            request.headers.set("Idempotency-Key", randomUuid());
            request.headers.set("Content-Type", "application/json");
            request.body = json{{"service", "account"}, {"start", kHalfPastTen}}.dump();
            status = client->send(request, std::chrono::seconds(20)).value().status;
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(std::ranges::count(statuses, 201) == 2);
    CHECK(std::ranges::count(statuses, 409) == 8);
}

TEST_CASE("booking: an unconfirmed hold takes its seat (Nextcloud Appointments 689)")
{
    HubCaller hub;
    REQUIRE(hold(hub).status == 201);
    REQUIRE(hold(hub).status == 201);
    CHECK(freeAt(hub, kHalfPastTen) == 0);
    CHECK(codeOf(hold(hub)) == "slot-taken");
}

TEST_CASE("booking: a hold confirmed twice is one appointment (Cal.com 7703, 10789)")
{
    HubCaller hub;
    const std::string id = parsed(hold(hub)).at("id");
    const auto key = randomUuid();
    net::Request request{.method = "POST", .path = "/v1/holds/" + id + "/confirm"};
    request.headers.set("Idempotency-Key", key);
    request.headers.set("Content-Type", "application/json");
    request.body = json{{"name", "Ann"}, {"phone", "13800000000"}}.dump();
    const auto first = hub.send(request);
    const auto second = hub.send(request);
    CHECK(first.status == 201);
    CHECK(first.body == second.body);
    CHECK(codeOf(confirm(hub, id)) == "unknown-hold");
    CHECK(freeAt(hub, kHalfPastTen) == 1);
}

TEST_CASE("booking: services do not share seats by mistake (Easy!Appointments 948)")
{
    HubCaller hub;
    REQUIRE(hold(hub).status == 201);
    REQUIRE(hold(hub).status == 201);
    CHECK(hold(hub, kHalfPastTen, "wealth").status == 201);
}

TEST_CASE("booking: the date chosen is the outlet's, whatever zone the phone is in")
{
    HubCaller hub; // the same instant, written by a phone in New York
    const auto held = parsed(hold(hub, "2026-11-24T21:30:00-05:00"));
    CHECK(held.at("start") == kHalfPastTen);
}

TEST_CASE("booking: a move keeps code and token, and a lost race keeps the old time")
{
    HubCaller hub;
    const auto appointment = book(hub);
    const std::string path = "/v1/appointments/" + appointment.at("id").get<std::string>();
    const std::string token = appointment.at("token");
    const std::string later = "2026-11-25T14:00:00+08:00";
    const std::string held = parsed(hold(hub, later)).at("id");
    const auto move = [&](const std::string& hold, const char* version) {
        return hub.post(path + "/move", token, {{"hold", hold}}, {{"If-Match", version}});
    };
    CHECK(move(held, "\"1\"").status == 412);
    const auto moved = move(held, "\"2\"");
    REQUIRE(moved.status == 200);
    CHECK(parsed(moved).at("start") == later);
    CHECK(parsed(moved).at("code") == appointment.at("code"));
    CHECK(codeOf(move(held, "\"3\"")) == "unknown-hold");
    CHECK(parsed(hub.get(path, token)).at("start") == later);
    CHECK(hub.get(path, hub.take().at("token")).status == 401);
}

TEST_CASE("booking: what is asked for wrongly is named")
{
    HubCaller hub;
    CHECK(fieldOf(hold(hub, "half past ten")) == "start");
    CHECK(fieldOf(hold(hub, "2026-11-25T10:31:00+08:00")) == "start");
    CHECK(fieldOf(hold(hub, kHalfPastTen, "loans")) == "service");
    CHECK(fieldOf(hub.get("/v1/branches/demo/slots")) == "service");
    const std::string id = parsed(hold(hub)).at("id");
    CHECK(fieldOf(confirm(hub, id, "call me")) == "phone");
    CHECK(fieldOf(confirm(hub, id, "13800000000", {{"form", {{"fields", json::object()}}}})) ==
          "form");
    CHECK(fieldOf(confirm(hub, id, "13800000000", {{"language", "!"}})) == "language");
    CHECK(confirm(hub, id).status == 201);
}

TEST_CASE("booking: the key of somebody without a login cannot be guessed")
{
    HubCaller hub;
    const auto refused =
        hub.post("/v1/branches/demo/holds", "", {{"service", "account"}, {"start", kHalfPastTen}},
                 {{"Idempotency-Key", "1"}});
    CHECK(refused.status == 400);
    CHECK(codeOf(refused) == "idempotency-key-short");
}

TEST_CASE("booking: one address may not hold without end")
{
    HubCaller hub;
    net::Response last;
    for (int i = 0; i < 31; ++i) {
        last = hold(hub, "2026-11-25T10:31:00+08:00");
        if (last.status == 429) {
            break;
        }
    }
    CHECK(codeOf(last) == "too-many-requests");
    CHECK_FALSE(last.header("Retry-After").empty());
    hub.clock.advance(minutes(1));
    CHECK(hold(hub).status == 201);
}

TEST_CASE("check-in: the code on the screen, the digits and the page's address name one visit")
{
    HubCaller hub;
    const auto taken =
        hub.create("/v1/branches/demo/visits", "",
                   {{"service", "account"}, {"language", "en"}, {"channel", "remote"}});
    REQUIRE(taken.status == 201);
    const auto visit = parsed(taken);
    CHECK(visit.at("state") == "remote");
    CHECK(visit.contains("arriveBy"));
    const std::string code = visit.at("checkInCode");
    CHECK(code.starts_with("GT1:"));
    const std::string way = GENERATE("code", "digits", "grouped digits", "address");
    const std::string digits = visit.at("code");
    const std::string token = visit.at("token");
    const auto shown = way == "code"      ? code
                       : way == "digits"  ? digits
                       : way == "address" ? "https://hub.example/t/" + token
                                          : digits.substr(0, 3) + " " + digits.substr(3, 4) + " " +
                                                digits.substr(7);
    const auto answer = checkIn(hub, shown);
    REQUIRE(answer.status == 201);
    CHECK(parsed(answer).at("id") == visit.at("id"));
    CHECK(parsed(answer).at("state") == "waiting");
}

TEST_CASE("check-in: a forged, cut or foreign code is refused and changes nothing")
{
    HubCaller hub;
    const auto appointment = book(hub);
    const auto taken =
        parsed(hub.create("/v1/branches/demo/visits", "",
                          {{"service", "account"}, {"language", "en"}, {"channel", "remote"}}));
    const std::string code = taken.at("checkInCode");
    auto forged = code;
    forged.at(20) = forged.at(20) == 'A' ? 'B' : 'A';
    for (const auto& wrong :
         {forged, code.substr(0, code.size() - 3), std::string("GT1:"), std::string("GT2:ABC"),
          std::string("https://evil.example/"), std::string("https://hub.example/t/abc"),
          std::string("1234567890"), std::string("hello")}) {
        INFO(wrong);
        const auto answer = checkIn(hub, wrong);
        CHECK(answer.status == 422);
        CHECK(codeOf(answer) == "code-invalid");
    }
    CHECK(hub.visit(taken.at("id")).at("state") == "remote");
}

TEST_CASE("check-in: guessing digits is stopped")
{
    HubCaller hub;
    net::Response last;
    for (int i = 0; i < 11; ++i) {
        last = checkIn(hub, queue::domain::checkInNumber(1));
    }
    INFO(last.body);
    CHECK(last.status == 429);
}

TEST_CASE("check-in: a refusal says what it was about, so that the customer can go on")
{
    HubCaller hub;
    const auto appointment = book(hub, "2026-11-25T14:00:00+08:00");
    const auto early = checkIn(hub, appointment.at("code"));
    CHECK(codeOf(early) == "too-early");
    CHECK(parsed(early).at("service") == "account");
    CHECK(parsed(early).at("from") == "2026-11-25T13:30:00+08:00");
}

TEST_CASE("check-in: what was filled in online goes on at the terminal")
{
    HubCaller hub;
    const json form{{"journey", "take-ticket"}, {"fields", {{"service", "account"}}}};
    const auto appointment = book(hub, kHalfPastTen, {{"form", form}});
    hub.clock.advance(minutes(80));
    CHECK(parsed(checkIn(hub, appointment.at("code"))).at("form") == form);
    const auto prepared = hub.create("/v1/branches/demo/forms", "", form);
    REQUIRE(prepared.status == 201);
    const auto opened = checkIn(hub, parsed(prepared).at("checkInCode"));
    CHECK(opened.status == 200);
    CHECK(parsed(opened) == json{{"form", form}});
}

TEST_CASE("booking: a name of any script goes through the hub as it was written")
{
    std::ifstream names(GUICHET_TEST_DATA "/names/names.txt");
    int count = 0;
    for (std::string name; std::getline(names, name); ++count) {
        INFO(name);
        HubCaller hub;
        const json form{{"journey", "take-ticket"}, {"fields", {{"name", name}}}};
        const auto appointment = book(hub, kHalfPastTen, {{"name", name}, {"form", form}});
        CHECK(appointment.at("name") == queue::domain::maskedName(name));
        CHECK(appointment.at("form") == form);
        hub.restart();
        CHECK(storedName(hub) == name);
        hub.clock.advance(minutes(80));
        CHECK(parsed(checkIn(hub, appointment.at("code"))).at("form") == form);
    }
    CHECK(count > 15);
}

TEST_CASE("booking: a name of more than 400 bytes is refused and named")
{
    HubCaller hub;
    const auto held = hold(hub);
    CHECK(fieldOf(confirm(hub, parsed(held).at("id"), "13800000000",
                          {{"name", std::string(401, 'x')}})) == "name");
}

TEST_CASE("remote: who is late says so, who gives up frees the place")
{
    HubCaller hub;
    const auto taken =
        parsed(hub.create("/v1/branches/demo/visits", "",
                          {{"service", "cash"}, {"language", "zh-CN"}, {"channel", "remote"}}));
    const std::string path = "/v1/visits/" + taken.at("id").get<std::string>();
    const std::string token = taken.at("token");
    const auto late = hub.post(path + "/late", token, json::object(), {{"If-Match", "\"1\""}});
    REQUIRE(late.status == 200);
    CHECK(parsed(late).at("arriveBy") > taken.at("arriveBy"));
    CHECK(codeOf(hub.post(path + "/late", token, json::object(), {{"If-Match", "\"2\""}})) ==
          "already-delayed");
    CHECK(hub.post(path + "/cancel", token, json::object(), {{"If-Match", "\"2\""}}).status == 200);
    CHECK(parsed(checkIn(hub, taken.at("code"))).at("code") == "visit-ended");
}

TEST_CASE("calendar: the appointment's .ics is found by its ten digits and names nobody")
{
    HubCaller hub;
    const auto appointment = book(hub);
    const auto answer =
        hub.get("/v1/appointments/" + appointment.at("code").get<std::string>() + ".ics");
    REQUIRE(answer.status == 200);
    CHECK(answer.body.find("DTSTART;TZID=Asia/Shanghai:20261125T103000\r\n") != std::string::npos);
    CHECK(answer.body.find("王") == std::string::npos);
    const auto other = queue::domain::checkInNumber(1);
    CHECK(hub.get("/v1/appointments/" + other + ".ics").status == 404);
}
