// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/cloudbranch/signalling/exchange.h"

using namespace guichet;
using namespace guichet::signalling;
using namespace guichet::test;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> types(const SwitchOutcome& outcome)
{
    std::vector<std::string> all;
    for (const auto& entry : outcome.entries) {
        all.push_back(entry.type);
    }
    return all;
}

Errc codeOf(const Result<SwitchOutcome>& answer)
{
    return answer ? Errc::Internal : answer.error().code;
}

/// What a hub that starts again finds on its disk.
SwitchState saved(const Switchboard& board)
{
    SwitchState state{.position = board.position(), .meanCall = board.meanCall()};
    for (const auto& [id, assist] : board.assists()) {
        state.assists.push_back(assist);
    }
    for (const auto& [id, seat] : board.seats()) {
        state.seats.push_back(seat);
    }
    return state;
}

} // namespace

TEST_CASE("switchboard: from the press on help to the outcome")
{
    Exchange exchange;
    exchange.seat("ann");
    CHECK(types(*exchange.run(Ask{"one", "case", "lobby-1"})) ==
          std::vector<std::string>{"assist.asked"});
    CHECK(types(*exchange.run(TerminalConnection{"one", true})) ==
          std::vector<std::string>{"assist.ringing", "seat.ringing"});
    CHECK(types(*exchange.run(Accept{"one", "ann"})) ==
          std::vector<std::string>{"assist.accepted", "seat.busy"});
    CHECK(types(*exchange.run(Join{"one"})) == std::vector<std::string>{"assist.joined"});
    CHECK(types(*exchange.run(HangUp{"one"})) ==
          std::vector<std::string>{"assist.hung_up", "seat.wrap_up"});
    CHECK(types(*exchange.run(Finish{"one", "ann", "done"})) ==
          std::vector<std::string>{"assist.finished", "seat.ready"});
    CHECK(exchange.board.assist("one")->outcome == "done");
    CHECK(exchange.board.seat("ann")->handled == 1);
}

TEST_CASE("switchboard: what is not in the table is refused and changes nothing")
{
    const std::vector<SwitchCommand> wishes{Withdraw{"one"},
                                            LeaveCallBack{"one", "sealed"},
                                            Join{"one"},
                                            Interrupt{"one"},
                                            Accept{"one", "ann"},
                                            Decline{"one", "ann", "busy"},
                                            HangUp{"one"},
                                            Finish{"one", "ann", "done"},
                                            Transfer{"one", "ann", "bob"},
                                            TakeCallBack{"one", "bob"},
                                            Consult{"one", "ann", "bob"}};
    // For each state, in the order of the wishes: y is done, - is refused.
    const std::vector<std::pair<std::string, std::function<void(Exchange&)>>> states{
        {"yy---------",
         [](Exchange& at) {
             at.run(SetAway{"ann", "break"}).value();
         }},
        {"yy--yy-----", [](Exchange&) {}},
        {"--y-y-y-y-y",
         [](Exchange& at) {
             at.run(Accept{"one", "ann"}).value();
         }},
        {"--yyy-y-y-y",
         [](Exchange& at) {
             at.run(Accept{"one", "ann"}).value();
             at.run(Join{"one"}).value();
         }},
        {"--yyy-y-y-y",
         [](Exchange& at) {
             at.run(Accept{"one", "ann"}).value();
             at.run(Join{"one"}).value();
             at.run(Interrupt{"one"}).value();
         }},
        {"------yy---",
         [](Exchange& at) {
             at.run(Accept{"one", "ann"}).value();
             at.run(HangUp{"one"}).value();
         }},
        {"-y----y--y-",
         [](Exchange& at) {
             at.run(LeaveCallBack{"one", "sealed"}).value();
         }},
        {"y-----y----", [](Exchange& at) { at.run(Withdraw{"one"}).value(); }},
    };
    for (const auto& [legal, prepare] : states) {
        std::string done;
        for (const auto& wish : wishes) {
            Exchange exchange;
            exchange.seat("ann");
            exchange.ask("one");
            exchange.run(SignIn{"bob", "remote", {{"zh"}, {"*"}, 0}}).value();
            prepare(exchange);
            const auto before = saved(exchange.board);
            const bool accepted = exchange.run(wish).has_value();
            done += accepted ? 'y' : '-';
            if (!accepted) {
                CHECK(exchange.board.position() == before.position);
                CHECK(exchange.board.assist("one")->version == before.assists.front().version);
            }
        }
        CHECK(done == legal);
    }
}

TEST_CASE("switchboard: only the seat that holds a customer acts on it")
{
    Exchange exchange;
    exchange.seat("ann");
    exchange.talk("one");
    exchange.seat("bob");
    CHECK(codeOf(exchange.run(Accept{"one", "bob"})) == Errc::Denied);
    CHECK(codeOf(exchange.run(HangUp{"one", "bob"})) == Errc::Denied);
    CHECK(codeOf(exchange.run(Transfer{"one", "bob", "ann"})) == Errc::Denied);
    CHECK(codeOf(exchange.run(Finish{"one", "bob", "done"})) == Errc::Denied);
    CHECK(codeOf(exchange.run(Accept{"none", "bob"})) == Errc::NotFound);
    CHECK(codeOf(exchange.run(SetReady{"nobody"})) == Errc::NotFound);
}

TEST_CASE("switchboard: what is asked twice is done once")
{
    Exchange exchange;
    exchange.seat("ann");
    exchange.talk("one");
    CHECK(exchange.run(Accept{"one", "ann"})->entries.empty());
    CHECK(exchange.run(Join{"one"})->entries.empty());
    CHECK(exchange.run(Ask{"one", "case-one", "lobby-1"})->entries.empty());
    CHECK(codeOf(exchange.run(Ask{"one", "case-two", "lobby-1"})) == Errc::Invalid);
    CHECK(codeOf(exchange.run(Ask{"two", "case-one", "lobby-1"})) == Errc::Conflict);
    exchange.run(HangUp{"one", "ann"}).value();
    CHECK(exchange.run(HangUp{"one"})->entries.empty());
    exchange.run(Finish{"one", "ann", "done"}).value();
    CHECK(exchange.run(Finish{"one", "ann", "done"})->entries.empty());
    CHECK(codeOf(exchange.run(Finish{"one", "ann", "refused"})) == Errc::Conflict);
}

TEST_CASE("switchboard: a seat that does not answer is sent away, and the next one is asked")
{
    Exchange exchange({.ring = 20s});
    exchange.seat("ann");
    exchange.ask("one");
    exchange.pass(1s).value();
    exchange.seat("bob");
    CHECK(exchange.board.nextTick() == exchange.now + 19s);
    exchange.pass(19s).value();
    CHECK(exchange.at("one") == "bob");
    CHECK(exchange.board.seat("ann")->state == SeatState::Away);
    CHECK(exchange.board.seat("ann")->reason == "no-answer");
}

TEST_CASE("switchboard: a seat that declines is not asked again at once, but before nobody is")
{
    Exchange exchange({.rest = 60s});
    exchange.seat("ann");
    exchange.ask("one");
    exchange.run(Decline{"one", "ann", "conflict of interest"}).value();
    CHECK(exchange.state("one") == AssistState::Waiting);
    CHECK(exchange.board.seat("ann")->state == SeatState::Ready);
    CHECK(exchange.board.nextTick() == exchange.now + 60s);
    exchange.pass(60s).value();
    CHECK(exchange.at("one") == "ann");
}

TEST_CASE("switchboard: a transfer takes the case and the place along")
{
    Exchange exchange;
    exchange.seat("ann");
    exchange.seat("bob");
    exchange.talk("one");
    exchange.talk("two");
    exchange.pass(30s).value();
    exchange.ask("three");
    exchange.run(Transfer{.assist = "one", .seat = "ann", .needs = Needs{.product = "wealth"}})
        .value();
    CHECK(exchange.at("three") == "ann");
    CHECK(exchange.state("one") == AssistState::Waiting);
    CHECK(exchange.board.assist("one")->caseId == "case-one");
    CHECK(exchange.board.assist("one")->transfers == 1);
    exchange.ask("four");
    exchange.seat("wen", {{"zh"}, {"wealth"}, 0});
    CHECK(exchange.at("one") == "wen");
}

TEST_CASE("switchboard: a transfer to one seat rings there only, and is open to all if it does not")
{
    Exchange exchange({.ring = 20s, .rest = 60s});
    exchange.seat("ann");
    exchange.talk("one");
    exchange.seat("bob");
    exchange.seat("cid");
    exchange.pass(1s).value();
    exchange.talk("two");
    REQUIRE(exchange.at("two") == "bob");
    exchange.run(Transfer{"one", "ann", "bob"}).value();
    CHECK(exchange.state("one") == AssistState::Waiting);
    exchange.pass(20s).value();
    CHECK(exchange.at("one") == "cid");

    CHECK(codeOf(exchange.run(Transfer{"two", "bob", "bob"})) == Errc::Invalid);
    CHECK(codeOf(exchange.run(Transfer{"two", "bob"})) == Errc::Invalid);
    CHECK(codeOf(exchange.run(Transfer{"two", "bob", "nobody"})) == Errc::NotFound);
    exchange.seat("eve", {{"en"}, {"*"}, 0});
    CHECK(codeOf(exchange.run(Transfer{"two", "bob", "eve"})) == Errc::Invalid);
}

TEST_CASE("switchboard: another seat may look at the case for as long as the customer is there")
{
    Exchange exchange;
    exchange.seat("ann");
    exchange.talk("one");
    exchange.seat("bob");
    exchange.run(Consult{"one", "ann", "bob"}).value();
    CHECK(exchange.board.assist("one")->consultant == "bob");
    CHECK(exchange.board.seat("bob")->state == SeatState::Ready);
    exchange.run(SignOut{"bob"}).value();
    CHECK(exchange.board.assist("one")->consultant.empty());
    CHECK(codeOf(exchange.run(Consult{"one", "ann", "bob"})) == Errc::NotFound);
    exchange.seat("bob");
    exchange.run(Consult{"one", "ann", "bob"}).value();
    exchange.run(HangUp{"one"}).value();
    CHECK(exchange.board.assist("one")->consultant.empty());
}

TEST_CASE("switchboard: a pause in the middle of a call begins after it")
{
    Exchange exchange;
    exchange.seat("ann");
    exchange.talk("one");
    exchange.run(SetAway{"ann", "break"}).value();
    CHECK(exchange.board.seat("ann")->state == SeatState::Busy);
    exchange.ask("two");
    exchange.run(HangUp{"one"}).value();
    exchange.run(Finish{"one", "ann", "done"}).value();
    CHECK(exchange.board.seat("ann")->state == SeatState::Away);
    CHECK(exchange.board.seat("ann")->reason == "break");
    CHECK(exchange.state("two") == AssistState::Waiting);
    exchange.run(SetReady{"ann"}).value();
    CHECK(exchange.at("two") == "ann");
}

TEST_CASE("switchboard: who forgets the outcome is ready again after a while, and it is said so")
{
    Exchange exchange({.wrapUp = 120s});
    exchange.seat("ann");
    exchange.talk("one");
    exchange.run(HangUp{"one"}).value();
    exchange.pass(120s).value();
    CHECK(exchange.board.assist("one")->outcome == "unstated");
    CHECK(exchange.board.seat("ann")->state == SeatState::Ready);
}

TEST_CASE("switchboard: a call-back is owed until somebody has made it")
{
    Exchange exchange;
    exchange.ask("one");
    CHECK(codeOf(exchange.run(LeaveCallBack{"one", ""})) == Errc::Invalid);
    exchange.run(LeaveCallBack{"one", "sealed"}).value();
    exchange.seat("ann");
    CHECK(exchange.state("one") == AssistState::CallBack);
    exchange.run(TakeCallBack{"one", "ann"}).value();
    exchange.ask("two");
    CHECK(exchange.state("two") == AssistState::Waiting);
    exchange.pass(1h).value();
    CHECK(exchange.state("one") == AssistState::WrapUp);

    SECTION("the seat leaves before it has")
    {
        exchange.run(SeatConnection{"ann", false}).value();
        exchange.pass(1h).value();
        CHECK(exchange.state("one") == AssistState::CallBack);
        CHECK(exchange.at("one").empty());
    }
    SECTION("the seat has a customer already")
    {
        exchange.run(Finish{"one", "ann", "reached"}).value();
        REQUIRE(exchange.at("two") == "ann");
        exchange.ask("three");
        exchange.run(LeaveCallBack{"three", "sealed"}).value();
        CHECK(codeOf(exchange.run(TakeCallBack{"three", "ann"})) == Errc::Conflict);
    }
}

TEST_CASE("switchboard: a seat whose line is cut may come back; else somebody else takes over")
{
    Exchange exchange({.seatGrace = 20s});
    exchange.seat("ann");
    exchange.talk("one");
    exchange.run(SeatConnection{"ann", false}).value();
    exchange.pass(19s).value();
    CHECK(exchange.state("one") == AssistState::Talking);
    SECTION("it comes back")
    {
        exchange.run(SeatConnection{"ann", true}).value();
        exchange.pass(1h).value();
        CHECK(exchange.at("one") == "ann");
        CHECK(exchange.state("one") == AssistState::Talking);
    }
    SECTION("it does not")
    {
        exchange.seat("bob");
        exchange.pass(1s).value();
        CHECK(exchange.at("one") == "bob");
        CHECK(exchange.board.seat("ann") == nullptr);
    }
}

TEST_CASE("switchboard: a seat whose line is cut while it rings is passed over at once")
{
    Exchange exchange;
    exchange.seat("ann");
    exchange.ask("one");
    exchange.seat("bob");
    exchange.run(SeatConnection{"ann", false}).value();
    CHECK(exchange.at("one") == "bob");
}

TEST_CASE("switchboard: a terminal whose line is cut keeps its place for a while")
{
    Exchange exchange({.terminalGrace = 60s});
    exchange.ask("one");
    exchange.run(TerminalConnection{"one", false}).value();
    exchange.seat("ann");
    CHECK(exchange.state("one") == AssistState::Waiting);
    SECTION("it comes back")
    {
        exchange.run(TerminalConnection{"one", true}).value();
        CHECK(exchange.at("one") == "ann");
    }
    SECTION("it does not")
    {
        exchange.pass(60s).value();
        CHECK(exchange.state("one") == AssistState::Closed);
        CHECK(exchange.board.assist("one")->outcome == "terminal-lost");
    }
    SECTION("somebody was with it")
    {
        exchange.run(TerminalConnection{"one", true}).value();
        exchange.run(Accept{"one", "ann"}).value();
        exchange.run(TerminalConnection{"one", false}).value();
        exchange.pass(60s).value();
        CHECK(exchange.state("one") == AssistState::WrapUp);
        CHECK(exchange.at("one") == "ann");
    }
}

TEST_CASE("switchboard: a hub that starts again goes on where it stood")
{
    Exchange exchange({.seatGrace = 20s, .terminalGrace = 60s});
    exchange.seat("ann");
    exchange.talk("one");
    exchange.ask("two");

    Exchange again(exchange.board.rules());
    again.now = exchange.now + 5s;
    again.board = Switchboard(exchange.board.rules(), saved(exchange.board), again.now);
    CHECK(again.state("one") == AssistState::Talking);
    CHECK(again.board.position() == exchange.board.position());
    again.run(SeatConnection{"ann", true}).value();
    again.run(TerminalConnection{"one", true}).value();
    again.pass(59s).value();
    CHECK(again.state("one") == AssistState::Talking);
    CHECK(again.state("two") == AssistState::Waiting);
    again.pass(1s).value();
    CHECK(again.state("two") == AssistState::Closed);
    CHECK(again.run(HangUp{"one"}).value().entries.front().sequence > exchange.board.position());
}

TEST_CASE("switchboard: closed assists are forgotten after a while, call-backs are not")
{
    Exchange exchange;
    exchange.ask("one");
    exchange.ask("two");
    exchange.run(Withdraw{"one"}).value();
    exchange.run(LeaveCallBack{"two", "sealed"}).value();
    exchange.board.forget(exchange.now + 1s);
    CHECK(exchange.board.assist("one") == nullptr);
    CHECK(exchange.board.assist("two") != nullptr);
}

TEST_CASE("switchboard: nobody is rung for a terminal whose line was never there, and it is let go")
{
    Exchange exchange;
    exchange.seat("mei");
    exchange.run(Ask{"one", "case", "lobby-1"}).value();
    CHECK(exchange.state("one") == AssistState::Waiting);
    CHECK(exchange.at("one").empty());
    exchange.pass(RoutingRules().terminalGrace).value();
    CHECK(exchange.state("one") == AssistState::Closed);
}
