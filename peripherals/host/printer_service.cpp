// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/printer_service.h"

#include <atomic>
#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "peripherals/base/bytes.h"
#include "peripherals/host/common_members.h"
#include "peripherals/host/helper_job.h"
#include "peripherals/host/helper_protocol.h"
#include "peripherals/xfs/ticket_form.h"

namespace guichet::host {

using nlohmann::json;
using xfs::Completion;
using xfs::CompletionCode;

namespace {

constexpr const char* kMedia = "receipt";

Completion invalid(const char* detail)
{
    return xfs::failure(CompletionCode::InvalidData, detail);
}

std::optional<std::string> text(const json& payload, const char* key)
{
    const auto found = payload.find(key);
    if (found == payload.end() || found->is_null()) {
        return std::string();
    }
    return found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
}

/// The standard has a word for paper; for an open cover the remedy in the description has to do.
Completion printerFailure(const Error& error)
{
    if (error.remedy == Remedy::ReloadPaper) {
        return xfs::commandError("paperOut", error);
    }
    if (error.remedy == Remedy::CloseCover || error.remedy == Remedy::ReconnectCable) {
        return xfs::failure(CompletionCode::DeviceNotReady, xfs::describe(error));
    }
    return xfs::failure(error);
}

Error errorOf(const json& report)
{
    const auto found = report.find("error");
    return found != report.end() && found->is_object()
               ? errorFromJson(*found)
               : Error{Errc::Internal, Remedy::CallStaff, "the printer gave no reason"};
}

/// Paper, cover, knife or head: the printer itself said that it stands. Without such a word a
/// cleared buffer proves nothing; the whole ticket may have left it as paper.
bool printerStood(const json& report)
{
    const auto code = errorOf(report).code;
    return code == Errc::Denied || code == Errc::Busy;
}

PrintState stateOf(const json& report)
{
    const auto outcome = report.value("outcome", std::string());
    if (outcome == "printed") {
        return PrintState::Printed;
    }
    if (outcome == "refused" && report.value("bytesSent", std::size_t{0}) == 0) {
        return PrintState::Refused;
    }
    return report.value("restDiscarded", false) && printerStood(report) ? PrintState::Voided
                                                                        : PrintState::Unknown;
}

/// How a raw or control job ended; nothing is remembered about those.
Completion completionOf(const Result<json>& result)
{
    if (!result) {
        return printerFailure(result.error());
    }
    const auto state = stateOf(*result);
    if (state == PrintState::Printed) {
        return xfs::success();
    }
    auto error = errorOf(*result);
    error.detail = std::string(name(state)) + ": " + error.detail;
    return printerFailure(error);
}

std::int64_t repairMs(const xfs::Job& job)
{
    return job.command().timeout.count();
}

Completion refusedFor(const PrintAttempt& attempt)
{
    return xfs::commandError("sequenceInvalid",
                             {Errc::Conflict, Remedy::None,
                              std::string(name(attempt.state)) +
                                  ": this print index is not printed again; print the next one"});
}

/// One PrintForm "ticket" from its first record to its last.
class TicketPrint : public std::enable_shared_from_this<TicketPrint> {
public:
    TicketPrint(PrintJournal& journal, std::shared_ptr<xfs::Job> job, const xfs::TicketForm& form)
        : m_journal(journal)
        , m_job(std::move(job))
    {
        m_attempt.ticketId = form.ticketId;
        m_attempt.printIndex = form.printIndex;
    }

    void run(HelperProcess& helper, const xfs::TicketForm& form)
    {
        if (const auto known = m_journal.find(form.ticketId, form.printIndex)) {
            if (known->state == PrintState::Printed) {
                return m_job->complete(xfs::success());
            }
            if (known->state != PrintState::Refused) {
                return m_job->complete(refusedFor(*known));
            }
        }
        if (m_journal.highest(form.ticketId) > form.printIndex) {
            return m_job->complete(
                xfs::commandError("sequenceInvalid", {Errc::Conflict, Remedy::None,
                                                      "voided: a higher print index exists"}));
        }
        if (auto recorded = record(PrintState::Created); !recorded) {
            return m_job->complete(xfs::failure(recorded.error()));
        }
        start(helper, form);
    }

private:
    void start(HelperProcess& helper, const xfs::TicketForm& form)
    {
        const auto self = shared_from_this();
        HelperProcess::Operation operation{"printTicket",
                                           {{"fields", xfs::ticketFields(form)},
                                            {"repairMs", repairMs(*m_job)},
                                            {"remains", m_journal.mayHaveRemains()}}};
        operation.onEvent = [self](std::string_view what, const json& data) {
            self->happened(what, data);
        };
        operation.onAsk = [self](std::string_view, const json& data) -> Result<json> {
            return self->aboutToSend(data).map([] { return json::object(); });
        };
        operation.onDone = [self](const Result<json>& result) { self->done(result); };
        const auto number = helper.perform(std::move(operation));
        // Once bytes have left, stopping could only turn a good ticket into an unknown one.
        m_job->onStop([self, &helper, number](xfs::StopReason) {
            if (self->turn(Phase::Stopped)) {
                helper.stop(number);
            }
        });
    }

    enum class Phase { Preparing, Sending, Stopped };

    /// Whichever comes first, the stop or the first byte, the other one is too late.
    bool turn(Phase to)
    {
        auto from = Phase::Preparing;
        return m_phase.compare_exchange_strong(from, to);
    }

    Result<void> record(PrintState state) { return m_journal.advance(m_attempt, state); }

    Result<void> aboutToSend(const json& data)
    {
        if (!turn(Phase::Sending)) {
            return fail(Errc::Cancelled, "print: stopped before the first byte");
        }
        m_attempt.bytes = data.value("bytes", std::size_t{0});
        m_attempt.hash = data.value("sha256", std::string());
        return record(PrintState::Sending);
    }

    void happened(std::string_view what, const json&)
    {
        if (what == "rendered") {
            static_cast<void>(record(PrintState::Rendered)); // a failure stops it at sending
        } else if (what == "sent") {
            static_cast<void>(record(PrintState::Sent)); // sending already counts as unknown
        }
    }

    void done(const Result<json>& result)
    {
        const bool left =
            m_attempt.state == PrintState::Sending || m_attempt.state == PrintState::Sent;
        if (!result) {
            return settle(left ? PrintState::Unknown : PrintState::Refused, result.error());
        }
        m_attempt.proof = result->value("proof", std::string());
        const auto state = stateOf(*result);
        if (state != PrintState::Printed) {
            return settle(state, errorOf(*result));
        }
        if (auto recorded = record(PrintState::Printed); !recorded) {
            return m_job->complete(xfs::failure(recorded.error()));
        }
        m_job->event("Printer.MediaPresentedEvent", {{"wadIndex", 1}, {"totalWads", 1}});
        m_job->complete(xfs::success());
    }

    void settle(PrintState state, Error error)
    {
        static_cast<void>(record(state)); // if it fails, the next start settles it likewise
        error.detail = std::string(name(state)) + ": " + error.detail;
        m_job->complete(printerFailure(error));
    }

    PrintJournal& m_journal;
    std::shared_ptr<xfs::Job> m_job;
    PrintAttempt m_attempt; ///< as last recorded
    std::atomic<Phase> m_phase = Phase::Preparing;
};

void printForm(HelperProcess& helper, PrintJournal& journal, const std::shared_ptr<xfs::Job>& job)
{
    const auto& payload = job->command().payload;
    const auto formName = text(payload, "formName");
    const auto media = text(payload, "mediaName");
    if (!formName || formName->empty()) {
        return job->complete(invalid("formName is missing or not a string"));
    }
    if (!media) {
        return job->complete(invalid("mediaName is not a string"));
    }
    if (*formName != xfs::kTicketForm) {
        return job->complete(xfs::commandError(
            "formNotFound", {Errc::NotFound, Remedy::None, "the form here is ticket"}));
    }
    if (!media->empty() && *media != kMedia) {
        return job->complete(xfs::commandError(
            "mediaNotFound", {Errc::NotFound, Remedy::None, "the media here is receipt"}));
    }
    const auto form = xfs::ticketFromFields(payload.value("fields", json()));
    if (!form) {
        return job->complete(xfs::commandError("fieldError", form.error()));
    }
    std::make_shared<TicketPrint>(journal, job, *form)->run(helper, *form);
}

void printRaw(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
{
    const auto& payload = job->command().payload;
    const auto data = text(payload, "data");
    const auto input = text(payload, "inputData");
    if (!data || data->empty() || !fromBase64(*data)) {
        return job->complete(invalid("data is missing or not base64"));
    }
    if (!input || (!input->empty() && *input != "no" && *input != "yes")) {
        return job->complete(invalid("inputData is not no or yes"));
    }
    if (*input == "yes") {
        return job->complete(
            xfs::failure(CompletionCode::UnsupportedData, "this printer gives no raw answers"));
    }
    HelperProcess::Operation operation{"printRaw", {{"data", *data}, {"repairMs", repairMs(*job)}}};
    operation.onAsk = [](std::string_view, const json&) { return json::object(); };
    performInHelper(helper, job, std::move(operation), completionOf);
}

/// What the standard calls a move, and what our printer is asked for; null: it cannot.
const char* moveFor(std::string_view move, const PrinterTraits& traits)
{
    if (move == "eject" && traits.presenter) {
        return "present";
    }
    if (move == "retract" && traits.retract) {
        return "retract";
    }
    return move == "expel" && traits.expel ? "expel" : nullptr;
}

struct MediaControl {
    std::optional<const char*> cut; ///< the kind, "" for the usual one
    const char* move = nullptr;
};

/// Errc::Invalid names what this printer does not offer.
Result<MediaControl> readControl(const json& control, const PrinterTraits& traits)
{
    MediaControl wanted;
    for (const auto& [action, value] : control.items()) {
        if (value.is_null() || value == false) {
            continue;
        }
        if (action == "move" && value.is_string()) {
            wanted.move = moveFor(value.get_ref<const std::string&>(), traits);
        }
        const bool cuts = traits.usualCut != CutKind::None && value == true;
        const bool offered =
            (action == "flush" && value == true) || (action == "cut" && cuts) ||
            (action == "partialCut" && cuts && traits.usualCut == CutKind::Partial) ||
            (action == "move" && wanted.move != nullptr);
        if (!offered) {
            return fail(Errc::Invalid,
                        "mediaControl asks for " + action + ", which this printer does not offer");
        }
        if (action == "cut" || action == "partialCut") {
            wanted.cut = action == "cut" ? "" : "partial";
        }
    }
    if (wanted.cut && wanted.move != nullptr && std::string_view(wanted.move) != "present") {
        return fail(Errc::Invalid, "mediaControl asks for a cut and a move other than eject");
    }
    return wanted;
}

Completion movedOf(const Result<json>& result)
{
    if (!result) {
        return printerFailure(result.error());
    }
    return result->value("paper", true)
               ? xfs::success()
               : xfs::commandError("noMediaPresent", {Errc::NotFound, Remedy::None,
                                                      "no paper is at the printer's mouth"});
}

void move(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job, const std::string& how)
{
    const bool presents = how == "present";
    performInHelper(
        helper, job, {"move", {{"how", how}}}, [job, presents](const Result<json>& result) {
            if (presents && result) {
                job->event("Printer.MediaPresentedEvent", {{"wadIndex", 1}, {"totalWads", 1}});
            }
            return movedOf(result);
        });
}

void controlMedia(HelperProcess& helper, const PrinterTraits& traits,
                  const std::shared_ptr<xfs::Job>& job)
{
    const auto control = job->command().payload.value("mediaControl", json());
    if (!control.is_object()) {
        return job->complete(invalid("mediaControl is missing"));
    }
    const auto wanted = readControl(control, traits);
    if (!wanted) {
        return job->complete(invalid(wanted.error().detail.c_str()));
    }
    if (!wanted->cut) {
        return wanted->move != nullptr ? move(helper, job, wanted->move)
                                       : job->complete(xfs::success()); // each job is flushed
    }
    HelperProcess::Operation operation{"cut",
                                       {{"repairMs", repairMs(*job)}, {"kind", *wanted->cut}}};
    operation.onAsk = [](std::string_view, const json&) { return json::object(); };
    performInHelper(
        helper, job, std::move(operation),
        [job, presents = traits.presenter](const Result<json>& result) {
            auto completion = completionOf(result);
            if (presents && completion.ok()) { // what is cut is held out
                job->event("Printer.MediaPresentedEvent", {{"wadIndex", 1}, {"totalWads", 1}});
            }
            return completion;
        });
}

void retractMedia(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
{
    const auto target = text(job->command().payload, "mediaControl");
    if (!target || (!target->empty() && *target != "transport")) {
        return job->complete(invalid("mediaControl is not transport"));
    }
    performInHelper(helper, job, {"move", {{"how", "retract"}}}, [](const Result<json>& result) {
        auto completion = movedOf(result);
        if (completion.ok()) {
            completion.payload["result"] = "transport";
        }
        return completion;
    });
}

void reset(HelperProcess& helper, const PrinterTraits& traits, const std::shared_ptr<xfs::Job>& job)
{
    const auto control = text(job->command().payload, "mediaControl");
    if (!control) {
        return job->complete(invalid("mediaControl is not a string"));
    }
    if (!control->empty()) {
        const auto* how = moveFor(*control, traits);
        return how != nullptr ? move(helper, job, how)
                              : job->complete(xfs::failure(CompletionCode::UnsupportedData,
                                                           "this printer does not move its media"));
    }
    resetInHelper(helper, job, printerFailure);
}

json fieldDefinition(int order, const char* type, const char* presence)
{
    return {{"order", order},
            {"position", {{"x", 0}, {"y", order * 6}}},
            {"size", {{"width", 72}, {"height", 6}}},
            {"side", "front"},
            {"fieldType", type},
            {"class", presence},
            {"access", "write"},
            {"overflow", "wordWrap"}};
}

json ticketFormDefinition()
{
    json fields;
    int order = 0;
    for (const char* key : {"outlet", "service", "number", "rows", "code", "footer", "letters",
                            "language", "ticketId", "printIndex"}) {
        const std::string_view field = key;
        const bool required = field == "ticketId" || field == "printIndex" || field == "number";
        fields[key] = fieldDefinition(order++, field == "code" ? "barcode" : "text",
                                      required ? "required" : "optional");
    }
    return {{"unit", {{"base", "mm"}, {"x", 1}, {"y", 1}}},
            {"size", {{"width", 72}, {"height", 120}}},
            {"orientation", "portrait"},
            {"version", {{"version", "1.0"}}},
            {"title", "Queue ticket"},
            {"fields", std::move(fields)}};
}

Completion queryForm(const json& payload)
{
    const auto formName = text(payload, "formName");
    if (!formName || formName->empty()) {
        return invalid("formName is missing");
    }
    if (*formName != xfs::kTicketForm) {
        return xfs::commandError("formNotFound",
                                 {Errc::NotFound, Remedy::None, "the form here is ticket"});
    }
    return xfs::success({{"form", ticketFormDefinition()}});
}

Completion queryMedia(const json& payload)
{
    const auto media = text(payload, "name");
    if (!media || media->empty()) {
        return invalid("name is missing");
    }
    if (*media != kMedia) {
        return xfs::commandError("mediaNotFound",
                                 {Errc::NotFound, Remedy::None, "the media here is receipt"});
    }
    return xfs::success({{"media",
                          {{"mediaType", "generic"},
                           {"source", "upper"},
                           {"unit", {{"base", "mm"}, {"x", 1}, {"y", 1}}},
                           {"size", {{"width", 80}, {"height", 200}}}}}});
}

json controlCapabilities(const PrinterTraits& traits)
{
    json control = {{"flush", true}};
    if (traits.usualCut != CutKind::None) {
        control["cut"] = true;
        control["partialCut"] = traits.usualCut == CutKind::Partial;
    }
    if (traits.presenter) {
        control["eject"] = true;
        control["retract"] = traits.retract;
        control["expel"] = traits.expel;
    }
    return control;
}

} // namespace

xfs::ServiceDescription receiptPrinterDescription(const PrinterTraits& traits)
{
    xfs::ServiceDescription description;
    description.name = "receiptprinter";
    description.commands = {
        {"Printer.PrintForm", "3.0", "3.0"},
        {"Printer.PrintRaw", "3.0", "3.0"},
        {"Printer.ControlMedia", "3.0", "2.0"},
        {"Printer.Reset", "3.0", "2.0"},
        {"Printer.GetFormList", "2.0", "2.0",
         [](const json&) {
             return xfs::success({{"formList", json::array({xfs::kTicketForm})}});
         }},
        {"Printer.GetMediaList", "2.0", "2.0",
         [](const json&) {
             return xfs::success({{"mediaList", json::array({kMedia})}});
         }},
        {"Printer.GetQueryForm", "2.0", "3.0", queryForm},
        {"Printer.GetQueryMedia", "3.0", "3.0", queryMedia},
    };
    description.events = {{"Printer.MediaPresentedEvent", "2.0"},
                          {"Printer.PaperThresholdEvent", "2.0"}};
    if (traits.retract) {
        description.commands.push_back({"Printer.RetractMedia", "3.0", "3.0"});
    }
    if (traits.takenSensor) {
        description.events.push_back({"Printer.MediaTakenEvent", "2.0"});
    }
    if (traits.retractAfter.count() > 0) {
        description.events.push_back({"Printer.MediaAutoRetractedEvent", "3.0"});
    }
    const auto raw = "Receipt printer; raw data is ESC/POS" +
                     (traits.abilities.empty() ? std::string() : ": " + traits.abilities);
    description.capabilities = {
        {"common", commonCapabilities("ESC/POS", raw.c_str())},
        {"printer",
         {{"type", {{"receipt", true}}},
          {"resolution", {{"medium", true}}},
          {"writeForm", {{"text", true}, {"graphics", true}, {"barcode", true}}},
          {"control", controlCapabilities(traits)},
          {"maxMediaOnStacker", 0},
          {"acceptMedia", false},
          {"multiPage", false},
          {"paperSources", {{"upper", true}}},
          {"mediaTaken", traits.takenSensor},
          {"mediaPresented", true},
          {"dispensePaper", false},
          {"autoRetractPeriod", traits.retractAfter.count()},
          {"retractToTransport", traits.retract}}},
    };
    description.status = {
        {"common", commonStatusAtStart()},
        {"printer", {{"media", "unknown"}, {"paper", {{"upper", "unknown"}}}}},
    };
    return description;
}

void performPrinterCommand(HelperProcess& helper, PrintJournal& journal,
                           const PrinterTraits& traits, const std::shared_ptr<xfs::Job>& job)
{
    const auto& command = job->command().name;
    if (command == "Printer.PrintForm") {
        return printForm(helper, journal, job);
    }
    if (command == "Printer.PrintRaw") {
        return printRaw(helper, job);
    }
    if (command == "Printer.ControlMedia") {
        return controlMedia(helper, traits, job);
    }
    if (command == "Printer.RetractMedia" && traits.retract) {
        return retractMedia(helper, job);
    }
    if (command == "Printer.Reset") {
        return reset(helper, traits, job);
    }
    job->complete(xfs::failure(CompletionCode::UnsupportedCommand, "not a printer command"));
}

std::optional<PrinterEvent> printerEvent(std::string_view signal, const json& data)
{
    if (signal == "mediaTaken") {
        return PrinterEvent{"Printer.MediaTakenEvent", json::object()};
    }
    if (signal == "mediaRetracted") {
        return PrinterEvent{"Printer.MediaAutoRetractedEvent",
                            {{"result", data.value("result", "transport")}}};
    }
    return std::nullopt;
}

std::string paperThreshold(const json& before, const json& after)
{
    static const json::json_pointer place("/printer/paper/upper");
    if (!after.contains(place) || (before.contains(place) && before[place] == after[place])) {
        return {};
    }
    const auto paper = after[place].get<std::string>();
    return paper == "full" || paper == "low" || paper == "out" ? paper : std::string();
}

} // namespace guichet::host
