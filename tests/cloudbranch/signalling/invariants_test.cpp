// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "tests/cloudbranch/signalling/exchange.h"

using namespace guichet;
using namespace guichet::signalling;
using namespace guichet::test;
using namespace std::chrono_literals;

namespace {

const std::vector<std::string> kSeats{"ann", "bob", "cid"};

RoutingRules rules()
{
    return {.tiers = {{"near"}, {"remote", 15s}}, .credit = {{"vip", 60s}}};
}

/// Any wish of anybody about anything that may exist.
struct Run {
    Exchange exchange{rules()};
    std::uint64_t position = 0;
    int made = 0;

    std::string anyAssist() const { return "a" + std::to_string(*rc::gen::inRange(1, made + 2)); }
    static std::string anySeat() { return *rc::gen::elementOf(kSeats); }
    static Needs anyNeeds()
    {
        return {.language = *rc::gen::element<std::string>("zh-CN", "en"),
                .product = *rc::gen::element<std::string>("", "wealth"),
                .authority = *rc::gen::inRange(0, 3)};
    }

    SwitchCommand anyCommand()
    {
        switch (*rc::gen::inRange(0, 21)) {
        case 0:
        case 1:
            ++made;
            return Ask{.assist = "a" + std::to_string(made),
                       .caseId = "c" + std::to_string(*rc::gen::inRange(1, made + 1)),
                       .terminal = "t",
                       .needs = anyNeeds(),
                       .customerClass = *rc::gen::element<std::string>("", "vip")};
        case 2:
            return Withdraw{anyAssist()};
        case 3:
            return LeaveCallBack{anyAssist(), "sealed"};
        case 4:
            return Join{anyAssist(), *rc::gen::element(Mode::Video, Mode::Voice, Mode::Text)};
        case 5:
            return Interrupt{anyAssist()};
        case 6:
        case 7:
        case 8:
            return Accept{anyAssist(), anySeat()};
        case 9:
            return Decline{anyAssist(), anySeat(), "busy"};
        case 10:
            return Transfer{.assist = anyAssist(),
                            .seat = anySeat(),
                            .toSeat = *rc::gen::element(std::string(), anySeat()),
                            .needs = anyNeeds()};
        case 11:
            return Consult{anyAssist(), anySeat(), *rc::gen::element(std::string(), anySeat())};
        case 12:
            return Finish{anyAssist(), anySeat(), "done"};
        case 13:
            return TakeCallBack{anyAssist(), anySeat()};
        case 14:
            return HangUp{anyAssist(), *rc::gen::element(std::string(), anySeat())};
        case 15:
            return SignIn{anySeat(),
                          *rc::gen::element<std::string>("near", "remote"),
                          {{"zh", *rc::gen::element<std::string>("en", "bo")},
                           {*rc::gen::element<std::string>("*", "cards")},
                           *rc::gen::inRange(0, 3)}};
        case 16:
        case 17:
            return SetReady{anySeat()};
        case 18:
            return SetAway{anySeat(), "break"};
        case 19:
            return *rc::gen::inRange(0, 3) == 0
                       ? SwitchCommand(SignOut{anySeat()})
                       : SeatConnection{anySeat(), *rc::gen::arbitrary<bool>()};
        default:
            return TerminalConnection{anyAssist(), *rc::gen::arbitrary<bool>()};
        }
    }

    void step()
    {
        exchange.now += std::chrono::milliseconds(*rc::gen::inRange(0, 30'000));
        const auto answer =
            exchange.run(*rc::gen::inRange(0, 4) == 0 ? SwitchCommand(Tick()) : anyCommand());
        if (answer) {
            for (const auto& entry : answer->entries) {
                RC_ASSERT(entry.sequence == ++position);
            }
            nobodyWaitsBesideAFreeSeat();
        }
        RC_ASSERT(exchange.board.position() == position);
        oneToOne();
        nothingIsOverdue();
    }

    void oneToOne() const
    {
        const auto& board = exchange.board;
        const std::map<AssistState, std::set<SeatState>> together{
            {AssistState::Ringing, {SeatState::Ringing}},
            {AssistState::Joining, {SeatState::Busy}},
            {AssistState::Talking, {SeatState::Busy}},
            {AssistState::Interrupted, {SeatState::Busy}},
            {AssistState::WrapUp, {SeatState::WrapUp}}};
        std::set<std::string> held;
        std::set<std::string> cases;
        for (const auto& [id, assist] : board.assists()) {
            const auto states = together.find(assist.state);
            if (states != together.end()) {
                const auto* seat = board.seat(assist.seat);
                RC_ASSERT(seat != nullptr);
                RC_ASSERT(seat->assist == id);
                RC_ASSERT(states->second.contains(seat->state));
                RC_ASSERT(held.insert(assist.seat).second);
            }
            if (assist.state < AssistState::WrapUp) {
                RC_ASSERT(cases.insert(assist.caseId).second);
            }
            RC_ASSERT(assist.consultant.empty() || isAnswered(assist.state));
            RC_ASSERT(assist.state != AssistState::CallBack || !assist.contact.empty());
        }
        for (const auto& [id, seat] : board.seats()) {
            RC_ASSERT(seat.assist.empty() != held.contains(id));
        }
    }

    void nobodyWaitsBesideAFreeSeat() const
    {
        for (const auto& [id, assist] : exchange.board.assists()) {
            for (const auto& [name, seat] : exchange.board.seats()) {
                const auto from = askableFrom(rules(), assist, seat);
                const bool free = seat.state == SeatState::Ready && !seat.lostSince;
                const bool askable = from && *from <= exchange.now;
                const bool waits = assist.state == AssistState::Waiting && !assist.lostSince;
                RC_ASSERT_FALSE(waits && free && askable);
            }
        }
    }

    /// A tick at once would do nothing more if one is not due.
    void nothingIsOverdue()
    {
        const auto next = exchange.board.nextTick();
        if (!next || *next > exchange.now) {
            const auto idle = exchange.run(Tick());
            RC_ASSERT(idle.has_value());
            RC_ASSERT(idle->entries.empty());
        }
    }
};

} // namespace

TEST_CASE("switchboard: whatever anybody does, each customer has at most one seat and none is left")
{
    CHECK(rc::check([] {
        Run run;
        for (auto steps = *rc::gen::inRange(1, 120); steps > 0; --steps) {
            run.step();
        }
    }));
}

TEST_CASE("switchboard: left alone, every customer comes to an end or is still owed a call")
{
    CHECK(rc::check([] {
        Run run;
        for (auto steps = *rc::gen::inRange(1, 60); steps > 0; --steps) {
            run.step();
        }
        auto& exchange = run.exchange;
        for (const auto& seat : kSeats) {
            static_cast<void>(exchange.run(SeatConnection{seat, false}));
        }
        for (int made = 1; made <= run.made; ++made) {
            static_cast<void>(exchange.run(TerminalConnection{"a" + std::to_string(made), false}));
        }
        while (const auto next = exchange.board.nextTick()) {
            RC_ASSERT(*next > exchange.now - 1h);
            exchange.now = std::max(exchange.now, *next);
            const auto outcome = exchange.run(Tick());
            RC_ASSERT(outcome.has_value());
            const bool idle = outcome->assists.empty() && outcome->seats.empty();
            RC_ASSERT_FALSE(idle);
        }
        for (const auto& [id, assist] : exchange.board.assists()) {
            RC_ASSERT(assist.state == AssistState::Closed || assist.state == AssistState::CallBack);
        }
        RC_ASSERT(exchange.board.seats().empty());
    }));
}
