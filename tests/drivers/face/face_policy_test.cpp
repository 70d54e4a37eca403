// SPDX-License-Identifier: Apache-2.0
#include "drivers/face/face_policy.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::face;
using namespace std::chrono_literals;

namespace {

constexpr auto kFrame = 100ms;

FaceVerdict frame(Verdict verdict, double sharpness = 0.05, Box box = {220, 140, 200, 200})
{
    return {.verdict = verdict,
            .faces = 1,
            .face = FoundFace{.box = box, .eyes = 2},
            .measures = {.sharpness = sharpness}};
}

struct Watch {
    bool see(const FaceVerdict& seen)
    {
        now += kFrame;
        return policy.see(seen, now);
    }
    void see(const FaceVerdict& seen, int times)
    {
        for (int i = 0; i < times; ++i) {
            static_cast<void>(see(seen));
        }
    }
    FacePolicy policy;
    Ticks now{};
};

} // namespace

TEST_CASE("face policy: five good frames at one place take a face", "[drivers][face]")
{
    Watch watch;
    watch.see(frame(Verdict::Good), 4);
    CHECK_FALSE(watch.policy.taken());
    watch.see(frame(Verdict::Good, 0.05, {228, 146, 206, 206}), 1);
    CHECK(watch.policy.taken());
}

TEST_CASE("face policy: a frame that is not good, a move or a step begin anew", "[drivers][face]")
{
    const auto between = GENERATE(frame(Verdict::Blurred), FaceVerdict{},
                                  frame(Verdict::Good, 0.05, {320, 140, 200, 200}),
                                  frame(Verdict::Good, 0.05, {180, 100, 280, 280}));
    Watch watch;
    watch.see(frame(Verdict::Good), 4);
    watch.see(between, 1);
    watch.see(frame(Verdict::Good), 4);
    CHECK_FALSE(watch.policy.taken());
    watch.see(frame(Verdict::Good), 1);
    CHECK(watch.policy.taken());
}

TEST_CASE("face policy: the sharpest of the frames stands for all", "[drivers][face]")
{
    Watch watch;
    CHECK(watch.see(frame(Verdict::Good, 0.04)));
    CHECK(watch.see(frame(Verdict::Good, 0.06)));
    CHECK_FALSE(watch.see(frame(Verdict::Good, 0.05)));
    CHECK_FALSE(watch.see(frame(Verdict::Good, 0.05)));
    CHECK_FALSE(watch.see(frame(Verdict::Good, 0.05)));
    CHECK(watch.policy.taken());
    CHECK(watch.policy.best().measures.sharpness == 0.06);
}

TEST_CASE("face policy: what was seen at another place does not stand for a face",
          "[drivers][face]")
{
    Watch watch;
    watch.see(frame(Verdict::Good, 0.09, {20, 140, 200, 200}), 2);
    watch.see(frame(Verdict::Good, 0.04), 5);
    CHECK(watch.policy.taken());
    CHECK(watch.policy.best().measures.sharpness == 0.04);
}

TEST_CASE("face policy: what came closest is the best until a face is taken", "[drivers][face]")
{
    Watch watch;
    CHECK(watch.policy.best().verdict == Verdict::None);
    CHECK_FALSE(watch.see(FaceVerdict{}));
    CHECK(watch.see(frame(Verdict::Turned)));
    CHECK_FALSE(watch.see(frame(Verdict::TooDark, 0.5)));
    CHECK(watch.see(frame(Verdict::Blurred)));
    CHECK(watch.policy.best().verdict == Verdict::Blurred);
}

TEST_CASE("face policy: eyes that stay hidden are let pass after three seconds", "[drivers][face]")
{
    Watch watch;
    watch.see(frame(Verdict::EyesNotSeen), 3s / kFrame);
    CHECK_FALSE(watch.policy.taken());
    watch.see(frame(Verdict::EyesNotSeen), 5);
    CHECK(watch.policy.taken());
    CHECK(watch.policy.best().verdict == Verdict::EyesNotSeen);
}

TEST_CASE("face policy: a face that turns away is waited for again", "[drivers][face]")
{
    Watch watch;
    watch.see(frame(Verdict::EyesNotSeen), 3s / kFrame);
    watch.see(frame(Verdict::Turned), 1);
    watch.see(frame(Verdict::EyesNotSeen), 5);
    CHECK_FALSE(watch.policy.taken());
}
