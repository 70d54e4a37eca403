// SPDX-License-Identifier: Apache-2.0
#include "drivers/ipp/ipp_protocol.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "drivers/ipp/ipp_message.h"
#include "drivers/ipp/printer_reasons.h"

namespace guichet::ipp {
namespace {

constexpr const char* kPdf = "application/pdf";
constexpr const char* kA4 = "iso_a4_210x297mm";
constexpr const char* kTwoSided = "two-sided-long-edge";
constexpr int kMostJobsRead = 500;
constexpr int kMostValues = 2000; ///< of one attribute: a hostile list costs no more than this
constexpr std::size_t kLongestMessage = 160;

std::string printableMessage(std::string_view text)
{
    std::string kept(text.substr(0, kLongestMessage));
    std::replace_if(
        kept.begin(), kept.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return kept;
}

std::string text(ipp_attribute_t* attribute, int index = 0)
{
    const char* value = attribute ? ippGetString(attribute, index, nullptr) : nullptr;
    return value ? value : "";
}

bool isText(ipp_attribute_t* attribute)
{
    switch (ippGetValueTag(attribute)) {
    case IPP_TAG_KEYWORD:
    case IPP_TAG_NAME:
    case IPP_TAG_NAMELANG:
    case IPP_TAG_TEXT:
    case IPP_TAG_TEXTLANG:
    case IPP_TAG_MIMETYPE:
        return true;
    default:
        return false;
    }
}

std::vector<std::string> texts(ipp_attribute_t* attribute)
{
    std::vector<std::string> values;
    if (attribute && isText(attribute)) {
        for (int i = 0; i < std::min(ippGetCount(attribute), kMostValues); ++i) {
            values.push_back(text(attribute, i));
        }
    }
    return values;
}

std::vector<std::string> texts(const Message& message, const char* name)
{
    return texts(ippFindAttribute(message.get(), name, IPP_TAG_ZERO));
}

/// A whole answer to that request with a successful status.
Result<Message> accepted(ByteView answer, int requestId)
{
    auto message = fromBytes(answer);
    if (!message) {
        return message;
    }
    if (ippGetRequestId(message->get()) != requestId) {
        return fail(Errc::Protocol,
                    fmt::format("the answer is to request {}, want {}",
                                ippGetRequestId(message->get()), requestId),
                    Remedy::CallStaff);
    }
    const int status = ippGetStatusCode(message->get());
    if (status < 0 || status > 0xFF) { // 0x0000 to 0x00FF: successful
        const auto said = texts(*message, "status-message");
        return tl::unexpected(errorOf(status, said.empty() ? "" : said.front()));
    }
    return message;
}

bool contains(const std::vector<std::string>& list, std::string_view what)
{
    return std::find(list.begin(), list.end(), what) != list.end();
}

/// A printer that does not say is believed to be able.
bool maySupport(const std::vector<std::string>& list, std::string_view what)
{
    return list.empty() || contains(list, what);
}

tl::unexpected<Error> lacks(std::string_view what)
{
    return fail(Errc::Protocol, fmt::format("the answer lacks {}", what), Remedy::CallStaff);
}

/// Takes one attribute of a job; their order is free.
void take(JobDescription& job, int& state, ipp_attribute_t* attribute)
{
    const std::string_view name = ippGetName(attribute);
    const auto tag = ippGetValueTag(attribute);
    const bool number = tag == IPP_TAG_INTEGER || tag == IPP_TAG_ENUM;
    if (name == "job-id" && number) {
        job.number = ippGetInteger(attribute, 0);
    } else if (name == "job-state" && number) {
        state = ippGetInteger(attribute, 0);
    } else if (name == "job-impressions-completed" && number) {
        job.pages = std::max(0, ippGetInteger(attribute, 0));
    } else if (name == "number-of-documents" && number) {
        job.awaitsData = job.awaitsData || ippGetInteger(attribute, 0) == 0;
    } else if (name == "job-name" && isText(attribute)) {
        job.name = text(attribute);
    } else if (name == "job-state-reasons") {
        job.reasons = texts(attribute);
        job.awaitsData = job.awaitsData || contains(job.reasons, "job-incoming") ||
                         contains(job.reasons, "job-data-insufficient");
    }
}

/// The groups of jobs in an answer, in its order.
std::vector<JobDescription> jobsIn(const Message& message)
{
    std::vector<JobDescription> jobs;
    JobDescription job;
    int state = 0;
    const auto finish = [&] {
        if (job.number > 0 && state >= static_cast<int>(JobState::Pending) &&
            state <= static_cast<int>(JobState::Completed) && jobs.size() < kMostJobsRead) {
            job.state = static_cast<JobState>(state);
            jobs.push_back(std::move(job));
        }
        job = {};
        state = 0;
    };
    auto* raw = message.get();
    for (auto* at = ippFirstAttribute(raw); at != nullptr; at = ippNextAttribute(raw)) {
        // A separator between two groups of one kind has no name.
        if (ippGetGroupTag(at) != IPP_TAG_JOB || ippGetName(at) == nullptr) {
            finish();
        } else {
            take(job, state, at);
        }
    }
    finish();
    return jobs;
}

Result<JobDescription> oneJob(const Message& message)
{
    auto jobs = jobsIn(message);
    if (jobs.size() != 1) {
        return lacks(fmt::format("one job with job-id and job-state ({} there)", jobs.size()));
    }
    return std::move(jobs.front());
}

} // namespace

Result<PrinterDescription> parsePrinter(ByteView answer, int requestId)
{
    const auto message = accepted(answer, requestId);
    if (!message) {
        return tl::unexpected(message.error());
    }
    auto* raw = message->get();
    PrinterDescription printer;
    const int state = ippGetInteger(ippFindAttribute(raw, "printer-state", IPP_TAG_ENUM), 0);
    using Activity = DocumentPrinterStatus::Activity;
    switch (state) {
    case IPP_PSTATE_IDLE:
        printer.status.activity = Activity::Idle;
        break;
    case IPP_PSTATE_PROCESSING:
        printer.status.activity = Activity::Printing;
        break;
    case IPP_PSTATE_STOPPED:
        printer.status.activity = Activity::Stopped;
        break;
    default:
        return lacks("a printer-state of 3, 4 or 5");
    }
    if (auto* accepts = ippFindAttribute(raw, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN)) {
        printer.status.acceptsJobs = ippGetBoolean(accepts, 0) != 0;
    }
    printer.status.spooler = ippFindAttribute(raw, "cups-version", IPP_TAG_TEXT) != nullptr;
    for (const auto& keyword : texts(*message, "printer-state-reasons")) {
        if (keyword != "none") {
            printer.status.reasons.push_back(parseReason(keyword));
        }
    }
    if (auto* operations = ippFindAttribute(raw, "operations-supported", IPP_TAG_ENUM)) {
        for (int i = 0; i < std::min(ippGetCount(operations), kMostValues); ++i) {
            printer.operations.push_back(ippGetInteger(operations, i));
        }
    }
    printer.formats = texts(*message, "document-format-supported");
    printer.media = texts(*message, "media-supported");
    printer.sides = texts(*message, "sides-supported");
    return printer;
}

Result<JobDescription> parseJob(ByteView answer, int requestId)
{
    return accepted(answer, requestId).and_then(oneJob);
}

Result<std::vector<JobDescription>> parseJobs(ByteView answer, int requestId)
{
    return accepted(answer, requestId).map(jobsIn);
}

Result<JobDescription> parseCreated(ByteView answer, int requestId)
{
    const auto message = accepted(answer, requestId);
    if (!message) {
        return tl::unexpected(message.error());
    }
    auto* raw = message->get();
    for (auto* at = ippFirstAttribute(raw); at != nullptr; at = ippNextAttribute(raw)) {
        if (ippGetGroupTag(at) == IPP_TAG_UNSUPPORTED_GROUP && ippGetName(at) != nullptr &&
            std::string_view(ippGetName(at)) == "media") {
            return fail(Errc::Unsupported, "the printer takes the job for other paper than A4",
                        Remedy::CallStaff);
        }
    }
    return oneJob(*message);
}

Result<void> parseDone(ByteView answer, int requestId)
{
    return accepted(answer, requestId).map([](const Message&) {});
}

bool isFinal(JobState state)
{
    return state >= JobState::Cancelled;
}

std::string_view name(JobState state)
{
    constexpr std::array<std::string_view, 7> kNames{
        "pending",  "pending-held", "processing", "processing-stopped",
        "canceled", "aborted",      "completed"};
    return kNames.at(static_cast<std::size_t>(state) - static_cast<std::size_t>(JobState::Pending));
}

Error errorOf(int status, std::string_view message)
{
    struct Row {
        int status;
        Errc code;
        Remedy remedy;
    };
    static constexpr Row kRows[] = {
        {IPP_STATUS_ERROR_FORBIDDEN, Errc::Denied, Remedy::CallStaff},
        {IPP_STATUS_ERROR_NOT_AUTHENTICATED, Errc::Denied, Remedy::CallStaff},
        {IPP_STATUS_ERROR_NOT_AUTHORIZED, Errc::Denied, Remedy::CallStaff},
        {IPP_STATUS_ERROR_NOT_POSSIBLE, Errc::Conflict, Remedy::None},
        {IPP_STATUS_ERROR_NOT_FOUND, Errc::NotFound, Remedy::CallStaff},
        {IPP_STATUS_ERROR_GONE, Errc::NotFound, Remedy::CallStaff},
        {IPP_STATUS_ERROR_REQUEST_ENTITY, Errc::Invalid, Remedy::CallStaff},
        {IPP_STATUS_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED, Errc::Unsupported, Remedy::CallStaff},
        {IPP_STATUS_ERROR_ATTRIBUTES_OR_VALUES, Errc::Unsupported, Remedy::CallStaff},
        {IPP_STATUS_ERROR_DOCUMENT_FORMAT_ERROR, Errc::Invalid, Remedy::CallStaff},
        {IPP_STATUS_ERROR_OPERATION_NOT_SUPPORTED, Errc::Unsupported, Remedy::CallStaff},
        {IPP_STATUS_ERROR_VERSION_NOT_SUPPORTED, Errc::Unsupported, Remedy::CallStaff},
        {IPP_STATUS_ERROR_SERVICE_UNAVAILABLE, Errc::Busy, Remedy::Wait},
        {IPP_STATUS_ERROR_DEVICE, Errc::Busy, Remedy::CallStaff},
        {IPP_STATUS_ERROR_TEMPORARY, Errc::Busy, Remedy::Retry},
        {IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS, Errc::Busy, Remedy::CallStaff},
        {IPP_STATUS_ERROR_BUSY, Errc::Busy, Remedy::Wait},
        {IPP_STATUS_ERROR_TOO_MANY_JOBS, Errc::Busy, Remedy::Wait},
        {IPP_STATUS_ERROR_JOB_CANCELED, Errc::Cancelled, Remedy::Retry},
    };
    const auto* row = std::find_if(std::begin(kRows), std::end(kRows),
                                   [status](const Row& r) { return r.status == status; });
    auto detail = fmt::format("the printer refuses: {} (0x{:04x})",
                              printableMessage(ippErrorString(static_cast<ipp_status_t>(status))),
                              static_cast<unsigned>(status) & 0xFFFFU);
    if (!message.empty()) {
        detail += fmt::format(", \"{}\"", printableMessage(message));
    }
    return row == std::end(kRows) ? Error{Errc::Protocol, Remedy::CallStaff, std::move(detail)}
                                  : Error{row->code, row->remedy, std::move(detail)};
}

Result<void> checkAbilities(const PrinterDescription& printer, Sides& sides)
{
    const auto refuse = [](std::string_view what) {
        return fail(Errc::Unsupported,
                    fmt::format("the printer does not take {}: use one that prints PDF on A4 "
                                "without a driver, or a CUPS queue in front of this one",
                                what),
                    Remedy::CallStaff);
    };
    const auto& known = printer.operations;
    for (const int operation : {IPP_OP_CREATE_JOB, IPP_OP_SEND_DOCUMENT, IPP_OP_CANCEL_JOB}) {
        if (!known.empty() && std::find(known.begin(), known.end(), operation) == known.end()) {
            return refuse(ippOpString(static_cast<ipp_op_t>(operation)));
        }
    }
    if (!maySupport(printer.formats, kPdf)) {
        return refuse(kPdf);
    }
    if (!maySupport(printer.media, kA4)) {
        return refuse(kA4);
    }
    if (!maySupport(printer.sides, kTwoSided)) {
        sides = Sides::One;
    }
    return {};
}

const JobDescription* findJob(const std::vector<JobDescription>& jobs, std::string_view name)
{
    const auto rank = [](const JobDescription& job) {
        return job.state == JobState::Completed ? 2 : isFinal(job.state) ? 0 : 1;
    };
    const JobDescription* best = nullptr;
    for (const auto& job : jobs) {
        if (job.name == name && (best == nullptr || rank(job) > rank(*best))) {
            best = &job;
        }
    }
    return best;
}

} // namespace guichet::ipp
