// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/control_message.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace guichet;
using namespace guichet::call;
using nlohmann::json;

namespace {

constexpr const char* kCase = "11111111-2222-3333-4444-555555555555";

std::string detailOf(const std::string& line)
{
    const auto parsed = parseControlLine(line);
    return parsed.command ? "accepted" : parsed.command.error().detail;
}

std::string open(const std::string& more)
{
    return std::string(R"({"do":"open","case":")") + kCase +
           R"(","mode":"video","remotePicture":"/run/p.sock")" + more + "}";
}

} // namespace

TEST_CASE("call control: open names the case, what is filmed, shown and recorded")
{
    const auto parsed =
        parseControlLine(open(R"(,"camera":"/run/c.sock","record":{"root":"/data","terminal":"k1",)"
                              R"("recipient":"/bank.pem","signer":"/k1.pem"})"));
    CHECK(parsed.of == "open");
    REQUIRE(parsed.command);
    CHECK(std::get<Open>(*parsed.command) ==
          Open{.caseId = kCase,
               .mode = Mode::Video,
               .camera = "/run/c.sock",
               .remotePicture = "/run/p.sock",
               .record = RecordPlan{"/data", "k1", "/bank.pem", "/k1.pem"}});
}

TEST_CASE("call control: without a camera and without a recording a case opens, too")
{
    const auto parsed = parseControlLine(open(""));
    REQUIRE(parsed.command);
    CHECK(std::get<Open>(*parsed.command).camera.empty());
    CHECK_FALSE(std::get<Open>(*parsed.command).record);
}

TEST_CASE("call control: connect brings the servers' addresses and the way that is allowed")
{
    const auto parsed =
        parseControlLine(R"({"do":"connect","ice":{"servers":[{"urls":["turn:h:3478","stun:h"],)"
                         R"("username":"1:k1","credential":"s="}],"relayOnly":true}})");
    REQUIRE(parsed.command);
    CHECK(std::get<Connect>(*parsed.command) ==
          Connect{{IceServer{{"turn:h:3478", "stun:h"}, "1:k1", "s="}}, true});
}

TEST_CASE("call control: servers are as connect brings them, for later")
{
    const auto parsed =
        parseControlLine(R"({"do":"servers","ice":{"servers":[{"urls":["turn:h"],)"
                         R"("username":"2:k1","credential":"t="}],"relayOnly":false}})");
    REQUIRE(parsed.command);
    CHECK(std::get<Servers>(*parsed.command).ice ==
          Connect{{IceServer{{"turn:h"}, "2:k1", "t="}}, false});
    CHECK(detailOf(R"({"do":"servers","ice":{"servers":1,"relayOnly":false}})") ==
          "servers: ice: servers: want at most 8 objects");
}

TEST_CASE("call control: what belongs to others is handed on as one line of text")
{
    const auto log = parseControlLine(R"({"do":"log","entry":{"b":"x\ny","a":[1]}})");
    REQUIRE(log.command);
    CHECK(std::get<Log>(*log.command).entry == R"({"a":[1],"b":"x\ny"})");
    const auto tell = parseControlLine(R"({"do":"tell","message":{"pointer":[3,4]}})");
    REQUIRE(tell.command);
    CHECK(std::get<Tell>(*tell.command).message == R"({"pointer":[3,4]})");
}

TEST_CASE("call control: a line of the log may bring a picture, and a name to be told by")
{
    const auto log = parseControlLine(
        R"({"do":"log","entry":{"a":1},"id":"e1","attachment":{"mediaType":"image/png",)"
        R"("data":"iVBO"}})");
    REQUIRE(log.command);
    CHECK(std::get<Log>(*log.command) ==
          Log{R"({"a":1})", "e1",
              Attachment{"image/png", {std::byte{0x89}, std::byte{'P'}, std::byte{'N'}}}});
}

TEST_CASE("call control: what is attached is base64, within bounds")
{
    const auto attached = [](const std::string& data) {
        return detailOf(json{{"do", "log"},
                             {"entry", json::object()},
                             {"attachment", {{"mediaType", "image/png"}, {"data", data}}}}
                            .dump());
    };
    CHECK(attached("?") == "log: attachment: data: want base64 of at most 524288 bytes");
    CHECK(attached(std::string(kLargestAttachment / 3 * 4, 'A')) == "accepted");
    CHECK(attached(std::string(kLargestAttachment / 3 * 4 + 8, 'A')) ==
          "log: attachment: data: want 1 to 699052 bytes of text");
}

TEST_CASE("call control: how long a case is kept is a class, its months, and whether they run")
{
    const auto retain = parseControlLine(
        R"({"do":"retain","class":"wealth-sale","months":12,"running":true,"id":"r"})");
    REQUIRE(retain.command);
    CHECK(std::get<Retain>(*retain.command) == Retain{"wealth-sale", 12, true, "r"});
    CHECK(detailOf(R"({"do":"retain","class":"x","months":1201,"running":true})") ==
          "retain: months: want a number from 0 to 1200");
}

TEST_CASE("call control: a wrong member is named, with what was wanted")
{
    CHECK(detailOf(R"({"do":"camera"})") == "camera: on: is missing");
    CHECK(detailOf(R"({"do":"camera","on":1})") == "camera: on: want true or false");
    CHECK(detailOf(R"({"do":"camera","on":true,"x":1})") ==
          "camera: there is a member that nobody knows");
    CHECK(detailOf(R"({"do":"candidate","candidate":"c","line":33})") ==
          "candidate: line: want a number from 0 to 32");
    CHECK(detailOf(R"({"do":"open","case":"7","mode":"video","remotePicture":"p"})") ==
          "open: case: want a UUID");
    CHECK(detailOf(open(R"(,"record":{"root":"/d","terminal":"k","recipient":"/b","x":1})")) ==
          "open: record: there is a member that nobody knows");
    CHECK(detailOf(R"({"do":"connect","ice":{"servers":[{"urls":[]}],"relayOnly":false}})") ==
          "connect: ice: servers: urls: want 1 to 8 URLs of at most 512 bytes");
    CHECK(detailOf(R"({"do":"log","entry":"text"})") ==
          "log: entry: want an object of at most 32768 bytes");
}

TEST_CASE("call control: a line that is no command is refused, and a wrong one says of which")
{
    for (const auto* line : {"", "[]", "{", R"({"do":1})", R"({"do":"dance"})", R"({"on":true})",
                             R"({"do":"close","do":"close"})", "{\"do\":\"clo\xFFse\"}"}) {
        const auto parsed = parseControlLine(line);
        INFO(line);
        CHECK(parsed.of.empty());
        REQUIRE_FALSE(parsed.command);
        CHECK(parsed.command.error().code == Errc::Invalid);
    }
    CHECK(parseControlLine(R"({"do":"close","now":true})").of == "close");
}

TEST_CASE("call control: a line that is too long or too deep is refused")
{
    const json longest{{"do", "tell"}, {"message", {{"text", std::string(kLongestLine, 'x')}}}};
    CHECK(detailOf(longest.dump()).find("want at most 1048576") != std::string::npos);
    const auto deep = R"({"do":"tell","message":)" + std::string(20, '[') + std::string(20, ']');
    CHECK(detailOf(deep + "}") == "want one JSON object, no member twice, at most 16 levels deep");
}
