// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/printer_helper.h"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>
#include <openssl/sha.h>

#include "peripherals/host/helper_protocol.h"

namespace guichet::host {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto kStatusBudget = 8s;
/// For a person who stands in front of the kiosk and mends the paper.
constexpr std::chrono::milliseconds kRepairLimit = 60s;

std::chrono::milliseconds repairLimit(const json& arguments)
{
    const std::chrono::milliseconds asked(arguments.value("repairMs", std::int64_t{0}));
    return asked > 0ms ? std::min(asked, kRepairLimit) : kRepairLimit;
}

/// Of sending and of proving, each: the driver ends a stop and its own waiting before that.
std::chrono::milliseconds printBudget(const PrintJob& job)
{
    return 2 * job.repairLimit + 40s;
}

std::string sha256(const PrintJob& job)
{
    const auto* picture = std::get_if<Bitmap>(&job.content);
    const ByteView bytes =
        picture ? picture->rows(0, picture->height()) : ByteView(std::get<Bytes>(job.content));
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    return toHex(std::as_bytes(std::span(digest)));
}

const char* device(const PrinterStatus& status)
{
    if (status.needsService || status.cutterError || status.otherError) {
        return "hardwareError";
    }
    if (status.coverOpen) {
        return "userError";
    }
    return status.online || status.paperOut ? "online" : "offline";
}

json toJson(const PrintReport& report)
{
    json result = {{"outcome", name(report.outcome)},
                   {"proof", name(report.proof)},
                   {"bytesSent", report.bytesSent},
                   {"bytesTotal", report.bytesTotal},
                   {"restDiscarded", report.restDiscarded}};
    if (report.error) {
        result["error"] = errorToJson(*report.error);
    }
    return result;
}

} // namespace

json printerStatusMembers(const Result<PrinterStatus>& status)
{
    if (!status) {
        const bool away =
            status.error().code == Errc::Disconnected || status.error().code == Errc::Timeout;
        return {{"common", {{"device", away ? "offline" : "hardwareError"}}},
                {"printer", {{"paper", {{"upper", "unknown"}}}, {"media", "unknown"}}}};
    }
    const char* paper = status->paperOut ? "out" : status->paperNearEnd ? "low" : "full";
    const char* media = status->cutterError ? "jammed" : "notPresent";
    return {{"common", {{"device", device(*status)}}},
            {"printer", {{"paper", {{"upper", paper}}}, {"media", media}}}};
}

PrinterHelper::PrinterHelper(std::unique_ptr<ReceiptPrinter> printer, RenderTicket render)
    : m_printer(std::move(printer))
    , m_render(std::move(render))
{
}

void PrinterHelper::watch(HelperLine& line)
{
    line.step("status", kStatusBudget);
    line.status(printerStatusMembers(m_printer->status()));
    line.step({}, {});
}

Result<json> PrinterHelper::perform(const std::string& operation, const json& arguments,
                                    HelperLine& line, std::stop_token stop)
{
    PrintJob job{.id = arguments.value("job", std::string()),
                 .content = Bytes{},
                 .repairLimit = repairLimit(arguments)};
    if (operation == "printTicket") {
        const auto form = xfs::ticketFromFields(arguments.value("fields", json()));
        if (!form) {
            return tl::unexpected(form.error());
        }
        auto picture = m_render(*form, m_printer->widthDots());
        if (!picture) {
            return fail(std::move(picture).error(), "draw the ticket");
        }
        job.content = std::move(*picture);
        job.remains = arguments.value("remains", false);
        line.event("rendered", json::object());
        return print(std::move(job), line, stop);
    }
    if (operation == "printRaw") {
        auto bytes = fromBase64(arguments.value("data", std::string()));
        if (!bytes) {
            return tl::unexpected(std::move(bytes).error());
        }
        job.content = std::move(*bytes);
        job.cut = false;
        return print(std::move(job), line, stop);
    }
    if (operation == "cut") {
        return print(std::move(job), line, stop);
    }
    if (operation == "reset") {
        line.step("status", kStatusBudget);
        const auto status = m_printer->status();
        line.status(printerStatusMembers(status));
        return status ? Result<json>(json::object()) : tl::unexpected(status.error());
    }
    return fail(Errc::Unsupported, "printer: unknown operation");
}

Result<json> PrinterHelper::print(PrintJob job, HelperLine& line, const std::stop_token& stop)
{
    PrintProgress progress;
    progress.beforeFirstByte = [&line, &job](std::size_t bytes) -> Result<void> {
        return line.ask("sending", {{"bytes", bytes}, {"sha256", sha256(job)}})
            .map([](const json&) {});
    };
    progress.allAccepted = [&line, &job] {
        line.step("prove", printBudget(job));
        line.event("sent", json::object());
    };
    progress.printed = [&line] { line.event("printed", json::object()); };
    progress.stopped = [&line](const PrinterStatus& status) {
        line.status(printerStatusMembers(status));
        line.event("stopped", {{"remedy", name(status.remedy())}, {"detail", describe(status)}});
    };
    line.step("print", printBudget(job));
    const auto report = m_printer->print(job, progress, stop);
    line.step({}, {});
    return toJson(report);
}

} // namespace guichet::host
