// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/media_watch.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::call;
using namespace std::chrono_literals;

namespace {

constexpr Ticks kStart{1h};

/// A call whose first packet came at once.
MediaWatch talking()
{
    MediaWatch watch;
    watch.connecting(kStart);
    watch.answered(kStart);
    watch.look(kStart, kStart);
    return watch;
}

} // namespace

TEST_CASE("media watch: the first packet makes the call up, not the answer")
{
    MediaWatch watch;
    CHECK(watch.state() == MediaState::Idle);
    watch.connecting(kStart);
    watch.answered(kStart + 1s);
    watch.look(kStart + 2s, {});
    CHECK(watch.state() == MediaState::Connecting);
    watch.look(kStart + 3s, kStart + 2900ms);
    CHECK(watch.state() == MediaState::Up);
}

TEST_CASE("media watch: silence of three seconds is weak, of eight lost, and a packet heals both")
{
    auto watch = talking();
    watch.look(kStart + 2900ms, kStart);
    CHECK(watch.state() == MediaState::Up);
    watch.look(kStart + 3s, kStart);
    CHECK(watch.state() == MediaState::Weak);
    CHECK_FALSE(watch.wantsRebuild(kStart + 3s));
    watch.look(kStart + 4s, kStart + 4s);
    CHECK(watch.state() == MediaState::Up);
    watch.look(kStart + 12s, kStart + 4s);
    CHECK(watch.state() == MediaState::Lost);
    watch.look(kStart + 13s, kStart + 13s);
    CHECK(watch.state() == MediaState::Up);
}

TEST_CASE("media watch: what is lost is rebuilt at once, then every three and a half seconds")
{
    auto watch = talking();
    watch.look(kStart + 8s, kStart);
    CHECK(watch.wantsRebuild(kStart + 8s));
    watch.rebuilding(kStart + 8s);
    watch.answered(kStart + 9s);
    watch.look(kStart + 12s, {});
    CHECK(watch.state() == MediaState::Lost);
    CHECK_FALSE(watch.wantsRebuild(kStart + 12s));
    CHECK(watch.wantsRebuild(kStart + 12500ms));
}

TEST_CASE("media watch: an offer that nobody answers is repeated, but not as soon")
{
    MediaWatch watch;
    watch.connecting(kStart);
    watch.look(kStart + 5s, {});
    CHECK_FALSE(watch.wantsRebuild(kStart + 5s));
    CHECK(watch.wantsRebuild(kStart + 8s));
    watch.rebuilding(kStart + 8s);
    watch.look(kStart + 12s, {});
    CHECK(watch.state() == MediaState::Lost);
    CHECK_FALSE(watch.wantsRebuild(kStart + 12s));
}

TEST_CASE("media watch: a rebuild that the seat asks for is not seen while it is quick")
{
    auto watch = talking();
    watch.rebuilding(kStart + 20s);
    watch.look(kStart + 21s, {});
    CHECK(watch.state() == MediaState::Up);
    watch.look(kStart + 23s, {});
    CHECK(watch.state() == MediaState::Weak);
    watch.look(kStart + 28s, {});
    CHECK(watch.state() == MediaState::Lost);
}

TEST_CASE("media watch: nothing is expected of a peer that was sent away")
{
    auto watch = talking();
    watch.disconnected();
    watch.look(kStart + 1h, {});
    CHECK(watch.state() == MediaState::Idle);
    CHECK_FALSE(watch.wantsRebuild(kStart + 1h));
}
