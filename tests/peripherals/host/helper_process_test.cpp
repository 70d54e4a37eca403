// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/helper_process.h"

#include <chrono>
#include <csignal>

#include <catch2/catch.hpp>

#include "peripherals/host/helper_protocol.h"
#include "tests/peripherals/host/waiting.h"

using namespace guichet;
using namespace guichet::host;
using namespace std::chrono_literals;
using nlohmann::json;
using test::FakeHelper;

TEST_CASE("host: a helper performs and tells events", "[host]")
{
    FakeHelper helper;
    REQUIRE(helper.ups.take());
    helper.start("echo", {{"a", 1}});
    CHECK(helper.events.take() == "heard");
    const auto answer = helper.answers.take();
    REQUIRE(answer);
    CHECK(*answer == json{{"a", 1}});
}

TEST_CASE("host: an operation that can stop is stopped without a kill", "[host]")
{
    FakeHelper helper;
    REQUIRE(helper.ups.take());
    const auto number = helper.start("wait");
    CHECK(helper.events.take() == "waiting");
    helper.process.stop(number);
    const auto answer = helper.answers.take();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::Cancelled);
    CHECK(helper.process.counters().kills == 0);
}

TEST_CASE("host: a crash costs its operation only, and the helper is back within 2 s", "[host]")
{
    FakeHelper helper;
    REQUIRE(helper.ups.take());
    const auto begun = std::chrono::steady_clock::now();
    helper.start("crash");
    const auto answer = helper.answers.take();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::Protocol);
    CHECK(answer.error().remedy == Remedy::ReinsertCard);
    CHECK_FALSE(helper.ups.take());
    CHECK(helper.ups.take());
    CHECK(std::chrono::steady_clock::now() - begun < 2s);
    CHECK(helper.process.counters().crashes == 1);
    helper.start("echo", {{"a", 2}});
    CHECK(helper.answers.take());
}

TEST_CASE("host: however often a helper crashes, it is started again, after 1.5 s at the most",
          "[host]")
{
    const HelperConfig usual;
    CHECK(restartPause(usual, 0) == 100ms);
    CHECK(restartPause(usual, 1) == 200ms);
    CHECK(restartPause(usual, 3) == 800ms);
    CHECK(restartPause(usual, 4) == 1500ms);
    CHECK(restartPause(usual, 1'000'000) == 1500ms);

    FakeHelper helper(FakeHelper::configuration());
    for (int crash = 1; crash <= 3; ++crash) {
        REQUIRE(helper.ups.take());
        helper.start("crash");
        CHECK_FALSE(helper.ups.take());
    }
    CHECK(helper.ups.take());
}

TEST_CASE("host: a device that hangs is killed", "[host]")
{
    FakeHelper helper;
    REQUIRE(helper.ups.take());
    const std::string how = GENERATE("mute", "freeze");
    helper.start(how);
    const auto answer = helper.answers.take();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::Protocol);
    CHECK_FALSE(helper.ups.take());
    CHECK(helper.ups.take());
    CHECK(helper.process.counters().kills == 1);
    CHECK(helper.process.counters().operationsLost == 1);
}

TEST_CASE("host: a device that does not let go is killed", "[host]")
{
    FakeHelper helper;
    REQUIRE(helper.ups.take());
    const auto number = helper.start("cling");
    CHECK(helper.events.take() == "waiting");
    helper.process.stop(number);
    CHECK_FALSE(helper.answers.take());
    CHECK_FALSE(helper.ups.take());
    CHECK(helper.ups.take());
    CHECK(helper.process.counters().kills == 1);
}

TEST_CASE("host: without a helper an operation fails at once", "[host]")
{
    auto config = FakeHelper::configuration();
    config.command.emplace_back("dies");
    FakeHelper helper(config);
    helper.start("echo");
    const auto answer = helper.answers.take();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::Disconnected);
}

TEST_CASE("host: helper messages survive the pipe", "[host]")
{
    const HelperMessage sent{HelperMessage::Kind::Event, 7, "name", {{"text", "line\nbreak"}}};
    LineBuffer lines;
    const auto text = encode(sent);
    auto early = lines.feed(text.substr(0, 5));
    REQUIRE(early);
    CHECK(early->empty());
    const auto late = lines.feed(text.substr(5));
    REQUIRE(late);
    REQUIRE(late->size() == 1);
    const auto read = decodeHelperMessage(late->front());
    REQUIRE(read);
    CHECK(read->kind == sent.kind);
    CHECK(read->id == 7);
    CHECK(read->data == sent.data);
}

TEST_CASE("host: what is no helper message is refused", "[host]")
{
    const std::string line = GENERATE(std::string(), std::string("[]"), std::string("{}"),
                                      std::string(R"({"kind":"dance","id":1})"),
                                      std::string(R"({"kind":"do","id":-1})"));
    CHECK_FALSE(decodeHelperMessage(line));
}
