// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/document_helper.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

#include <sys/mman.h>

#include <strings.h>
#include <unistd.h>

#include "peripherals/base/bytes.h"
#include "peripherals/base/unique_handle.h"
#include "peripherals/host/helper_protocol.h"

namespace guichet::host {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto kDocumentStatusBudget = 12s;
/// For a person who stands in front of the kiosk and mends the paper.
constexpr std::chrono::milliseconds kDocumentRepairLimit = 60s;
/// A step without news: a page of a slow printer, or a document that it takes in.
constexpr auto kStepBudget = 90s;

/// A file without a name on any disk.
class MemoryFile {
public:
    [[nodiscard]] static Result<MemoryFile> holding(Bytes content)
    {
        MemoryFile file;
        file.m_descriptor = UniqueFd(::memfd_create("document", MFD_CLOEXEC));
        std::size_t written = 0;
        while (file.m_descriptor && written < content.size()) {
            const auto count = ::write(file.m_descriptor.get(), content.data() + written,
                                       content.size() - written);
            if (count <= 0) {
                file.m_descriptor.reset();
                break;
            }
            written += static_cast<std::size_t>(count);
        }
        explicit_bzero(content.data(), content.size());
        if (!file.m_descriptor) {
            return fail(Errc::Internal, "document: no memory for it", Remedy::CallStaff);
        }
        return file;
    }
    [[nodiscard]] std::filesystem::path path() const
    {
        return "/proc/self/fd/" + std::to_string(m_descriptor.get());
    }

private:
    UniqueFd m_descriptor;
};

bool complains(const DocumentPrinterStatus& status,
               std::initializer_list<DocumentCondition> conditions)
{
    return std::any_of(status.reasons.begin(), status.reasons.end(), [&](const auto& reason) {
        return std::find(conditions.begin(), conditions.end(), reason.condition) !=
               conditions.end();
    });
}

const char* device(const DocumentPrinterStatus& status)
{
    using enum DocumentCondition;
    if (complains(status, {Offline})) {
        return "offline";
    }
    if (complains(status, {Failure, Misconfigured})) {
        return "hardwareError";
    }
    return complains(status, {CoverOpen, TrayMissing, OutputFull}) ? "userError" : "online";
}

json toJson(const DocumentReport& report)
{
    json result{{"outcome", name(report.outcome)},
                {"printerJob", report.printerJob},
                {"pages", report.pages}};
    if (report.error) {
        result["error"] = errorToJson(*report.error);
    }
    return result;
}

std::chrono::milliseconds documentRepairLimit(const json& arguments)
{
    const std::chrono::milliseconds asked(arguments.value("repairMs", std::int64_t{0}));
    return asked > 0ms ? std::min(asked, kDocumentRepairLimit) : kDocumentRepairLimit;
}

/// Tells of a document as it happens, and the watchdog that something does.
DocumentProgress telling(HelperLine& line, std::chrono::milliseconds budget)
{
    DocumentProgress progress;
    progress.sent = [&line, budget] {
        line.step("print", budget);
        line.event("sent", json::object());
    };
    progress.pages = [&line, budget](int) { line.step("print", budget); };
    progress.stopped = [&line](const DocumentPrinterStatus& status) {
        line.status(documentStatusMembers(status));
        line.event("stopped", {{"remedy", name(status.remedy())}});
    };
    return progress;
}

} // namespace

json documentStatusMembers(const Result<DocumentPrinterStatus>& status)
{
    using enum DocumentCondition;
    if (!status) {
        const bool away =
            status.error().code == Errc::Disconnected || status.error().code == Errc::Timeout;
        return {{"common", {{"device", away ? "offline" : "hardwareError"}}},
                {"printer",
                 {{"paper", {{"upper", "unknown"}}}, {"toner", "unknown"}, {"media", "unknown"}}}};
    }
    const char* paper = complains(*status, {PaperJam})   ? "jammed"
                        : complains(*status, {PaperOut}) ? "out"
                        : complains(*status, {PaperLow}) ? "low"
                                                         : "full";
    const char* toner = complains(*status, {SupplyOut, SupplyMissing, WasteFull}) ? "out"
                        : complains(*status, {SupplyLow, WasteNearlyFull})        ? "low"
                                                                                  : "full";
    const char* media = complains(*status, {PaperJam}) ? "jammed" : "notPresent";
    return {{"common", {{"device", device(*status)}}},
            {"printer", {{"paper", {{"upper", paper}}}, {"toner", toner}, {"media", media}}}};
}

DocumentHelper::DocumentHelper(std::unique_ptr<DocumentPrinter> printer)
    : m_printer(std::move(printer))
{
}

void DocumentHelper::watch(HelperLine& line)
{
    const Step step(line, "status", kDocumentStatusBudget);
    line.status(documentStatusMembers(m_printer->status()));
}

Result<json> DocumentHelper::perform(const std::string& operation, const json& arguments,
                                     HelperLine& line, std::stop_token stop)
{
    if (operation == "printNative") {
        return print(arguments, line, std::move(stop));
    }
    if (operation == "resume") {
        return resume(arguments, line, std::move(stop));
    }
    if (operation == "reset") {
        watch(line);
        return json::object();
    }
    return fail(Errc::Unsupported, "document printer: unknown operation");
}

Result<json> DocumentHelper::print(const json& arguments, HelperLine& line, std::stop_token stop)
{
    auto content = fromBase64(arguments.value("data", std::string()));
    if (!content) {
        return tl::unexpected(std::move(content).error());
    }
    const auto bytes = content->size();
    const auto file = MemoryFile::holding(std::move(*content));
    if (!file) {
        return tl::unexpected(file.error());
    }
    const DocumentJob job{.id = arguments.value("id", std::string()),
                          .file = file->path(),
                          .repairLimit = documentRepairLimit(arguments)};
    const auto budget = job.repairLimit + kStepBudget;
    const Step step(line, "print", budget);
    auto progress = telling(line, budget);
    progress.accepted = [&](int number) -> Result<void> {
        auto kept = line.ask("accepted", {{"printerJob", number}, {"bytes", bytes}});
        line.step("print", budget);
        return kept.map([](const json&) {});
    };
    return toJson(m_printer->print(job, progress, std::move(stop)));
}

Result<json> DocumentHelper::resume(const json& arguments, HelperLine& line, std::stop_token stop)
{
    LostDocument lost{.id = arguments.value("id", std::string()),
                      .printerJob = std::nullopt,
                      .repairLimit = documentRepairLimit(arguments)};
    if (const auto number = arguments.value("printerJob", 0); number != 0) {
        lost.printerJob = number;
    }
    const auto budget = lost.repairLimit + kStepBudget;
    const Step step(line, "print", budget);
    return toJson(m_printer->resume(lost, telling(line, budget), std::move(stop)));
}

} // namespace guichet::host
