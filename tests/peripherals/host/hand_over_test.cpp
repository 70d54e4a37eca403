// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/hand_over.h"

#include <catch2/catch.hpp>

using namespace guichet::host;
using enum VendorModeState;

namespace {

constexpr guichet::xfs::ClientId kKiosk = 1, kDoorbell = 2;

/// Two applications run, and vendor mode is in `state`.
HandOver bank(VendorModeState state)
{
    HandOver handOver;
    if (state == Active || state == ExitPending) {
        REQUIRE(handOver.requestEnter());
    }
    handOver.join(kKiosk, "kiosk");
    handOver.join(kDoorbell, "doorbell");
    if (state == EnterPending) {
        REQUIRE(handOver.requestEnter());
    }
    if (state == ExitPending) {
        REQUIRE(handOver.requestExit());
    }
    REQUIRE(handOver.state() == state);
    return handOver;
}

} // namespace

TEST_CASE("hand-over: with no application the mode changes at once", "[host]")
{
    HandOver handOver;
    CHECK(handOver.state() == Inactive);
    CHECK(handOver.requestEnter());
    CHECK(handOver.state() == Active);
    CHECK(handOver.requestExit());
    CHECK(handOver.state() == Inactive);
}

TEST_CASE("hand-over: the mode changes when the last application has agreed", "[host]")
{
    const auto [pending, after] =
        GENERATE(std::pair(EnterPending, Active), std::pair(ExitPending, Inactive));
    auto handOver = bank(pending);
    CHECK(handOver.awaited().size() == 2);
    CHECK(handOver.agree(kDoorbell, pending));
    CHECK(handOver.state() == pending);
    CHECK(handOver.agree(kKiosk, pending));
    CHECK(handOver.state() == after);
    CHECK(handOver.awaited().empty());
}

TEST_CASE("hand-over: an application that goes is not waited for", "[host]")
{
    const auto [pending, after] =
        GENERATE(std::pair(EnterPending, Active), std::pair(ExitPending, Inactive));
    auto handOver = bank(pending);
    REQUIRE(handOver.agree(kKiosk, pending));
    handOver.leave(kDoorbell);
    CHECK(handOver.state() == after);
    CHECK(handOver.applications() == std::vector<std::string>{"kiosk"});
}

TEST_CASE("hand-over: an application that comes in the middle is waited for", "[host]")
{
    auto handOver = bank(EnterPending);
    handOver.join(3, "lobby");
    CHECK(handOver.agree(kKiosk, EnterPending));
    CHECK(handOver.agree(kDoorbell, EnterPending));
    CHECK(handOver.state() == EnterPending);
    CHECK(handOver.agree(3, EnterPending));
    CHECK(handOver.state() == Active);
}

TEST_CASE("hand-over: who registers twice has a new name and agrees once", "[host]")
{
    auto handOver = bank(EnterPending);
    REQUIRE(handOver.agree(kKiosk, EnterPending));
    handOver.join(kKiosk, "branch");
    CHECK(handOver.applications() == std::vector<std::string>{"branch", "doorbell"});
    CHECK_FALSE(handOver.agree(kKiosk, EnterPending));
    CHECK(handOver.agree(kDoorbell, EnterPending));
    CHECK(handOver.state() == Active);
}

TEST_CASE("hand-over: only what is asked can be agreed to, by whom it is asked", "[host]")
{
    const auto state = GENERATE(Inactive, EnterPending, Active, ExitPending);
    auto handOver = bank(state);
    for (const auto answer : {EnterPending, ExitPending}) {
        CHECK_FALSE(handOver.agree(99, answer));
        CHECK(handOver.agree(kKiosk, answer) == (answer == state));
    }
    CHECK_FALSE(handOver.agree(kDoorbell, Active));
    CHECK(handOver.state() == state);
}

TEST_CASE("hand-over: each request has the one state in which it makes sense", "[host]")
{
    const auto state = GENERATE(Inactive, EnterPending, Active, ExitPending);
    CHECK(bank(state).requestEnter() == (state == Inactive));
    CHECK(bank(state).requestExit() == (state == Active));
}

TEST_CASE("hand-over: what is given up leaves all as before it", "[host]")
{
    const auto [state, after] =
        GENERATE(std::pair(Inactive, Inactive), std::pair(EnterPending, Inactive),
                 std::pair(Active, Active), std::pair(ExitPending, Active));
    auto handOver = bank(state);
    handOver.abandon();
    CHECK(handOver.state() == after);
    CHECK(handOver.awaited().empty());
    CHECK(handOver.applications().size() == 2);
}
