// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/office_printer.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <functional>
#include <utility>

namespace guichet::virtualdevices {

namespace {

constexpr std::size_t kMostJobs = 100;
constexpr std::string_view kPdf = "application/pdf";

enum Operation : std::uint16_t {
    kPrintJob = 2,
    kValidateJob = 4,
    kCreateJob = 5,
    kSendDocument = 6,
    kCancelJob = 8,
    kGetJobAttributes = 9,
    kGetJobs = 10,
    kGetPrinterAttributes = 11,
};

enum Status : std::uint16_t {
    kOk = 0,
    kBadRequest = 0x0400,
    kNotPossible = 0x0404,
    kNotFound = 0x0406,
    kFormatNotSupported = 0x040A,
    kOperationNotSupported = 0x0501,
    kVersionNotSupported = 0x0503,
};

/// Adds what was asked for; everything if nothing was.
class Chosen {
public:
    Chosen(IppResponse& response, const IppRequest& request)
        : m_response(response)
        , m_wanted(request.find("requested-attributes"))
    {
    }
    template <typename... Values> void add(IppTag tag, std::string_view name, Values... values)
    {
        if (wanted(name)) {
            m_response.add(tag, name, values...);
        }
    }
    void flag(std::string_view name, bool value)
    {
        if (wanted(name)) {
            m_response.add(name, value);
        }
    }

    [[nodiscard]] IppResponse& response() { return m_response; }
    [[nodiscard]] bool wanted(std::string_view name) const
    {
        constexpr std::string_view kGroups[] = {"all", "printer-description", "job-template",
                                                "job-description"};
        return m_wanted == nullptr ||
               std::ranges::any_of(m_wanted->values, [&](const std::string& each) {
                   return each == name || std::ranges::count(kGroups, each) > 0;
               });
    }

private:
    IppResponse& m_response;
    const IppAttribute* m_wanted;
};

/// A4 as a collection (PWG 5100.7).
void addMediaCollection(Chosen& chosen)
{
    using enum IppTag;
    constexpr std::string_view kUnnamed, kNothing;
    constexpr std::int32_t kWidth = 21'000, kHeight = 29'700; // hundredths of a millimetre
    chosen.add(BeginCollection, "media-col-default", kNothing);
    if (!chosen.wanted("media-col-default")) {
        return;
    }
    auto& response = chosen.response();
    response.add(MemberName, kUnnamed, "media-size");
    response.add(BeginCollection, kUnnamed, kNothing);
    response.add(MemberName, kUnnamed, "x-dimension");
    response.add(Integer, kUnnamed, kWidth);
    response.add(MemberName, kUnnamed, "y-dimension");
    response.add(Integer, kUnnamed, kHeight);
    response.add(EndCollection, kUnnamed, kNothing);
    response.add(EndCollection, kUnnamed, kNothing);
}

bool over(OfficePrinter::JobState state)
{
    return state == OfficePrinter::JobState::Cancelled ||
           state == OfficePrinter::JobState::Completed;
}

bool acceptsFormat(const IppRequest& request)
{
    const auto format = request.value("document-format");
    return format.empty() || format == kPdf || format == "application/octet-stream";
}

} // namespace

int pagesOf(ByteView pdf)
{
    const auto text = asText(pdf);
    int most = 1;
    for (auto at = text.find("/Count"); at != std::string_view::npos;
         at = text.find("/Count", at)) {
        at += std::string_view("/Count").size();
        const auto digit = text.find_first_not_of(" \r\n", at);
        int count = 0;
        if (digit != std::string_view::npos) {
            std::from_chars(text.data() + digit, text.data() + text.size(), count);
        }
        most = std::max(most, std::min(count, 1000));
    }
    return most;
}

OfficePrinter::OfficePrinter(std::string uri, std::filesystem::path folder)
    : m_uri(std::move(uri))
    , m_folder(std::move(folder))
{
}

void OfficePrinter::passUntil(Time now)
{
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(now - m_now);
    if (left < std::chrono::milliseconds(1)) {
        return;
    }
    m_now += left;
    for (auto& entry : m_jobs) {
        auto& job = entry.job;
        if (over(job.state) || job.state == JobState::Held) {
            continue;
        }
        if (stopped()) {
            job.state = JobState::Stopped;
            return; // the next waits behind it
        }
        job.state = JobState::Processing;
        const auto needs = m_pageTime * job.pages - entry.printed;
        entry.printed += std::min(left, needs);
        job.pagesOut =
            m_pageTime.count() > 0 ? static_cast<int>(entry.printed / m_pageTime) : job.pages;
        if (left < needs) {
            return;
        }
        left -= needs;
        job.pagesOut = job.pages;
        job.state = JobState::Completed;
    }
}

OfficePrinter::Entry* OfficePrinter::find(int number)
{
    const auto found =
        std::ranges::find_if(m_jobs, [&](const Entry& each) { return each.job.number == number; });
    return found == m_jobs.end() ? nullptr : &*found;
}

bool OfficePrinter::busy() const
{
    return std::ranges::any_of(m_jobs, [](const Entry& each) {
        return each.job.state == JobState::Processing || each.job.state == JobState::Stopped;
    });
}

std::vector<std::string> OfficePrinter::reasons() const
{
    std::vector<std::string> reasons;
    if (m_tray != Tray::Full) {
        reasons.emplace_back(m_tray == Tray::Out ? "media-empty-error" : "media-low-warning");
    }
    if (m_coverOpen) {
        reasons.emplace_back("cover-open-error");
    }
    if (reasons.empty()) {
        reasons.emplace_back("none");
    }
    return reasons;
}

std::string OfficePrinter::jobUri(int number) const
{
    return m_uri + "/" + std::to_string(number);
}

void OfficePrinter::describePrinter(IppResponse& response, const IppRequest& request) const
{
    using enum IppTag;
    using List = std::vector<std::string>;
    const int printerState = stopped() ? 5 : busy() ? 4 : 3;
    const auto up = std::chrono::duration_cast<std::chrono::seconds>(m_now - m_started).count() + 1;
    response.group(Printer);
    Chosen chosen(response, request);
    chosen.add(Uri, "printer-uri-supported", m_uri);
    chosen.add(Keyword, "uri-security-supported", "none");
    chosen.add(Keyword, "uri-authentication-supported", "none");
    chosen.add(Name, "printer-name", "Guichet virtual A4 printer");
    chosen.add(Text, "printer-info", "Guichet virtual A4 printer");
    chosen.add(Text, "printer-location", "");
    chosen.add(Uri, "printer-more-info", m_uri);
    chosen.add(Text, "printer-make-and-model", "Guichet virtual A4 printer");
    chosen.add(Enum, "printer-state", printerState);
    chosen.add(Keyword, "printer-state-reasons", reasons());
    chosen.flag("printer-is-accepting-jobs", true);
    chosen.add(Integer, "printer-up-time", static_cast<std::int32_t>(up));
    chosen.add(Integer, "queued-job-count",
               static_cast<std::int32_t>(std::ranges::count_if(
                   m_jobs, [](const Entry& each) { return !over(each.job.state); })));
    chosen.add(Keyword, "ipp-versions-supported", List{"1.1", "2.0"});
    List operations;
    for (const auto operation : {kPrintJob, kValidateJob, kCreateJob, kSendDocument, kCancelJob,
                                 kGetJobAttributes, kGetJobs, kGetPrinterAttributes}) {
        operations.push_back(std::string("\0\0\0", 3) + static_cast<char>(operation));
    }
    chosen.add(Enum, "operations-supported", operations);
    chosen.flag("multiple-document-jobs-supported", false);
    chosen.add(Charset, "charset-configured", "utf-8");
    chosen.add(Charset, "charset-supported", "utf-8");
    chosen.add(Language, "natural-language-configured", "en");
    chosen.add(Language, "generated-natural-language-supported", "en");
    chosen.add(MimeType, "document-format-default", kPdf);
    chosen.add(MimeType, "document-format-supported", kPdf);
    chosen.add(Keyword, "pdl-override-supported", "not-attempted");
    chosen.add(Keyword, "compression-supported", "none");
    chosen.add(Keyword, "media-default", "iso_a4_210x297mm");
    chosen.add(Keyword, "media-supported", "iso_a4_210x297mm");
    addMediaCollection(chosen);
    chosen.add(Keyword, "sides-default", "one-sided");
    chosen.add(Keyword, "sides-supported", "one-sided");
    chosen.flag("color-supported", false);
    chosen.add(Integer, "pages-per-minute",
               static_cast<std::int32_t>(60'000 / std::max<std::int64_t>(1, m_pageTime.count())));
}

void OfficePrinter::describeJob(IppResponse& response, const IppRequest& request,
                                const Entry& entry) const
{
    using enum IppTag;
    const auto& job = entry.job;
    const char* reason = job.state == JobState::Held        ? "job-incoming"
                         : job.state == JobState::Stopped   ? "printer-stopped"
                         : job.state == JobState::Cancelled ? "job-canceled-by-user"
                         : job.state == JobState::Completed ? "job-completed-successfully"
                                                            : "job-printing";
    response.group(Job);
    Chosen chosen(response, request);
    chosen.add(Integer, "job-id", job.number);
    chosen.add(Uri, "job-uri", jobUri(job.number));
    chosen.add(Uri, "job-printer-uri", m_uri);
    chosen.add(Name, "job-name", job.name);
    chosen.add(Name, "job-originating-user-name", "anonymous");
    chosen.add(Enum, "job-state", static_cast<std::int32_t>(job.state));
    chosen.add(Keyword, "job-state-reasons", reason);
    chosen.add(Integer, "job-impressions-completed", job.pagesOut);
    chosen.add(Integer, "number-of-documents", job.state == JobState::Held ? 0 : 1);
    chosen.add(Integer, "job-printer-up-time", entry.created);
    chosen.add(Integer, "time-at-creation", entry.created);
}

std::string OfficePrinter::refuse(const IppRequest& request, std::uint16_t status,
                                  std::string_view message) const
{
    IppResponse response(0x0200, status, request.id);
    response.add(IppTag::Text, "status-message", message);
    return std::move(response).finish();
}

std::string OfficePrinter::getPrinter(const IppRequest& request)
{
    IppResponse response(request.version, kOk, request.id);
    describePrinter(response, request);
    return std::move(response).finish();
}

std::string OfficePrinter::takeJob(const IppRequest& request, bool withDocument)
{
    if (!acceptsFormat(request)) {
        return refuse(request, kFormatNotSupported, "want application/pdf");
    }
    Entry entry;
    entry.job = {.number = ++m_lastJob, .name = std::string(request.value("job-name"))};
    if (withDocument) {
        feed(entry, request.document);
    }
    entry.created = static_cast<std::int32_t>(
        std::chrono::duration_cast<std::chrono::seconds>(m_now - m_started).count() + 1);
    if (m_jobs.size() == kMostJobs) {
        m_jobs.erase(m_jobs.begin());
    }
    m_jobs.push_back(std::move(entry));
    IppResponse response(request.version, kOk, request.id);
    describeJob(response, request, m_jobs.back());
    return std::move(response).finish();
}

void OfficePrinter::feed(Entry& entry, ByteView document) const
{
    entry.job.pages = pagesOf(document);
    entry.job.state = stopped() ? JobState::Stopped : JobState::Processing;
    if (!m_folder.empty()) {
        std::ofstream file(m_folder / (std::to_string(entry.job.number) + ".pdf"),
                           std::ios::binary | std::ios::trunc);
        file << asText(document);
    }
}

std::string OfficePrinter::takeDocument(const IppRequest& request)
{
    auto* entry = find(request.number("job-id"));
    if (entry == nullptr) {
        return refuse(request, kNotFound, "no such job");
    }
    if (entry->job.state != JobState::Held) {
        return refuse(request, kNotPossible, "the job has its document");
    }
    if (!acceptsFormat(request)) {
        return refuse(request, kFormatNotSupported, "want application/pdf");
    }
    if (request.document.empty()) {
        return refuse(request, kBadRequest, "no document");
    }
    feed(*entry, request.document);
    return getJob(request);
}

std::string OfficePrinter::getJob(const IppRequest& request)
{
    const auto* entry = find(request.number("job-id"));
    if (entry == nullptr) {
        return refuse(request, kNotFound, "no such job");
    }
    IppResponse response(request.version, kOk, request.id);
    describeJob(response, request, *entry);
    return std::move(response).finish();
}

std::string OfficePrinter::getJobs(const IppRequest& request)
{
    const bool completed = request.value("which-jobs") == "completed";
    IppResponse response(request.version, kOk, request.id);
    for (const auto& entry : m_jobs) {
        if (over(entry.job.state) == completed) {
            describeJob(response, request, entry);
        }
    }
    return std::move(response).finish();
}

std::string OfficePrinter::cancel(const IppRequest& request)
{
    auto* entry = find(request.number("job-id"));
    if (entry == nullptr) {
        return refuse(request, kNotFound, "no such job");
    }
    if (over(entry->job.state)) {
        return refuse(request, kNotPossible, "the job is over");
    }
    entry->job.state = JobState::Cancelled;
    return std::move(IppResponse(request.version, kOk, request.id)).finish();
}

Result<std::string> OfficePrinter::answer(ByteView bytes, Time now)
{
    const auto request = decodeIpp(bytes);
    if (!request) {
        return tl::unexpected(request.error());
    }
    const std::lock_guard lock(m_mutex);
    passUntil(now);
    if (request->version >> 8U != 1 && request->version >> 8U != 2) {
        return refuse(*request, kVersionNotSupported, "want IPP 1.1 or 2.0");
    }
    switch (request->operation) {
    case kGetPrinterAttributes:
        return getPrinter(*request);
    case kPrintJob:
        return takeJob(*request, true);
    case kCreateJob:
        return takeJob(*request, false);
    case kValidateJob:
        return acceptsFormat(*request)
                   ? std::move(IppResponse(request->version, kOk, request->id)).finish()
                   : refuse(*request, kFormatNotSupported, "want application/pdf");
    case kSendDocument:
        return takeDocument(*request);
    case kGetJobAttributes:
        return getJob(*request);
    case kGetJobs:
        return getJobs(*request);
    case kCancelJob:
        return cancel(*request);
    default:
        return refuse(*request, kOperationNotSupported, "no such operation");
    }
}

OfficePrinter::State OfficePrinter::state(Time now)
{
    const std::lock_guard lock(m_mutex);
    passUntil(now);
    State state{.tray = m_tray, .coverOpen = m_coverOpen, .pageTime = m_pageTime};
    std::ranges::transform(m_jobs, std::back_inserter(state.jobs), &Entry::job);
    return state;
}

void OfficePrinter::load(Tray tray, Time now)
{
    const std::lock_guard lock(m_mutex);
    passUntil(now);
    m_tray = tray;
}

void OfficePrinter::setCover(bool open, Time now)
{
    const std::lock_guard lock(m_mutex);
    passUntil(now);
    m_coverOpen = open;
}

void OfficePrinter::setPageTime(std::chrono::milliseconds time, Time now)
{
    const std::lock_guard lock(m_mutex);
    passUntil(now);
    m_pageTime = time;
}

} // namespace guichet::virtualdevices
