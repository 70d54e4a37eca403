// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/printing_service.h"

#include <utility>

#include "peripherals/host/document_prints.h"
#include "peripherals/host/own_message.h"

namespace guichet::host {

using nlohmann::json;

namespace {

Result<json> answerAbout(const OwnRequest& request, const PrintJournal& documents)
{
    const auto id = request.body.value("documentId", json());
    if (!id.is_string()) {
        return fail(Errc::Invalid, "documentId is not a string");
    }
    json answer{{"id", request.id}, {"state", "none"}};
    if (const auto attempt = documents.find(id.get_ref<const std::string&>(), 1)) {
        answer["state"] = documentState(attempt->state);
        answer["changed"] = toRfc3339(attempt->changed);
    }
    return answer;
}

Result<json> answerTo(const OwnRequest& request, const PrintJournal& journal,
                      const PrintJournal& documents)
{
    if (request.operation == "document") {
        return answerAbout(request, documents);
    }
    if (request.operation != "attempt" && request.operation != "history") {
        return fail(Errc::Unsupported, "op is not attempt, history or document");
    }
    const auto ticket = request.body.value("ticketId", json());
    if (!ticket.is_string()) {
        return fail(Errc::Invalid, "ticketId is not a string");
    }
    const auto& ticketId = ticket.get_ref<const std::string&>();
    if (request.operation == "history") {
        const auto known = journal.history(ticketId);
        return json{{"id", request.id}, {"next", known.next}, {"paper", known.paper}};
    }
    const auto index = request.body.value("printIndex", json());
    if (!index.is_number_integer()) {
        return fail(Errc::Invalid, "printIndex is not a whole number");
    }
    const auto attempt = journal.find(ticketId, index.get<std::int64_t>());
    json answer{{"id", request.id}, {"state", "none"}};
    if (attempt) {
        answer["state"] = name(attempt->state);
        answer["changed"] = toRfc3339(attempt->changed);
    }
    return answer;
}

} // namespace

net::SocketHandler printingHandler(const PrintJournal& tickets, const PrintJournal& documents)
{
    return [&tickets, &documents](const net::Request&, std::shared_ptr<net::Socket> socket) {
        const auto receive = [&tickets, &documents, socket](std::string_view text) {
            const auto request = parseOwnRequest(text);
            if (!request) {
                return sendOwnError(*socket, nullptr, request.error());
            }
            const auto answer = answerTo(*request, tickets, documents);
            if (!answer) {
                return sendOwnError(*socket, request->id, answer.error());
            }
            sendOwn(*socket, *answer);
        };
        return net::SocketCallbacks{receive, [] {}};
    };
}

} // namespace guichet::host
