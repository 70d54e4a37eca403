// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/own_services.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "peripherals/host/helper_protocol.h"

namespace guichet::host {

using nlohmann::json;

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::int64_t kLongestRead = 10 * 60 * 1000;
constexpr std::size_t kMaxRequest = 4096;

struct Request {
    std::int64_t id = 0;
    std::string operation;
    json body;
};

Result<Request> parseRequest(std::string_view text)
{
    auto body = text.size() <= kMaxRequest ? json::parse(text, nullptr, false) : json();
    if (!body.is_object()) {
        return fail(Errc::Invalid, "not a JSON object of at most 4096 bytes");
    }
    const auto id = body.find("id");
    const auto operation = body.find("op");
    if (id == body.end() || !id->is_number_integer() || *id < 1 || *id > INT32_MAX) {
        return fail(Errc::Invalid, "id is not a whole number above 0");
    }
    if (operation == body.end() || !operation->is_string()) {
        return fail(Errc::Invalid, "op is not a string");
    }
    return Request{id->get<std::int64_t>(), operation->get<std::string>(), std::move(body)};
}

void send(net::Socket& socket, const json& message)
{
    socket.send(message.dump(-1, ' ', false, json::error_handler_t::replace));
}

void sendError(net::Socket& socket, const json& id, const Error& error)
{
    spdlog::info("own service: {}: {}", name(error.code), error.detail);
    send(socket, {{"id", id}, {"error", errorToJson(error)}});
}

/// Names of XFS4IoT events as the identity service says them.
const char* identityEvent(std::string_view name)
{
    if (name == "CardReader.InsertCardEvent") {
        return "insertCard";
    }
    if (name == "CardReader.MediaInsertedEvent") {
        return "cardInserted";
    }
    if (name == "CardReader.InvalidMediaEvent") {
        return "cardUnreadable";
    }
    return name == "reading" ? "reading" : nullptr;
}

} // namespace

class IdentityService::Core : public std::enable_shared_from_this<IdentityService::Core> {
public:
    explicit Core(HelperProcess& cardReader)
        : m_cardReader(cardReader)
        , m_watch([this](const std::stop_token& stop) { watchDeadlines(stop); })
    {
    }

    void stop()
    {
        m_watch.request_stop();
        if (m_watch.joinable()) {
            m_watch.join();
        }
    }

    net::SocketCallbacks accept(std::shared_ptr<net::Socket> socket)
    {
        auto caller = std::make_shared<Caller>();
        caller->socket = std::move(socket);
        const std::scoped_lock lock(m_mutex);
        m_callers.push_back(caller);
        auto self = shared_from_this();
        return {[self, caller](std::string_view text) { self->receive(caller, text); },
                [self, caller] { self->leave(caller); }};
    }

    void cardRemoved()
    {
        const std::scoped_lock lock(m_mutex);
        for (const auto& caller : m_callers) {
            send(*caller->socket, {{"event", "cardRemoved"}});
        }
    }

private:
    struct Caller {
        std::shared_ptr<net::Socket> socket;
        std::int64_t reading = 0;    ///< id of the running request, 0: none
        std::uint64_t operation = 0; ///< its number at the helper
        /// Until the card is read: the operation may wait behind others at the helper.
        SteadyClock::time_point deadline = kNever;
        bool late = false;
    };
    static constexpr auto kNever = SteadyClock::time_point::max();
    using CallerPtr = std::shared_ptr<Caller>;

    void receive(const CallerPtr& caller, std::string_view text)
    {
        const auto request = parseRequest(text);
        if (!request) {
            return sendError(*caller->socket, nullptr, request.error());
        }
        if (request->operation == "readCard") {
            return readCard(caller, *request);
        }
        if (request->operation == "cancel") {
            return cancel(caller, *request);
        }
        sendError(*caller->socket, request->id,
                  {Errc::Unsupported, Remedy::None, "op is not readCard or cancel"});
    }

    void readCard(const CallerPtr& caller, const Request& request)
    {
        const auto received = SteadyClock::now();
        const auto limit = request.body.value("timeoutMs", json(30'000));
        if (!limit.is_number_integer() || limit < 1 || limit > kLongestRead) {
            return sendError(*caller->socket, request.id,
                             {Errc::Invalid, Remedy::None, "timeoutMs is not 1 to 600000"});
        }
        const std::scoped_lock lock(m_mutex);
        if (caller->reading != 0) {
            return sendError(*caller->socket, request.id,
                             {Errc::Busy, Remedy::Wait, "a read is running on this connection"});
        }
        caller->reading = request.id;
        HelperProcess::Operation operation{"readCard", {{"timeoutMs", limit}}};
        operation.onEvent = [self = shared_from_this(), caller,
                             id = request.id](std::string_view name, const json&) {
            if (name == "reading") {
                self->lift(*caller);
            }
            if (const char* event = identityEvent(name)) {
                send(*caller->socket, {{"id", id}, {"event", event}});
            }
        };
        operation.onDone = [self = shared_from_this(), caller](const Result<json>& result) {
            self->finished(caller, result);
        };
        caller->late = false;
        caller->deadline = received + std::chrono::milliseconds(limit.get<std::int64_t>());
        caller->operation = m_cardReader.perform(std::move(operation));
        m_wake.notify_all();
    }

    void lift(Caller& caller)
    {
        const std::scoped_lock lock(m_mutex);
        caller.deadline = kNever;
    }

    /// Holds no caller beyond the lock: the last one to go would end this thread from within.
    void watchDeadlines(const std::stop_token& stop)
    {
        std::unique_lock lock(m_mutex);
        while (!stop.stop_requested()) {
            stopLate(SteadyClock::now());
            const auto next = nextDeadline();
            const auto sooner = [this, next] { return nextDeadline() < next; };
            if (next == kNever) {
                m_wake.wait(lock, stop, sooner);
            } else {
                m_wake.wait_until(lock, stop, next, sooner);
            }
        }
    }

    void stopLate(SteadyClock::time_point now)
    {
        for (const auto& caller : m_callers) {
            if (caller->deadline <= now) {
                caller->deadline = kNever;
                caller->late = true;
                m_cardReader.stop(caller->operation);
            }
        }
    }

    SteadyClock::time_point nextDeadline() const
    {
        auto next = kNever;
        for (const auto& caller : m_callers) {
            next = std::min(next, caller->deadline);
        }
        return next;
    }

    void finished(const CallerPtr& caller, const Result<json>& result)
    {
        std::int64_t id = 0;
        bool late = false;
        {
            const std::scoped_lock lock(m_mutex);
            id = std::exchange(caller->reading, 0);
            late = caller->late;
            caller->deadline = kNever;
        }
        if (result) {
            send(*caller->socket, {{"id", id}, {"result", *result}});
        } else if (late && result.error().code == Errc::Cancelled) {
            sendError(*caller->socket, id, {Errc::Timeout, Remedy::InsertCard, "no card in time"});
        } else {
            sendError(*caller->socket, id, result.error());
        }
    }

    void cancel(const CallerPtr& caller, const Request& request)
    {
        std::uint64_t operation = 0;
        {
            const std::scoped_lock lock(m_mutex);
            operation = caller->reading != 0 ? caller->operation : 0;
        }
        if (operation == 0) {
            return sendError(*caller->socket, request.id,
                             {Errc::NotFound, Remedy::None, "nothing to cancel"});
        }
        send(*caller->socket, {{"id", request.id}, {"result", json::object()}});
        m_cardReader.stop(operation);
    }

    void leave(const CallerPtr& caller)
    {
        std::uint64_t operation = 0;
        {
            const std::scoped_lock lock(m_mutex);
            std::erase(m_callers, caller);
            operation = caller->reading != 0 ? caller->operation : 0;
        }
        if (operation != 0) {
            m_cardReader.stop(operation);
        }
    }

    HelperProcess& m_cardReader;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::vector<CallerPtr> m_callers;
    std::jthread m_watch; ///< last: joined before the rest goes
};

IdentityService::IdentityService(HelperProcess& cardReader)
    : m_core(std::make_shared<Core>(cardReader))
{
}

IdentityService::~IdentityService()
{
    stop();
}

void IdentityService::stop()
{
    m_core->stop();
}

net::SocketHandler IdentityService::handler()
{
    return [core = m_core](const net::Request&, std::shared_ptr<net::Socket> socket) {
        return core->accept(std::move(socket));
    };
}

void IdentityService::cardRemoved()
{
    m_core->cardRemoved();
}

namespace {

Result<json> printingAnswer(const PrintJournal& journal, const Request& request)
{
    if (request.operation != "attempt" && request.operation != "history") {
        return fail(Errc::Unsupported, "op is neither attempt nor history");
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

net::SocketHandler printingHandler(const PrintJournal& journal)
{
    return [&journal](const net::Request&, std::shared_ptr<net::Socket> socket) {
        const auto receive = [&journal, socket](std::string_view text) {
            const auto request = parseRequest(text);
            if (!request) {
                return sendError(*socket, nullptr, request.error());
            }
            const auto answer = printingAnswer(journal, *request);
            if (!answer) {
                return sendError(*socket, request->id, answer.error());
            }
            send(*socket, *answer);
        };
        return net::SocketCallbacks{receive, [] {}};
    };
}

} // namespace guichet::host
