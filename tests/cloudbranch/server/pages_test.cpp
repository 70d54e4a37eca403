// SPDX-License-Identifier: Apache-2.0
#include <future>
#include <set>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "cloudbranch/server/assets.h"
#include "cloudbranch/server/form.h"
#include "cloudbranch/server/html.h"
#include "cloudbranch/web/files.h"
#include "peripherals/base/random.h"
#include "tests/cloudbranch/server/hub_caller.h"

using namespace guichet;
using namespace guichet::hub;
using namespace guichet::hub::test;

namespace {

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

net::Response submit(HubCaller& hub, const std::string& path, const std::string& form)
{
    return hub.send({.method = "POST",
                     .path = path,
                     .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                     .body = form});
}

} // namespace

TEST_CASE("pages: every page forbids inline code, frames, referrers and keeping")
{
    HubCaller hub;
    const auto token = hub.take().at("token").get<std::string>();
    for (const auto& path : {std::string("/"), std::string("/o/demo"), std::string("/display/"),
                             std::string("/counter/"), "/t/" + token, std::string("/t/unknown")}) {
        INFO(path);
        const auto page = hub.get(path);
        CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
        CHECK(page.header("Cache-Control") == "no-store");
        CHECK(page.header("Referrer-Policy") == "no-referrer");
        const std::string policy(page.header("Content-Security-Policy"));
        CHECK(policy.starts_with("default-src 'none'"));
        CHECK(has(policy, "frame-ancestors 'none'"));
        CHECK_FALSE(has(policy, "unsafe"));
        CHECK_FALSE(has(page.body, "<style"));
        CHECK_FALSE(has(page.body, " style="));
        CHECK_FALSE(has(page.body, "<script>"));
    }
}

TEST_CASE("pages: the seat may run WebAssembly, and nothing else that other pages may not")
{
    HubCaller hub;
    const std::string strict(hub.get("/counter/").header("Content-Security-Policy"));
    std::string seat(hub.get("/seat/").header("Content-Security-Policy"));
    const std::string more = " 'wasm-unsafe-eval'";
    const auto at = seat.find("script-src 'self'" + more + ";");
    REQUIRE(at != std::string::npos);
    CHECK(seat.erase(seat.find(more), more.size()) == strict);
}

TEST_CASE("pages: files are kept by version, and again asked for only by their tag")
{
    HubCaller hub;
    const auto path = assetPath("site.css");
    const auto file = hub.get(path);
    CHECK(file.body == web::file("site/site.css"));
    CHECK(file.header("Content-Type") == "text/css; charset=utf-8");
    CHECK(has(std::string(file.header("Cache-Control")), "immutable"));
    const auto again = hub.get(path, {}, {{"If-None-Match", std::string(file.header("ETag"))}});
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    CHECK(hub.get("/web/0/site.css").header("Cache-Control") == "no-store");
    CHECK(hub.get("/web/0/nothing.css").status == 404);
    CHECK(hub.get("/web/0/..%2Fwords%2Fsite.json").status == 404);
}

TEST_CASE("pages: who accepts gzip gets it, with a tag of its own")
{
    HubCaller hub;
    const auto path = assetPath("site.css");
    const auto plain = hub.get(path);
    const auto zipped = hub.get(path, {}, {{"Accept-Encoding", "br, gzip"}});
    CHECK(zipped.header("Content-Encoding") == "gzip");
    CHECK(zipped.header("Vary") == "Accept-Encoding");
    CHECK(zipped.header("ETag") != plain.header("ETag"));
    CHECK(zipped.body == gzip(plain.body));
    CHECK(zipped.body.size() < plain.body.size() / 2);
    CHECK(hub.get(path, {}, {{"Accept-Encoding", "gzip;q=0"}}).body == plain.body);
    CHECK(hub.get("/", {}, {{"Accept-Encoding", "gzip"}}).header("Content-Encoding") == "gzip");
}

TEST_CASE("pages: the language is the address's, else the browser's, else Chinese")
{
    HubCaller hub;
    const auto language = [&](const std::string& wish, const std::string& accepts) {
        net::Request request{.path = "/"};
        if (!wish.empty()) {
            request.query["lang"] = wish;
        }
        request.headers.set("Accept-Language", accepts);
        const auto page = hub.send(request).body;
        return page.substr(page.find("lang=\"") + 6, 2);
    };
    CHECK(language("en", "zh-CN") == "en");
    CHECK(language("", "fr-FR, en;q=0.8, zh;q=0.5") == "en");
    CHECK(language("", "zh-TW, en") == "zh");
    CHECK(language("", "fr") == "zh");
    CHECK(language("<script>", "") == "zh");
}

TEST_CASE("pages: words are the same in both languages, and everyone of them is there")
{
    for (const auto& file : web::files()) {
        if (!file.name.starts_with("words/")) {
            continue;
        }
        INFO(file.name);
        const auto words = json::parse(file.bytes);
        std::set<std::string> chinese, english;
        for (const auto& [key, text] : words.at("zh-CN").items()) {
            chinese.insert(key);
        }
        for (const auto& [key, text] : words.at("en").items()) {
            english.insert(key);
        }
        CHECK(chinese == english);
    }
}

TEST_CASE("pages: the outlet says how many wait and how long, without a script")
{
    HubCaller hub;
    hub.take("cash");
    hub.take("cash");
    const auto page = hub.send({.path = "/o/demo", .query = {{"lang", "en"}}}).body;
    CHECK(has(page, "Open now"));
    CHECK(has(page, "<span class=\"people\">2 waiting</span>"));
    CHECK(has(page, "Nobody is waiting"));
    CHECK(has(page, "min</span>"));
    CHECK(has(page, "<noscript><meta http-equiv=\"refresh\""));
    CHECK(has(hub.send({.path = "/", .query = {{"lang", "en"}}}).body, "2 waiting now"));
    CHECK(hub.get("/o/elsewhere").status == 404);
}

TEST_CASE("pages: the display shows the last call and the ones before, each number once")
{
    HubCaller hub;
    hub.take();
    hub.take();
    const auto session = hub.openSession(hub.teller, "2");
    const auto first = parsed(hub.callNext(session, hub.teller));
    REQUIRE(hub.command(first.at("id"), "recall").status == 200);
    REQUIRE(hub.command(first.at("id"), "no-show").status == 200);
    REQUIRE(hub.callNext(session, hub.teller).status == 200);
    const auto page = hub.get("/display/").body;
    CHECK(has(page, "<p class=\"ticket\">A002</p>"));
    CHECK(has(page, "<ol><li><b>A001</b>"));
    CHECK(page.find("A001") == page.rfind("A001"));
    CHECK(hub.get("/display").header("Location") == "/display/");
}

TEST_CASE("pages: a customer gives up with a plain form, once")
{
    HubCaller hub;
    const auto visit = hub.take();
    const auto page = "/t/" + visit.at("token").get<std::string>();
    CHECK(has(hub.get(page).body, "name=\"version\" value=\"1\""));
    const auto gone = submit(hub, page + "/give-up", "version=1");
    CHECK(gone.status == 303);
    CHECK(std::string(gone.header("Location")).starts_with(page));
    CHECK(hub.visit(visit.at("id")).at("state") == "cancelled");
    CHECK(has(hub.get(page).body, "given up"));
    CHECK(submit(hub, page + "/give-up", "version=2").status == 409);
}

TEST_CASE("pages: a number that was called meanwhile is not given up by an old page")
{
    HubCaller hub;
    const auto visit = hub.take();
    const auto page = "/t/" + visit.at("token").get<std::string>();
    REQUIRE(hub.callNext(hub.openSession(hub.teller, "2"), hub.teller).status == 200);
    const auto late = submit(hub, page + "/give-up", "version=1");
    CHECK(late.status == 409);
    CHECK(has(late.body, "not given up"));
    CHECK(has(late.body, "counter 2"));
    CHECK(hub.visit(visit.at("id")).at("state") == "called");
}

TEST_CASE("pages: who is late with a number from afar gets more time, once")
{
    HubCaller hub;
    const auto visit =
        parsed(hub.create("/v1/branches/demo/visits", {},
                          {{"service", "cash"}, {"language", "en"}, {"channel", "remote"}}));
    const auto page = "/t/" + visit.at("token").get<std::string>();
    CHECK(has(hub.get(page).body, "/late"));
    CHECK(submit(hub, page + "/late", "version=1").status == 303);
    CHECK_FALSE(has(hub.get(page).body, "/late"));
    CHECK(submit(hub, page + "/late", "version=2").status == 409);
    CHECK(submit(hub, "/t/x/late", "version=2").status == 404);
}

TEST_CASE("pages: a booked time is shown with its code and what to bring, and cancelled by a form")
{
    HubCaller hub;
    const auto held =
        parsed(hub.create("/v1/branches/demo/holds", {},
                          {{"service", "account"}, {"start", "2026-11-26T10:30:00+08:00"}}));
    const auto booked = parsed(
        hub.create("/v1/holds/" + held.at("id").get<std::string>() + "/confirm", {},
                   {{"name", "Ada Lovelace"}, {"phone", "13800005621"}, {"language", "en"}}));
    const auto page = "/t/" + booked.at("token").get<std::string>();
    const auto text = hub.get(page).body;
    CHECK(has(text, "10:30"));
    CHECK(has(text, "your identity card, your old bank card"));
    CHECK(has(text, "<svg class=\"qr\""));
    CHECK_FALSE(has(text, "Lovelace"));
    CHECK_FALSE(has(text, "13800005621"));
    CHECK(submit(hub, page + "/give-up", "version=99").status == 409);
    const auto version = booked.at("version").dump();
    CHECK(submit(hub, page + "/give-up", "version=" + version).status == 303);
    CHECK(has(hub.get(page).body, "booking is cancelled"));
}

TEST_CASE("pages: a number is taken and a time is booked by plain forms, each once")
{
    HubCaller hub;
    const auto keyIn = [](const std::string& page) {
        const auto at = page.find("name=\"key\" value=\"") + 18;
        return page.substr(at, page.find('"', at) - at);
    };
    SECTION("a number")
    {
        const auto form = "service=cash&key=" + keyIn(hub.get("/o/demo").body);
        const auto taken = submit(hub, "/o/demo/take", form);
        CHECK(taken.status == 303);
        CHECK(has(std::string(taken.header("Location")), "/t/"));
        CHECK(submit(hub, "/o/demo/take", form).header("Location") == taken.header("Location"));
        const auto refused = submit(hub, "/o/demo/take", "service=gold&key=" + randomUuid());
        CHECK(refused.status == 422);
        CHECK(has(refused.body, "class=\"note\""));
        CHECK(submit(hub, "/o/demo/take", "service=cash").status == 400); // no key, no number
        CHECK(submit(hub, "/o/elsewhere/take", form).status == 404);
        CHECK(hub.get("/o/demo/take").status == 303); // a reload of what was refused
    }
    SECTION("a time")
    {
        const std::string start = "2026-11-26T10:30:00+08:00";
        const auto page =
            hub.send({.path = "/o/demo/book",
                      .query = {{"service", "wealth"}, {"date", "2026-11-26"}, {"start", start}}})
                .body;
        const auto form =
            "service=wealth&start=2026-11-26T10%3A30%3A00%2B08%3A00&key=" + keyIn(page);
        const auto wrong = submit(hub, "/o/demo/book", form + "&name=Ada&phone=12");
        CHECK(wrong.status == 422);
        CHECK(has(wrong.body, "value=\"Ada\""));
        const auto booked = submit(hub, "/o/demo/book", form + "&name=Ada&phone=13800005621");
        CHECK(booked.status == 303);
        const std::string address(booked.header("Location"));
        CHECK(has(hub.get(address.substr(0, address.find('?'))).body, "10:30"));
        CHECK(
            submit(hub, "/o/demo/book", form + "&name=Ada&phone=13800005621").header("Location") ==
            address);
        CHECK(submit(hub, "/o/demo/book", "service=wealth&start=soon&key=" + randomUuid()).status ==
              422);
        CHECK(submit(hub, "/o/demo/book", "%").status == 200);
    }
    SECTION("no more times than one phone may have")
    {
        const auto book = [&hub](int hour) {
            return submit(hub, "/o/demo/book",
                          fmt::format("service=wealth&start=2026-11-27T{}%3A00%3A00%2B08%3A00"
                                      "&key={}&name=Ada&phone=13800005621&lang=en",
                                      hour, randomUuid()));
        };
        for (const int hour : {10, 11, 14}) {
            CHECK(book(hour).status == 303);
        }
        const auto refused = book(15);
        CHECK(refused.status == 409);
        CHECK(has(refused.body, "class=\"note\""));
        CHECK(has(refused.body, "value=\"Ada\""));
    }
    SECTION("nothing in a visitor's name from another site's page")
    {
        for (const char* step : {"/take", "/book"}) {
            const auto answer =
                hub.send({.method = "POST",
                          .path = std::string("/o/demo") + step,
                          .query = {{"lang", "en"}},
                          .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                                      {"Sec-Fetch-Site", "cross-site"}},
                          .body = "service=cash&key=" + randomUuid()});
            CHECK(answer.status == 403);
            CHECK(has(answer.body, "Nothing was done."));
        }
    }
}

TEST_CASE("pages: a booked time is moved by links and a plain form, and keeps its number")
{
    HubCaller hub;
    const auto hold = [&](const char* start) {
        return parsed(
            hub.create("/v1/branches/demo/holds", {}, {{"service", "wealth"}, {"start", start}}));
    };
    const auto booked = parsed(hub.create(
        "/v1/holds/" + hold("2026-11-26T10:30:00+08:00").at("id").get<std::string>() + "/confirm",
        {}, {{"name", "Ada"}, {"phone", "13800005621"}, {"language", "en"}}));
    const auto page = "/t/" + booked.at("token").get<std::string>();
    const std::map<std::string, std::string> later{
        {"lang", "en"}, {"date", "2026-11-27"}, {"start", "2026-11-27T11:00:00+08:00"}};
    CHECK(has(hub.get(page).body, page + "/move?lang=en"));
    CHECK(has(hub.get(page + "/move").body, page + "/move?lang=en&amp;date=2026-11-27"));
    const auto last = hub.send({.path = page + "/move", .query = later}).body;
    CHECK(has(last, "Booked so far: "));
    CHECK(has(last, "name=\"start\" value=\"2026-11-27T11:00:00+08:00\""));
    const std::string chosen = "start=2026-11-27T11%3A00%3A00%2B08%3A00&version=";
    const auto version = booked.at("version").dump();

    SECTION("once done, the address shows the new time under the same number")
    {
        const auto moved = submit(hub, page + "/move", chosen + version);
        CHECK(moved.status == 303);
        CHECK(std::string(moved.header("Location")).starts_with(page));
        CHECK(submit(hub, page + "/move", chosen + version).status == 303); // sent twice
        const auto text = hub.get(page).body;
        CHECK(has(text, "11:00"));
        CHECK(has(text, "The time has changed, the number has not."));
        const auto code = booked.at("code").get<std::string>();
        CHECK(has(text, code.substr(0, 3) + " " + code.substr(3, 4) + " " + code.substr(7)));
    }
    SECTION("sent twice at the same moment, both are told that it is done")
    {
        const auto send = [&] { return submit(hub, page + "/move", chosen + version).status; };
        auto other = std::async(std::launch::async, send);
        CHECK(send() == 303);
        CHECK(other.get() == 303);
        CHECK(has(hub.get(page).body, "11:00"));
    }
    SECTION("a page that is old changes nothing and gives the new time back")
    {
        const auto slots = [&hub] {
            return parsed(hub.send({.path = "/v1/branches/demo/slots",
                                    .query = {{"service", "wealth"}, {"date", "2026-11-27"}}}));
        };
        const auto before = slots();
        const auto old = submit(hub, page + "/move", chosen + "99");
        CHECK(old.status == 412);
        CHECK(has(old.body, "class=\"note\""));
        CHECK(has(hub.get(page).body, "10:30"));
        CHECK(slots() == before);
        CHECK(hub.get(page + "/give-up").status == 303); // a reload of what was refused
    }
    SECTION("a time that somebody else took is said, and the booking stays")
    {
        for (int seat = 0; seat < 2; ++seat) {
            static_cast<void>(hold("2026-11-27T11:00:00+08:00"));
        }
        const auto taken = submit(hub, page + "/move", chosen + version);
        CHECK(taken.status == 409);
        CHECK(has(taken.body, "Somebody has just taken this time"));
        CHECK(has(hub.get(page).body, "10:30"));
    }
    SECTION("nonsense and a cancelled booking move nothing")
    {
        CHECK(submit(hub, page + "/move", "start=soon&version=" + version).status == 422);
        CHECK(submit(hub, page + "/move", "%").status == 200);
        CHECK(submit(hub, page + "/give-up", "version=" + version).status == 303);
        CHECK(submit(hub, page + "/move", chosen + version).status == 303);
        CHECK(has(hub.get(page).body, "booking is cancelled"));
        CHECK(hub.get("/t/x/move").header("Location") == "/t/x"); // which is not found
    }
}

TEST_CASE("pages: booking goes by links from service to day to time")
{
    HubCaller hub;
    const auto book = [&](std::map<std::string, std::string> chosen) {
        chosen["lang"] = "en";
        return hub.send({.path = "/o/demo/book", .query = std::move(chosen)}).body;
    };
    CHECK(has(book({}), "service=wealth"));
    const auto days = book({{"service", "wealth"}});
    CHECK(has(days, "&amp;date=2026-11-26"));
    CHECK(has(days, "href=\"?lang=zh-CN&amp;service=wealth\"")); // the other language goes on here
    const auto times = book({{"service", "wealth"}, {"date", "2026-11-26"}});
    CHECK(has(times, "&amp;start=2026-11-26T10%3A30%3A00%2B08%3A00"));
    CHECK(has(book({{"service", "wealth"},
                    {"date", "2026-11-26"},
                    {"start", "2026-11-26T10:30:00+08:00"}}),
              "data-book"));
    CHECK(has(book({{"service", "<b>"}, {"date", "x"}}), "What would you like to do?"));
    CHECK(has(book({{"service", "wealth"}, {"date", "2020-01-01"}}), "This day is full"));
}

TEST_CASE("pages: a guessed token changes nothing and learns nothing")
{
    HubCaller hub;
    for (const auto& token : {std::string("x"), randomToken()}) {
        CHECK(submit(hub, "/t/" + token + "/give-up", "version=1").status == 404);
    }
    const auto visit = hub.take();
    const auto page = "/t/" + visit.at("token").get<std::string>();
    CHECK(submit(hub, page + "/give-up", "version=%").status == 200); // the page, nothing done
    CHECK(submit(hub, page + "/give-up", "").status == 409);
    CHECK(hub.visit(visit.at("id")).at("state") == "waiting");
}

TEST_CASE("hub: staff see who waits in the order of calling, customers and kiosks do not")
{
    HubCaller hub;
    const auto first = hub.take("cash");
    hub.take("wealth");
    const auto list = [&](const std::string& bearer, const std::string& state) {
        return hub.send({.path = "/v1/branches/demo/visits",
                         .query = {{"state", state}},
                         .headers = {{"Authorization", "Bearer " + bearer}}});
    };
    const auto waiting = parsed(list(hub.teller, "waiting")).at("visits");
    REQUIRE(waiting.size() == 2);
    CHECK(waiting[0].at("ticket").at("label") == "A001");
    CHECK(waiting[0].at("ahead") == 0);
    CHECK(waiting[1].at("ahead") == 1);
    const auto session = hub.openSession(hub.teller, "2");
    REQUIRE(hub.callNext(session, hub.teller).status == 200);
    REQUIRE(hub.command(first.at("id"), "arrive").status == 200);
    REQUIRE(hub.command(first.at("id"), "park", {{"reason", "form"}}).status == 200);
    CHECK(parsed(list(hub.supervisor, "parked,serving")).at("visits")[0].at("reason") == "form");
    CHECK(list(hub.teller, "waiting,sleeping").status == 422);
    CHECK(list(hub.teller, "").status == 422);
    CHECK(list(hub.terminal, "waiting").status == 403);
    CHECK(list(first.at("token"), "waiting").status == 401);
}

TEST_CASE("html: text cannot become markup")
{
    CHECK(escaped("<a href=\"x\" id='y'>&</a>") ==
          "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;&lt;/a&gt;");
    CHECK(escaped("号码") == "号码");
}

TEST_CASE("form: fields are decoded, and a body that is none is refused")
{
    const auto form = parseForm("version=12&name=%E7%8E%8B+x&&empty=&=y&version=13");
    REQUIRE(form);
    CHECK(form->at("name") == "王 x");
    CHECK(form->at("empty").empty());
    CHECK(form->size() == 3);
    CHECK(numberIn(*form, "version") == 13);
    CHECK(numberIn(*form, "name") == 0);
    CHECK(numberIn(*form, "absent") == 0);
    CHECK_FALSE(parseForm("a=%2"));
    std::string many;
    for (int i = 0; i < 65; ++i) {
        many += "a=1&";
    }
    CHECK_FALSE(parseForm(many));
}
