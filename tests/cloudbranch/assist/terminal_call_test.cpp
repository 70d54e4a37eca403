// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/assist/terminal_call.h"

#include <catch2/catch.hpp>

using namespace guichet::assist;
using namespace guichet::signalling;
using nlohmann::json;
using Media = TerminalCall::Media;

namespace {

const json kIce = {{"servers", {{{"urls", {"turn:relay"}}}}}, {"relayOnly", false}};

/// One customer after the other at a terminal that records, with a guichet-call in good health.
struct Terminal {
    TerminalCall call{TerminalCall::Settings{
        .camera = "/run/camera",
        .picture = "/run/staff",
        .recording = TerminalCall::Recording{"/data", "k1", "/bank.pem", "/k1.pem"}}};
    std::string assist = "as-1";
    std::string caseId = "case-1";

    Terminal()
    {
        call.follow(assist, {});
        call.becomeReady();
    }

    void news(AssistState state, Mode mode = Mode::Video, json ice = kIce)
    {
        AssistNews now{assist, caseId};
        now.state = state;
        now.mode = mode;
        now.ice = std::move(ice);
        call.follow(assist, now);
    }
    void hear(const std::string& event, json members = json::object())
    {
        members["event"] = event;
        call.hear(members);
    }
    void opened() { hear("opened", {{"case", caseId}}); }
    void media(const char* state) { hear("media", {{"state", state}, {"mode", "video"}}); }

    /// Staff answer, the customer agrees, both see each other and the call is recorded.
    void talk()
    {
        news(AssistState::Joining);
        call.begin(true);
        opened();
        media("up");
        news(AssistState::Talking);
        static_cast<void>(call.take());
    }
    void nextCustomer()
    {
        assist = "as-2";
        caseId = "case-2";
        call.follow(assist, {});
    }

    /// The commands that guichet-call has got since the last time; what the hub heard is dropped.
    std::vector<std::string> commands()
    {
        std::vector<std::string> names;
        for (const auto& [toHub, message] : call.take()) {
            if (!toHub) {
                names.push_back(message.at("do"));
            }
        }
        return names;
    }
    /// What the hub was told about the media.
    std::vector<std::string> told()
    {
        std::vector<std::string> words;
        for (const auto& [toHub, message] : call.take()) {
            if (toHub && message.at("type") == "media") {
                words.push_back(message.at("state").get<std::string>() + " " +
                                message.at("mode").get<std::string>());
            }
        }
        return words;
    }
};

using Words = std::vector<std::string>;
using Cases = std::set<std::string>;

} // namespace

TEST_CASE("terminal's call: nobody is filmed before staff have answered and the customer is ready")
{
    Terminal terminal;
    terminal.news(AssistState::Waiting);
    terminal.news(AssistState::Joining);
    CHECK(terminal.commands().empty());
    terminal.call.begin(false);
    CHECK(terminal.commands() == Words{"open", "connect"});
    CHECK(terminal.call.media() == Media::Connecting);
    CHECK(terminal.call.waits());
    terminal.media("up");
    CHECK_FALSE(terminal.call.waits());
    CHECK(terminal.told() == Words{"up video"});
}

TEST_CASE("terminal's call: what opens a case names camera, picture and who may read the recording")
{
    Terminal terminal;
    terminal.news(AssistState::Joining);
    terminal.call.begin(true);
    CHECK(terminal.call.take().front().message == json{{"do", "open"},
                                                       {"case", "case-1"},
                                                       {"mode", "video"},
                                                       {"camera", "/run/camera"},
                                                       {"remotePicture", "/run/staff"},
                                                       {"record",
                                                        {{"root", "/data"},
                                                         {"terminal", "k1"},
                                                         {"recipient", "/bank.pem"},
                                                         {"signer", "/k1.pem"}}}});
    CHECK_FALSE(terminal.call.recording());
    terminal.opened();
    CHECK(terminal.call.recording());
    CHECK(terminal.commands() == Words{"log"});
}

TEST_CASE("terminal's call: who has not agreed is not recorded")
{
    Terminal terminal;
    terminal.news(AssistState::Joining);
    terminal.call.begin(false);
    CHECK_FALSE(terminal.call.take().front().message.contains("record"));
    terminal.opened();
    CHECK_FALSE(terminal.call.recording());
    CHECK(terminal.call.written().empty());
}

TEST_CASE("terminal's call: whose recording cannot begin has a call of words, which the hub keeps")
{
    Terminal terminal;
    terminal.news(AssistState::Joining);
    terminal.call.begin(true);
    static_cast<void>(terminal.call.take());
    terminal.hear("failed", {{"of", "open"}, {"code", "busy"}});
    CHECK(terminal.told() == Words{"up text"});
    CHECK(terminal.call.media() == Media::None);
    CHECK(terminal.call.written().empty());
    terminal.news(AssistState::Talking, Mode::Text);
    CHECK(terminal.commands().empty()); // it is not tried again for this customer
}

TEST_CASE("terminal's call: a recording that fails in mid-call ends, and the call goes on")
{
    Terminal terminal;
    terminal.talk();
    terminal.hear("failed", {{"of", "open"}, {"code", "busy"}});
    CHECK_FALSE(terminal.call.recording());
    CHECK(terminal.call.media() == Media::Up);
    CHECK(terminal.call.take().empty());
    CHECK(terminal.call.written() == Cases{"case-1"}); // other tracks may go on
}

TEST_CASE(
    "terminal's call: a guichet-call that dies is told to both, and records the same case again")
{
    Terminal terminal;
    terminal.talk();
    terminal.call.showCamera(false);
    static_cast<void>(terminal.call.take());
    terminal.call.loseProcess();
    CHECK(terminal.told() == Words{"lost video"});
    CHECK(terminal.call.media() == Media::Lost);
    CHECK_FALSE(terminal.call.recording());
    CHECK(terminal.call.written() == Cases{"case-1"}); // nobody takes it away meanwhile
    terminal.news(AssistState::Interrupted);
    CHECK(terminal.commands().empty());

    terminal.call.becomeReady();
    const auto said = terminal.call.take();
    REQUIRE(said.size() == 3);
    CHECK(said[0].message.at("do") == "open");
    CHECK(said[0].message.at("case") == "case-1");
    CHECK(said[0].message.contains("record"));
    CHECK(said[1].message == json{{"do", "camera"}, {"on", false}}); // still hidden
    CHECK(said[2].message.at("do") == "connect");
    terminal.opened();
    terminal.media("up");
    CHECK(terminal.call.recording());
    CHECK(terminal.told() == Words{"up video"});
}

TEST_CASE("terminal's call: a kiosk that comes back takes the case up before the hub has spoken")
{
    Terminal terminal;
    terminal.call.begin(true); // the journey stands in the call
    terminal.call.follow(terminal.assist, {});
    CHECK(terminal.commands().empty());
    terminal.news(AssistState::Talking);
    CHECK(terminal.commands() == Words{"open", "connect"});
    CHECK(terminal.call.written() == Cases{"case-1"});
}

TEST_CASE("terminal's call: handed on, the recording goes on and the next seat is reached anew")
{
    Terminal terminal;
    terminal.talk();
    terminal.news(AssistState::Waiting, Mode::Video, json::object());
    CHECK(terminal.commands() == Words{"disconnect"});
    CHECK(terminal.call.media() == Media::None);
    CHECK(terminal.call.recording());
    terminal.media("lost"); // of the peer connection that was left
    CHECK(terminal.told().empty());
    terminal.news(AssistState::Joining);
    terminal.call.begin(true);
    CHECK(terminal.commands() == Words{"connect"});
}

TEST_CASE(
    "terminal's call: the next customer's call does not take the protection of a case that is "
    "still being closed")
{
    Terminal terminal;
    terminal.talk();
    terminal.news(AssistState::WrapUp);
    CHECK(terminal.commands() == Words{"disconnect", "close"});
    CHECK(terminal.call.written() == Cases{"case-1"});
    terminal.nextCustomer();
    terminal.news(AssistState::Joining);
    terminal.call.begin(true);
    CHECK(terminal.call.written() == Cases{"case-1", "case-2"});
    terminal.hear("closed", {{"case", "case-1"}});
    CHECK(terminal.call.written() == Cases{"case-2"});
}

TEST_CASE("terminal's call: a guichet-call that dies while it closes a case lets go of it")
{
    Terminal terminal;
    terminal.talk();
    terminal.news(AssistState::WrapUp);
    terminal.call.loseProcess();
    CHECK(terminal.call.written().empty());
    CHECK(terminal.told().empty());
}

TEST_CASE("terminal's call: the next customer has neither hidden nor agreed to anything")
{
    Terminal terminal;
    terminal.talk();
    terminal.call.showCamera(false);
    terminal.news(AssistState::WrapUp);
    terminal.nextCustomer();
    CHECK(terminal.call.cameraOn());
    terminal.news(AssistState::Joining);
    CHECK(terminal.commands() == Words{"camera", "disconnect", "close"});
}

TEST_CASE("terminal's call: fresh credentials go to guichet-call, without a new connection")
{
    Terminal terminal;
    terminal.talk();
    const json fresh = {{"servers", {{{"urls", {"turn:relay"}}, {"username", "2:k1"}}}},
                        {"relayOnly", false}};
    terminal.news(AssistState::Talking, Mode::Video, fresh);
    CHECK(terminal.call.take() ==
          std::vector<TerminalCall::Said>{{false, {{"do", "servers"}, {"ice", fresh}}}});
    terminal.news(AssistState::Talking, Mode::Video, fresh);
    CHECK(terminal.call.take().empty());
}

TEST_CASE("terminal's call: where picture and sound do not come, words must do; it goes on trying")
{
    Terminal terminal;
    terminal.news(AssistState::Joining);
    terminal.call.begin(false);
    static_cast<void>(terminal.call.take());
    terminal.call.losePatience();
    CHECK(terminal.told() == Words{"up text"});
    terminal.news(AssistState::Talking, Mode::Text);
    CHECK_FALSE(terminal.call.waits());
    terminal.media("lost");
    CHECK(terminal.call.take().empty()); // neither left nor begun anew, and words are not lost
    terminal.opened();
    terminal.media("up");
    CHECK(terminal.told() == Words{"up video"});
}

TEST_CASE("terminal's call: a picture that was there and does not come back leaves words, too")
{
    Terminal terminal;
    terminal.talk();
    terminal.media("lost");
    CHECK(terminal.told() == Words{"lost video"});
    terminal.news(AssistState::Interrupted);
    CHECK(terminal.call.waits());
    terminal.call.losePatience();
    CHECK(terminal.told() == Words{"up text"});
    terminal.news(AssistState::Talking, Mode::Text);
    terminal.media("up");
    CHECK(terminal.told() == Words{"up video"});
}

TEST_CASE("terminal's call: at the next seat a call that came down to words has its picture again")
{
    Terminal terminal;
    terminal.news(AssistState::Joining);
    terminal.call.begin(false);
    terminal.call.losePatience();
    terminal.news(AssistState::Talking, Mode::Text);
    terminal.news(AssistState::Waiting, Mode::Text, json::object());
    static_cast<void>(terminal.call.take());
    terminal.news(AssistState::Joining, Mode::Text);
    terminal.call.begin(false);
    CHECK(terminal.commands() == Words{"connect"});
}

TEST_CASE("terminal's call: without a guichet-call, or asked for as words, it is one of words")
{
    TerminalCall call{TerminalCall::Settings{.pictures = false}};
    Terminal terminal;
    const bool none = GENERATE(true, false);
    auto& now = none ? call : terminal.call;
    AssistNews news{"as-1", "case-1"};
    news.state = AssistState::Joining;
    news.mode = none ? Mode::Video : Mode::Text;
    now.follow("as-1", news);
    now.begin(false);
    CHECK(now.take() == std::vector<TerminalCall::Said>{
                            {true, {{"type", "media"}, {"state", "up"}, {"mode", "text"}}}});
}

TEST_CASE("terminal's call: that it is up is said again if the hub has not heard it")
{
    Terminal terminal;
    terminal.news(AssistState::Joining);
    terminal.call.begin(false);
    terminal.media("up");
    static_cast<void>(terminal.call.take());
    terminal.news(AssistState::Joining); // the line was cut, and this is the new one's first word
    CHECK(terminal.told() == Words{"up video"});
    terminal.news(AssistState::Talking);
    CHECK(terminal.told().empty());
}

TEST_CASE("terminal's call: what the seat says goes to guichet-call while it has the case")
{
    Terminal terminal;
    const Signal answer{.type = SignalType::Answer, .body = {{"sdp", "v=0"}}};
    terminal.call.hearSeat(answer);
    CHECK(terminal.commands().empty());
    terminal.talk();
    terminal.call.hearSeat(answer);
    CHECK(terminal.call.take() ==
          std::vector<TerminalCall::Said>{{false, {{"do", "answer"}, {"sdp", "v=0"}}}});
}
