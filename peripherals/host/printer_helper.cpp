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

constexpr auto kStatusBudget = 8s, kMoveBudget = 20s;
/// The presenter's motor runs; the sensor may not see the paper yet.
constexpr auto kSettle = 3s;
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

const char* mediaAt(PaperPlace place)
{
    switch (place) {
    case PaperPlace::Unknown:
        return "unknown";
    case PaperPlace::Gone:
        return "notPresent";
    case PaperPlace::Present:
        return "present";
    case PaperPlace::Retracted:
        return "retracted";
    case PaperPlace::Jammed:
        return "jammed";
    }
    return "unknown";
}

std::optional<PaperMove> moveNamed(const std::string& how)
{
    return how == "present"   ? std::optional(PaperMove::Present)
           : how == "retract" ? std::optional(PaperMove::Retract)
           : how == "expel"   ? std::optional(PaperMove::Expel)
                              : std::nullopt;
}

CutKind cutNamed(const std::string& kind)
{
    return kind == "partial" ? CutKind::Partial : kind == "full" ? CutKind::Full : CutKind::Usual;
}

} // namespace

json printerStatusMembers(const Result<PrinterStatus>& status, PaperPlace place)
{
    if (!status) {
        const bool away =
            status.error().code == Errc::Disconnected || status.error().code == Errc::Timeout;
        return {{"common", {{"device", away ? "offline" : "hardwareError"}}},
                {"printer", {{"paper", {{"upper", "unknown"}}}, {"media", "unknown"}}}};
    }
    const char* paper = status->paperOut ? "out" : status->paperNearEnd ? "low" : "full";
    const char* media = status->cutterError ? "jammed" : mediaAt(place);
    return {{"common", {{"device", device(*status)}}},
            {"printer", {{"paper", {{"upper", paper}}}, {"media", media}}}};
}

PrinterHelper::PrinterHelper(std::unique_ptr<ReceiptPrinter> printer, RenderTicket render,
                             const Clock& clock)
    : m_printer(std::move(printer))
    , m_render(std::move(render))
    , m_clock(clock)
    , m_place(m_printer->traits().presenter && !m_printer->traits().takenSensor
                  ? PaperPlace::Unknown
                  : PaperPlace::Gone)
{
}

void PrinterHelper::watch(HelperLine& line)
{
    static_cast<void>(look(line)); // what it says is on the line
}

Result<PrinterStatus> PrinterHelper::look(HelperLine& line)
{
    line.step("status", kStatusBudget);
    auto status = m_printer->status();
    if (status && status->paperAtOutlet) {
        follow(*status->paperAtOutlet, line);
    }
    line.status(printerStatusMembers(status, m_place));
    line.step({}, {});
    return status;
}

void PrinterHelper::follow(bool paper, HelperLine& line)
{
    const auto now = m_clock.ticks();
    if (paper && m_place != PaperPlace::Present && m_place != PaperPlace::Jammed) {
        m_place = PaperPlace::Present; // of an earlier process, or by hand
        m_presentedAt = now;
    }
    m_seen = m_seen || paper;
    if (paper) {
        const auto patience = m_printer->traits().retractAfter;
        if (m_place == PaperPlace::Present && patience > 0s && now - m_presentedAt >= patience) {
            takeBack(line);
        }
    } else if (m_place == PaperPlace::Present && (m_seen || now - m_presentedAt >= kSettle)) {
        m_place = PaperPlace::Gone;
        line.signal("mediaTaken", json::object());
    } else if (m_place == PaperPlace::Jammed) {
        m_place = PaperPlace::Gone; // somebody pulled it out
    }
}

void PrinterHelper::takeBack(HelperLine& line)
{
    line.step("move", kMoveBudget);
    const auto moved = m_printer->move(PaperMove::Retract);
    const auto after = moved ? m_printer->status() : tl::unexpected(moved.error());
    if (!after) {
        return; // the next look tries again
    }
    const bool stuck = after->paperAtOutlet.value_or(false);
    m_place = stuck ? PaperPlace::Jammed : PaperPlace::Retracted;
    line.signal("mediaRetracted", {{"result", stuck ? "jammed" : "transport"}});
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
        auto drawn = m_render(*form, m_printer->traits().widthDots);
        if (!drawn) {
            return fail(std::move(drawn).error(), "draw the ticket");
        }
        job.content = std::move(drawn->dots);
        job.cut = drawn->cut;
        job.presentMm = drawn->presentMm;
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
        job.cut = CutKind::None;
        return print(std::move(job), line, stop);
    }
    if (operation == "cut") {
        job.cut = cutNamed(arguments.value("kind", std::string()));
        return print(std::move(job), line, stop);
    }
    if (operation == "move") {
        return move(arguments, line);
    }
    if (operation == "reset") {
        return look(line).map([](const PrinterStatus&) { return json::object(); });
    }
    return fail(Errc::Unsupported, "printer: unknown operation");
}

Result<json> PrinterHelper::move(const json& arguments, HelperLine& line)
{
    const auto how = moveNamed(arguments.value("how", std::string()));
    if (!how) {
        return fail(Errc::Invalid, "move: how is not present, retract or expel");
    }
    const auto before = look(line);
    if (!before) {
        return tl::unexpected(before.error());
    }
    if (how == PaperMove::Retract && before->paperAtOutlet == false) {
        return json{{"paper", false}};
    }
    line.step("move", kMoveBudget);
    const auto moved = m_printer->move(*how);
    line.step({}, {});
    if (!moved) {
        return tl::unexpected(moved.error());
    }
    if (m_printer->traits().takenSensor) {
        m_place = how == PaperMove::Present   ? PaperPlace::Present
                  : how == PaperMove::Retract ? PaperPlace::Retracted
                                              : PaperPlace::Gone;
        m_presentedAt = m_clock.ticks();
        m_seen = false;
    }
    line.status({{"printer", {{"media", mediaAt(m_place)}}}});
    return json{{"paper", true}};
}

/// What still stands in the mouth would stop the next paper.
Result<void> PrinterHelper::clearMouth(HelperLine& line)
{
    const auto& traits = m_printer->traits();
    if (!traits.takenSensor || !traits.expel || m_place != PaperPlace::Present) {
        return {};
    }
    const auto status = look(line);
    if (!status || m_place != PaperPlace::Present) {
        return {}; // a printer that is away is the job's matter
    }
    line.step("move", kMoveBudget);
    auto moved = m_printer->move(PaperMove::Expel);
    line.step({}, {});
    m_place = moved ? PaperPlace::Gone : m_place;
    return moved;
}

Result<json> PrinterHelper::print(PrintJob job, HelperLine& line, const std::stop_token& stop)
{
    if (auto clear = clearMouth(line); !clear) {
        return tl::unexpected(clear.error());
    }
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
    progress.stopped = [this, &line](const PrinterStatus& status) {
        line.status(printerStatusMembers(status, m_place));
        line.event("stopped", {{"remedy", name(status.remedy())}, {"detail", describe(status)}});
    };
    line.step("print", printBudget(job));
    const auto report = m_printer->print(job, progress, stop);
    line.step({}, {});
    if (report.outcome == PrintOutcome::Printed && m_printer->traits().takenSensor &&
        job.cut != CutKind::None) {
        m_place = PaperPlace::Present;
        m_presentedAt = m_clock.ticks();
        m_seen = false;
        line.status({{"printer", {{"media", mediaAt(m_place)}}}});
    }
    return toJson(report);
}

} // namespace guichet::host
