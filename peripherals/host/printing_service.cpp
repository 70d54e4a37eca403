// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/printing_service.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "peripherals/classes/document_printer.h"
#include "peripherals/host/helper_protocol.h"
#include "peripherals/host/own_message.h"

namespace guichet::host {

using nlohmann::json;

namespace {

constexpr std::size_t kLongestRequest = 2 * 1024 * 1024; ///< as the server takes them
constexpr std::int64_t kLongestRepair = 10 * 60 * 1000;

Result<std::string> textIn(const json& body, const char* member)
{
    const auto text = body.find(member);
    if (text == body.end() || !text->is_string()) {
        return fail(Errc::Invalid, std::string(member) + " is not a string");
    }
    return text->get<std::string>();
}

json stateAnswer(std::int64_t id, const std::optional<PrintAttempt>& attempt,
                 std::string_view (*nameOf)(PrintState))
{
    json answer{{"id", id}, {"state", "none"}};
    if (attempt) {
        answer["state"] = nameOf(attempt->state);
        answer["changed"] = toRfc3339(attempt->changed);
    }
    return answer;
}

Result<DocumentOrder> orderIn(const json& body)
{
    auto id = textIn(body, "documentId");
    if (!id) {
        return tl::unexpected(std::move(id).error());
    }
    if (!isDocumentId(*id)) {
        return fail(Errc::Invalid, "documentId is not 1 to 127 of A-Z a-z 0-9 . _ -");
    }
    auto data = documentIn(body);
    if (!data) {
        return tl::unexpected(std::move(data).error());
    }
    const auto repair = body.value("repairMs", json(0));
    if (!repair.is_number_integer() || repair < 0 || repair > kLongestRepair) {
        return fail(Errc::Invalid, "repairMs is not 0 to 600000");
    }
    return DocumentOrder{std::move(*id), std::move(*data),
                         std::chrono::milliseconds(repair.get<std::int64_t>())};
}

} // namespace

class PrintingService::Core : public std::enable_shared_from_this<PrintingService::Core> {
public:
    Core(const PrintJournal& tickets, const PrintJournal& documents)
        : m_tickets(tickets)
        , m_documents(documents)
    {
    }

    void add(DocumentDesk desk) { m_desks.push_back(std::move(desk)); }

    net::SocketCallbacks accept(std::shared_ptr<net::Socket> socket)
    {
        auto caller = std::make_shared<Caller>();
        caller->socket = std::move(socket);
        auto self = shared_from_this();
        return {[self, caller](std::string_view text) { self->receive(caller, text); },
                [self, caller] { self->stop(*caller); }};
    }

private:
    struct Caller {
        std::shared_ptr<net::Socket> socket;
        std::int64_t printing = 0; ///< id of the running request, 0: none. Guarded by the mutex
        HelperProcess* helper = nullptr;
        std::uint64_t operation = 0; ///< its number there
    };
    using CallerPtr = std::shared_ptr<Caller>;

    void receive(const CallerPtr& caller, std::string_view text)
    {
        const auto request = parseOwnRequest(text, kLongestRequest);
        if (!request) {
            return sendOwnError(*caller->socket, nullptr, request.error());
        }
        const auto done = request->operation == "print"    ? print(caller, *request)
                          : request->operation == "cancel" ? cancel(*caller, *request)
                                                           : answer(*caller, *request);
        if (!done) {
            sendOwnError(*caller->socket, request->id, done.error());
        }
    }

    Result<void> answer(const Caller& caller, const OwnRequest& request) const
    {
        return answerTo(request).map(
            [&caller](const json& message) { sendOwn(*caller.socket, message); });
    }

    [[nodiscard]] Result<json> answerTo(const OwnRequest& request) const
    {
        if (request.operation == "document") {
            return textIn(request.body, "documentId").map([&](const std::string& document) {
                return stateAnswer(request.id, m_documents.find(document, 1), documentState);
            });
        }
        if (request.operation != "attempt" && request.operation != "history") {
            return fail(Errc::Unsupported, "op is not attempt, history, document, print or cancel");
        }
        const auto ticket = textIn(request.body, "ticketId");
        if (!ticket) {
            return tl::unexpected(ticket.error());
        }
        if (request.operation == "history") {
            const auto known = m_tickets.history(*ticket);
            return json{{"id", request.id}, {"next", known.next}, {"paper", known.paper}};
        }
        const auto index = request.body.value("printIndex", json());
        if (!index.is_number_integer()) {
            return fail(Errc::Invalid, "printIndex is not a whole number");
        }
        return stateAnswer(request.id, m_tickets.find(*ticket, index.get<std::int64_t>()), name);
    }

    /// The one that was asked for, else the first.
    [[nodiscard]] Result<DocumentDesk> deskFor(const OwnRequest& request) const
    {
        const auto device = request.body.value("device", json(nullptr));
        if (!device.is_null() && !device.is_string()) {
            return fail(Errc::Invalid, "device is not a string");
        }
        const auto found = std::find_if(m_desks.begin(), m_desks.end(), [&](const auto& desk) {
            return device.is_null() || device == desk.device;
        });
        if (found == m_desks.end()) {
            return fail(Errc::Unsupported, "device is no document printer of this terminal");
        }
        return *found;
    }

    Result<void> print(const CallerPtr& caller, const OwnRequest& request)
    {
        const auto order = orderIn(request.body);
        if (!order) {
            return tl::unexpected(order.error());
        }
        const auto desk = deskFor(request);
        if (!desk) {
            return tl::unexpected(desk.error());
        }
        {
            const std::scoped_lock lock(m_mutex);
            if (caller->printing != 0) {
                return fail(Errc::Busy, "a document is being printed for this connection",
                            Remedy::Wait);
            }
            caller->printing = request.id;
            caller->helper = nullptr;
        }
        const auto operation = desk->prints->print(
            *desk->helper, *order, [self = shared_from_this(), caller](const DocumentEnd& end) {
                self->finished(*caller, end);
            });
        const std::scoped_lock lock(m_mutex);
        caller->helper = desk->helper;
        caller->operation = operation;
        return {};
    }

    void finished(Caller& caller, const DocumentEnd& end)
    {
        json message{{"state", documentState(end.state)}};
        if (end.error) {
            message["error"] = errorToJson(*end.error);
        }
        {
            const std::scoped_lock lock(m_mutex);
            message["id"] = std::exchange(caller.printing, 0);
        }
        sendOwn(*caller.socket, message);
    }

    /// What runs then ends by itself.
    Result<void> cancel(const Caller& caller, const OwnRequest& request)
    {
        if (!stop(caller)) {
            return fail(Errc::NotFound, "nothing to cancel");
        }
        sendOwn(*caller.socket, {{"id", request.id}, {"cancelled", true}});
        return {};
    }

    bool stop(const Caller& caller)
    {
        const auto [helper, operation] = running(caller);
        if (helper == nullptr) {
            return false;
        }
        helper->stop(operation);
        return true;
    }

    [[nodiscard]] std::pair<HelperProcess*, std::uint64_t> running(const Caller& caller) const
    {
        const std::scoped_lock lock(m_mutex);
        return {caller.printing != 0 ? caller.helper : nullptr, caller.operation};
    }

    const PrintJournal& m_tickets;
    const PrintJournal& m_documents;
    std::vector<DocumentDesk> m_desks;
    mutable std::mutex m_mutex;
};

PrintingService::PrintingService(const PrintJournal& tickets, const PrintJournal& documents)
    : m_core(std::make_shared<Core>(tickets, documents))
{
}

void PrintingService::add(DocumentDesk desk)
{
    m_core->add(std::move(desk));
}

net::SocketHandler PrintingService::handler()
{
    return [core = m_core](const net::Request&, std::shared_ptr<net::Socket> socket) {
        return core->accept(std::move(socket));
    };
}

} // namespace guichet::host
