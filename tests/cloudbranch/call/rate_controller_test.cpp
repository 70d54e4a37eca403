// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/rate_controller.h"

#include <algorithm>
#include <random>

#include <catch2/catch.hpp>

using namespace guichet::call;

namespace {

constexpr double kStep = 0.22; ///< seconds from one report to the next

/// A line with a rate, a queue before it, and a loss of its own.
class Line {
public:
    double bps = 10e6;
    double queueMs = 300; ///< what fits before it
    double lossPct = 0;
    double waitingMs = 0; ///< what waits there now

    /// What the other end would report after a step at that rate.
    LineReport carry(double sentBps)
    {
        const int packets =
            11 + static_cast<int>((sentBps - RateController::kSoundBps) * kStep / 8000);
        std::binomial_distribution<int> losses(packets, lossPct / 100);
        const double left = 1 - losses(m_random) / static_cast<double>(packets);
        const double in = sentBps * kStep * left;
        const double kept = std::min(in, bps * (kStep + (queueMs - waitingMs) / 1000));
        const double before = waitingMs;
        waitingMs = std::clamp(waitingMs + (kept - bps * kStep) / bps * 1000, 0.0, queueMs);
        return {.sentBps = sentBps,
                .receivedBps = std::min(sentBps * left, bps),
                .lossPct = 100 * (1 - kept / (sentBps * kStep)),
                .delayGrowthMs = waitingMs - before,
                .packets = packets};
    }

    /// Reports come by that line, too.
    bool losesReport() { return std::bernoulli_distribution(lossPct / 100)(m_random); }

private:
    std::mt19937 m_random{7};
};

/// What a plan puts on the line. A still picture needs next to nothing.
double totalOf(const RatePlan& plan, double lossPct)
{
    if (plan.picture == Picture::Still) {
        return RateController::kSoundBps + std::min(plan.videoBps, 10'000);
    }
    return RateController::kSoundBps + plan.videoBps * (1 + (plan.fecPct + lossPct) / 100);
}

/// Runs for that long; gives the worst wait of the second half.
double run(RateController& rate, Line& line, double seconds)
{
    double worst = 0;
    for (double at = 0; at < seconds; at += kStep) {
        const auto report = line.carry(totalOf(rate.plan(), line.lossPct));
        if (!line.losesReport()) {
            rate.update(report);
        }
        worst = at > seconds / 2 ? std::max(worst, line.waitingMs) : worst;
    }
    return worst;
}

} // namespace

TEST_CASE("rate: a good line is used fully within five seconds, and no further")
{
    RateController rate;
    CHECK(rate.plan().videoBps < 300e3);
    Line line;
    run(rate, line, 5);
    CHECK(rate.plan() == RatePlan{700000, Picture::Full, 0});
}

TEST_CASE("rate: a line of 400 kbit/s is filled without a queue that anybody would hear")
{
    RateController rate;
    Line line;
    line.bps = 400e3;
    CHECK(run(rate, line, 40) < 150);
    CHECK(rate.plan().videoBps > 200e3);
    CHECK(rate.plan().videoBps < 360e3);
}

TEST_CASE("rate: a line that becomes narrow in mid-call is not flooded for more than two seconds")
{
    RateController rate;
    Line line;
    run(rate, line, 10);
    line.bps = 300e3;
    run(rate, line, 2);
    CHECK(totalOf(rate.plan(), 0) < 300e3);
    line.bps = 10e6;
    run(rate, line, 60);
    CHECK(rate.plan().videoBps == 700000);
}

TEST_CASE("rate: loss that sending less does not cure costs no picture, and brings parity")
{
    const double lost = GENERATE(10.0, 20.0, 30.0, 40.0, 50.0);
    INFO(lost);
    RateController rate;
    Line line;
    line.lossPct = lost;
    run(rate, line, 30);
    double sum = 0;
    constexpr int kReports = 40; // whether the loss is the line's own is asked again and again
    for (int i = 0; i < kReports; ++i) {
        rate.update(line.carry(totalOf(rate.plan(), line.lossPct)));
        CHECK(rate.plan().picture == Picture::Full);
        CHECK(rate.plan().fecPct >= 40);
        sum += rate.plan().videoBps;
    }
    CHECK(sum / kReports > 500e3);
}

TEST_CASE("rate: a full queue that only loses is emptied")
{
    RateController rate;
    Line line;
    run(rate, line, 10);
    line.bps = 400e3;
    line.queueMs = 20; // too short for a delay that tells
    run(rate, line, 10);
    CHECK(totalOf(rate.plan(), 0) < 480e3);
}

TEST_CASE("rate: the picture gives way to the sound, step by step")
{
    RateController rate;
    Line line;
    line.bps = 220e3;
    run(rate, line, 20);
    CHECK(rate.plan().picture == Picture::Small);
    line.bps = 90e3;
    run(rate, line, 20);
    CHECK(rate.plan().picture == Picture::Still);
    line.bps = 10e6;
    run(rate, line, 60);
    CHECK(rate.plan().picture == Picture::Full);
}

TEST_CASE("rate: a call comes back from its still picture, which proves nothing about the line")
{
    RateController rate;
    Line line;
    line.bps = 90e3;
    run(rate, line, 20);
    REQUIRE(rate.plan().picture == Picture::Still);
    line.bps = 10e6;
    run(rate, line, 40);
    CHECK(rate.plan().videoBps == 700000);
}

TEST_CASE("rate: a lossy line that becomes narrow is not flooded, nor one that is both forgotten")
{
    RateController rate;
    Line line;
    line.lossPct = 30;
    run(rate, line, 20);
    line.bps = 400e3;
    CHECK(run(rate, line, 30) < 200);
    CHECK(rate.plan().picture != Picture::Still);
    line.bps = 10e6;
    run(rate, line, 60);
    CHECK(rate.plan().videoBps > 500e3);
}

TEST_CASE("rate: parity goes again when nothing is lost any more")
{
    RateController rate;
    Line line;
    line.lossPct = 8;
    run(rate, line, 20);
    CHECK(rate.plan().fecPct > 0);
    line.lossPct = 0;
    run(rate, line, 20);
    CHECK(rate.plan().fecPct == 0);
}

TEST_CASE("rate: a picture that needs little proves nothing about the line")
{
    RateController rate;
    const auto first = rate.plan();
    for (int i = 0; i < 200; ++i) {
        rate.update({.sentBps = 60e3, .receivedBps = 60e3, .packets = 10});
    }
    CHECK(rate.plan() == first);
}
