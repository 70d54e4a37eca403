// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/document_prints.h"

#include <utility>

#include <spdlog/spdlog.h>

#include "peripherals/base/bytes.h"
#include "peripherals/host/helper_protocol.h"

namespace guichet::host {

using nlohmann::json;

namespace {

constexpr std::int64_t kOnlyIndex = 1; ///< another copy is another document
constexpr std::string_view kPdf = "%PDF-";

PrintState documentStateOf(const json& report)
{
    const auto outcome = report.value("outcome", std::string());
    return outcome == "printed"   ? PrintState::Printed
           : outcome == "refused" ? PrintState::Refused
           : outcome == "ended"   ? PrintState::Voided
                                  : PrintState::Unknown;
}

DocumentEnd endOf(const json& report)
{
    const auto state = documentStateOf(report);
    if (state == PrintState::Printed) {
        return {state};
    }
    return {state, report.contains("error")
                       ? errorFromJson(report.at("error"))
                       : Error{Errc::Internal, Remedy::CallStaff, "the printer gave no reason"}};
}

bool left(PrintState state)
{
    return state == PrintState::Sending || state == PrintState::Sent;
}

json resumeArguments(const PrintAttempt& attempt)
{
    json arguments{{"id", attempt.ticketId}};
    if (attempt.printerJob != 0) {
        arguments["printerJob"] = attempt.printerJob;
    }
    return arguments;
}

/// One document that is sent, from its first record to its last.
class DocumentPrint : public std::enable_shared_from_this<DocumentPrint> {
public:
    DocumentPrint(PrintJournal& journal, std::string id)
        : m_journal(journal)
    {
        m_attempt.ticketId = std::move(id);
        m_attempt.printIndex = kOnlyIndex;
    }

    std::uint64_t run(HelperProcess& helper, const DocumentOrder& order,
                      DocumentPrints::OnEnd onEnd)
    {
        if (auto recorded = record(PrintState::Created); !recorded) {
            const auto known = m_journal.find(m_attempt.ticketId, kOnlyIndex);
            onEnd({known ? known->state : PrintState::Refused, std::move(recorded).error()});
            return 0;
        }
        HelperProcess::Operation operation{"printNative",
                                           {{"id", m_attempt.ticketId},
                                            {"data", order.data},
                                            {"repairMs", order.repairLimit.count()}}};
        const auto self = shared_from_this();
        operation.onAsk = [self](std::string_view, const json& accepted) {
            self->m_attempt.printerJob = accepted.value("printerJob", 0);
            self->m_attempt.bytes = accepted.value("bytes", std::size_t{0});
            return self->record(PrintState::Sending).map([] { return json::object(); });
        };
        operation.onEvent = [self](std::string_view what, const json&) {
            if (what == "sent") {
                static_cast<void>(self->record(PrintState::Sent)); // sending counts as unknown too
            }
        };
        operation.onDone = [self, onEnd = std::move(onEnd)](const Result<json>& result) {
            onEnd(self->done(result));
        };
        return helper.perform(std::move(operation));
    }

private:
    Result<void> record(PrintState state) { return m_journal.advance(m_attempt, state); }

    DocumentEnd done(const Result<json>& result)
    {
        if (!result) {
            const auto state = left(m_attempt.state) ? PrintState::Unknown : PrintState::Refused;
            static_cast<void>(record(state));
            return {state, result.error()};
        }
        const auto state = documentStateOf(*result);
        if (state != PrintState::Refused && !left(m_attempt.state)) {
            // The printer knew it already, so nobody asked before its first byte.
            m_attempt.printerJob = result->value("printerJob", 0);
            static_cast<void>(record(PrintState::Sending));
        }
        if (auto recorded = record(state); !recorded && state == PrintState::Printed) {
            return {PrintState::Unknown, recorded.error()}; // the next start finds it out
        }
        return endOf(*result);
    }

    PrintJournal& m_journal;
    PrintAttempt m_attempt; ///< as last recorded
};

} // namespace

std::string_view documentState(PrintState state)
{
    return state == PrintState::Voided ? "ended" : name(state);
}

Result<std::string> documentIn(const json& members)
{
    const auto data = members.find("data");
    if (data == members.end() || !data->is_string()) {
        return fail(Errc::Invalid, "data is missing");
    }
    auto text = data->get<std::string>();
    const auto document = fromBase64(text);
    if (!document) {
        return fail(Errc::Invalid, "data is not base64");
    }
    if (!asText(*document).starts_with(kPdf)) {
        return fail(Errc::Invalid, "data is not a PDF document");
    }
    return text;
}

DocumentPrints::DocumentPrints(PrintJournal& journal)
    : m_journal(journal)
{
}

std::uint64_t DocumentPrints::print(HelperProcess& helper, const DocumentOrder& order, OnEnd onEnd)
{
    const auto known = m_journal.find(order.id, kOnlyIndex);
    if (!known || known->state == PrintState::Refused) {
        return std::make_shared<DocumentPrint>(m_journal, order.id)
            ->run(helper, order, std::move(onEnd));
    }
    if (known->state == PrintState::Unknown) {
        return lookFor(helper, *known, std::move(onEnd));
    }
    if (known->state == PrintState::Printed) {
        onEnd({known->state});
    } else {
        onEnd({known->state, Error{Errc::Conflict, Remedy::None,
                                   "this documentId is not printed again; a copy takes another"}});
    }
    return 0;
}

void DocumentPrints::lookForLost(HelperProcess& helper)
{
    for (const auto& attempt : m_journal.unknown()) {
        lookFor(helper, attempt, nullptr);
    }
}

std::uint64_t DocumentPrints::lookFor(HelperProcess& helper, const PrintAttempt& attempt,
                                      OnEnd onEnd)
{
    const std::scoped_lock lock(m_mutex);
    const auto [search, fresh] = m_searches.try_emplace(attempt.ticketId);
    if (onEnd) {
        search->second.waiting.push_back(std::move(onEnd));
    }
    if (fresh) {
        search->second.operation = helper.perform(
            {"resume", resumeArguments(attempt), {}, {}, [this, attempt](const auto& result) {
                 found(attempt, result);
             }});
    }
    return search->second.operation;
}

void DocumentPrints::found(const PrintAttempt& attempt, const Result<json>& result)
{
    const auto end = result ? endOf(*result) : DocumentEnd{PrintState::Unknown, result.error()};
    if (end.state == PrintState::Printed || end.state == PrintState::Voided) {
        auto step = attempt;
        step.state = end.state;
        if (auto recorded = m_journal.record(std::move(step)); !recorded) {
            spdlog::error("{}", recorded.error().detail);
        }
    }
    spdlog::info("document {}: {}", attempt.ticketId, documentState(end.state));
    std::vector<OnEnd> waiting;
    {
        const std::scoped_lock lock(m_mutex);
        waiting = std::move(m_searches.extract(attempt.ticketId).mapped().waiting);
    }
    for (const auto& onEnd : waiting) {
        onEnd(end);
    }
}

} // namespace guichet::host
