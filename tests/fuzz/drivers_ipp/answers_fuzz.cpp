// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "drivers/ipp/ipp_protocol.h"

using namespace guichet;
using namespace guichet::ipp;

/// What is believed has a number, a state of the standard, and a refusal has words.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ByteView bytes(reinterpret_cast<const std::byte*>(data), size);
    const int request = size > 7 ? data[7] : 0; // the fuzzer shall not have to guess it
    const auto sane = [](const JobDescription& job) {
        return job.number > 0 && !name(job.state).empty() && job.pages >= 0;
    };
    const auto jobs = parseJobs(bytes, request);
    if (jobs && !std::all_of(jobs->begin(), jobs->end(), sane)) {
        std::abort();
    }
    if (!jobs && jobs.error().detail.empty()) {
        std::abort();
    }
    if (jobs) {
        static_cast<void>(findJob(*jobs, "statement-1"));
    }
    const auto job = parseJob(bytes, request);
    if (job && (!sane(*job) || !jobs || jobs->size() != 1)) {
        std::abort();
    }
    static_cast<void>(parseCreated(bytes, request));
    static_cast<void>(parseDone(bytes, request));
    if (const auto printer = parsePrinter(bytes, request)) {
        Sides sides = Sides::TwoLongEdge;
        static_cast<void>(checkAbilities(*printer, sides));
        if (printer->status.ready() != (printer->status.remedy() == Remedy::None)) {
            std::abort();
        }
    }
    return 0;
}
