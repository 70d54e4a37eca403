// SPDX-License-Identifier: Apache-2.0
#include "drivers/ipp/job_watch.h"

#include <catch2/catch.hpp>

#include "drivers/ipp/printer_reasons.h"

using namespace guichet;
using namespace guichet::ipp;
using namespace std::chrono_literals;
using Step = JobWatch::Step;

namespace {

const Ticks kStart{1h};
const WatchLimits kLimits{.repair = 60s, .silence = 30s, .stall = 120s, .ending = 30s};
const DocumentPrinterStatus kWell;

JobDescription job(JobState state, int pages = 0)
{
    return {.number = 5, .name = "a", .state = state, .pages = pages};
}

DocumentPrinterStatus with(const char* reason)
{
    DocumentPrinterStatus status;
    status.reasons.push_back(parseReason(reason));
    return status;
}

} // namespace

TEST_CASE("ipp watch: only a completed job is printed, whatever its reasons say")
{
    JobWatch watch(kLimits, 5, kStart);
    CHECK(watch.see(kStart, job(JobState::Processing, 2), with("media-empty")) == Step::Wait);
    CHECK(watch.stands());
    auto last = job(JobState::Completed, 2);
    last.reasons = {"processing-to-stop-point"};
    CHECK(watch.see(kStart + 1s, last, kWell) == Step::Done);
    CHECK(watch.report().outcome == DocumentOutcome::Printed);
    CHECK(watch.report().pages == 2);
    CHECK_FALSE(watch.stands());
}

TEST_CASE("ipp watch: stops are added up, and past the limit the job is cancelled")
{
    JobWatch watch(kLimits, 5, kStart);
    const auto processing = job(JobState::Processing);
    CHECK(watch.see(kStart, processing, with("cover-open")) == Step::Wait);
    CHECK(watch.see(kStart + 40s, processing, kWell) == Step::Wait);
    CHECK(watch.see(kStart + 80s, processing, with("cover-open")) == Step::Wait);
    CHECK(watch.see(kStart + 99s, processing, with("cover-open")) == Step::Wait);
    CHECK(watch.see(kStart + 101s, processing, with("cover-open")) == Step::Cancel);
    CHECK(watch.see(kStart + 102s, processing, with("cover-open")) == Step::Cancel);
    watch.cancelTaken();
    CHECK(watch.see(kStart + 103s, processing, with("cover-open")) == Step::Wait);
    CHECK(watch.see(kStart + 104s, job(JobState::Cancelled), kWell) == Step::Done);
    CHECK(watch.report().outcome == DocumentOutcome::Ended);
    CHECK(watch.report().error->remedy == Remedy::CloseCover);
}

TEST_CASE("ipp watch: a job that does not move, though nothing is wrong, is cancelled")
{
    JobWatch watch(kLimits, 5, kStart);
    CHECK(watch.see(kStart + 119s, job(JobState::Processing, 1), kWell) == Step::Wait);
    CHECK(watch.see(kStart + 230s, job(JobState::Processing, 1), kWell) == Step::Wait);
    CHECK(watch.see(kStart + 240s, job(JobState::Processing, 1), kWell) == Step::Cancel);
}

TEST_CASE("ipp watch: a cancelled job that does not end in time is unknown")
{
    JobWatch watch(kLimits, 5, kStart);
    watch.giveUp(kStart, {Errc::Cancelled, Remedy::None, "stopped"});
    CHECK(watch.see(kStart, job(JobState::Processing), kWell) == Step::Cancel);
    watch.cancelTaken();
    CHECK(watch.see(kStart + 30s, job(JobState::Processing), kWell) == Step::Wait);
    CHECK(watch.see(kStart + 31s, job(JobState::Processing), kWell) == Step::Done);
    CHECK(watch.report().outcome == DocumentOutcome::Unknown);
    CHECK(watch.report().error->code == Errc::Cancelled);
}

TEST_CASE("ipp watch: a job that completes in spite of its cancel is printed")
{
    JobWatch watch(kLimits, 5, kStart);
    watch.giveUp(kStart, {Errc::Cancelled, Remedy::None, "stopped"});
    CHECK(watch.see(kStart, job(JobState::Completed, 1), kWell) == Step::Done);
    CHECK(watch.report().outcome == DocumentOutcome::Printed);
}

TEST_CASE("ipp watch: silence is borne for its time, and then the outcome is unknown")
{
    JobWatch watch(kLimits, 5, kStart);
    const Result<JobDescription> none = fail(Errc::Timeout, "no answer", Remedy::ReconnectCable);
    const Result<DocumentPrinterStatus> noPrinter = tl::unexpected(none.error());
    CHECK(watch.see(kStart + 20s, none, noPrinter) == Step::Wait);
    CHECK(watch.see(kStart + 25s, job(JobState::Processing), kWell) == Step::Wait);
    CHECK(watch.see(kStart + 55s, none, noPrinter) == Step::Wait);
    CHECK(watch.see(kStart + 56s, none, noPrinter) == Step::Done);
    CHECK(watch.report().outcome == DocumentOutcome::Unknown);
    CHECK(watch.report().error->remedy == Remedy::ReconnectCable);
}

TEST_CASE("ipp watch: a job that has vanished is unknown at once")
{
    JobWatch watch(kLimits, 5, kStart);
    CHECK(watch.see(kStart, fail(Errc::NotFound, "gone"), kWell) == Step::Done);
    CHECK(watch.report().outcome == DocumentOutcome::Unknown);
    CHECK(watch.report().printerJob == 5);
}
