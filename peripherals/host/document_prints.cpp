// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/document_prints.h"

#include <utility>

#include <spdlog/spdlog.h>

#include "peripherals/host/document_service.h"
#include "peripherals/host/helper_job.h"

namespace guichet::host {

using nlohmann::json;
using xfs::Completion;

namespace {

constexpr std::int64_t kOnlyIndex = 1; ///< another copy is another document

PrintState stateOf(const json& report)
{
    const auto outcome = report.value("outcome", std::string());
    return outcome == "printed"   ? PrintState::Printed
           : outcome == "refused" ? PrintState::Refused
           : outcome == "ended"   ? PrintState::Voided
                                  : PrintState::Unknown;
}

bool left(PrintState state)
{
    return state == PrintState::Sending || state == PrintState::Sent;
}

Completion lost(Error error)
{
    error.detail = "unknown: " + error.detail;
    return documentFailure(error);
}

Completion notAgain(PrintState state)
{
    return xfs::commandError("sequenceInvalid",
                             {Errc::Conflict, Remedy::None,
                              std::string(documentState(state)) +
                                  ": this documentId is not printed again; a copy takes another"});
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

    void run(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
    {
        if (auto recorded = record(PrintState::Created); !recorded) {
            return job->complete(xfs::failure(recorded.error()));
        }
        const auto& command = job->command();
        HelperProcess::Operation operation{"printNative",
                                           {{"id", m_attempt.ticketId},
                                            {"data", command.payload.at("data")},
                                            {"repairMs", command.timeout.count()}}};
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
        performInHelper(helper, job, std::move(operation),
                        [self](const Result<json>& result) { return self->done(result); });
    }

private:
    Result<void> record(PrintState state) { return m_journal.advance(m_attempt, state); }

    Completion done(const Result<json>& result)
    {
        if (!result) {
            const bool maybe = left(m_attempt.state);
            static_cast<void>(record(maybe ? PrintState::Unknown : PrintState::Refused));
            return maybe ? lost(result.error()) : documentFailure(result.error());
        }
        const auto state = stateOf(*result);
        if (state != PrintState::Refused && !left(m_attempt.state)) {
            // The printer knew it already, so nobody asked before its first byte.
            m_attempt.printerJob = result->value("printerJob", 0);
            static_cast<void>(record(PrintState::Sending));
        }
        if (auto recorded = record(state); !recorded && state == PrintState::Printed) {
            return xfs::failure(recorded.error()); // the next start finds it out
        }
        return documentCompletion(*result);
    }

    PrintJournal& m_journal;
    PrintAttempt m_attempt; ///< as last recorded
};

} // namespace

std::string_view documentState(PrintState state)
{
    return state == PrintState::Voided ? "ended" : name(state);
}

DocumentPrints::DocumentPrints(PrintJournal& journal)
    : m_journal(journal)
{
}

void DocumentPrints::print(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job,
                           const std::string& id)
{
    const auto known = m_journal.find(id, kOnlyIndex);
    if (!known || known->state == PrintState::Refused) {
        return std::make_shared<DocumentPrint>(m_journal, id)->run(helper, job);
    }
    if (known->state == PrintState::Printed) {
        return job->complete(xfs::success());
    }
    if (known->state == PrintState::Unknown) {
        return lookFor(helper, *known, job);
    }
    job->complete(notAgain(known->state));
}

void DocumentPrints::lookForLost(HelperProcess& helper)
{
    for (const auto& attempt : m_journal.unknown()) {
        lookFor(helper, attempt, nullptr);
    }
}

void DocumentPrints::lookFor(HelperProcess& helper, const PrintAttempt& attempt,
                             const std::shared_ptr<xfs::Job>& job)
{
    std::uint64_t operation = 0;
    {
        const std::scoped_lock lock(m_mutex);
        const auto [search, fresh] = m_searches.try_emplace(attempt.ticketId);
        if (job) {
            search->second.jobs.push_back(job);
        }
        if (fresh) {
            search->second.operation = helper.perform(
                {"resume", resumeArguments(attempt), {}, {}, [this, attempt](const auto& result) {
                     found(attempt, result);
                 }});
        }
        operation = search->second.operation;
    }
    if (job) {
        job->onStop([&helper, operation](xfs::StopReason) { helper.stop(operation); });
    }
}

void DocumentPrints::found(const PrintAttempt& attempt, const Result<json>& result)
{
    const auto state = result ? stateOf(*result) : PrintState::Unknown;
    if (state == PrintState::Printed || state == PrintState::Voided) {
        auto step = attempt;
        step.state = state;
        if (auto recorded = m_journal.record(std::move(step)); !recorded) {
            spdlog::error("{}", recorded.error().detail);
        }
    }
    spdlog::info("document {}: {}", attempt.ticketId, documentState(state));
    std::vector<std::shared_ptr<xfs::Job>> jobs;
    {
        const std::scoped_lock lock(m_mutex);
        jobs = std::move(m_searches.extract(attempt.ticketId).mapped().jobs);
    }
    for (const auto& job : jobs) {
        job->complete(result ? documentCompletion(*result) : lost(result.error()));
    }
}

} // namespace guichet::host
