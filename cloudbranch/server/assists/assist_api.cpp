// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/assists/assist_api.h"

#include <optional>
#include <utility>

#include "cloudbranch/server/assists/assist_documents.h"
#include "queue/api/answers.h"
#include "queue/api/body.h"
#include "queue/api/requests.h"
#include "queue/api/tokens.h"

namespace guichet::hub {

using nlohmann::json;
using queue::api::Caller;

namespace {

constexpr std::size_t kMostAsk = 96 * 1024, kMostContent = 64 * 1024, kMostNeeds = 1000;
constexpr std::size_t kLongestId = 64, kLongestHello = 1000;
constexpr std::uint16_t kNotLoggedIn = 4003;
constexpr std::chrono::seconds kHelloLimit{10};

net::Response answerFor(const Error& error)
{
    switch (error.code) {
    case Errc::NotFound:
        return net::problem(404, "unknown-assist", error.detail);
    case Errc::Conflict:
        return net::problem(409, "assist-conflict", error.detail);
    case Errc::Invalid:
        return net::problem(422, "key-reused", "the key was used for another request");
    default:
        return queue::api::unavailable();
    }
}

/// One request, one assist: the id is made of who asks and of the request's key.
std::string assistId(const Caller& caller, const net::Request& request)
{
    constexpr std::size_t kDigits = 32;
    const auto key = caller.name + "\n" + std::string(request.header("Idempotency-Key"));
    return "as-" + queue::api::tokenHash(key).substr(0, kDigits);
}

/// The token of a seat's first message, {"type":"hello","token":"..."}: a browser cannot send it
/// in a header of a WebSocket, and an address is no place for it.
std::string tokenIn(std::string_view text)
{
    const auto hello = text.size() <= kLongestHello ? json::parse(text, nullptr, false) : json();
    const bool sound = hello.is_object() && hello.value("type", json()) == "hello" &&
                       hello.contains("token") && hello.at("token").is_string();
    return sound ? hello.at("token").get<std::string>() : std::string();
}

} // namespace

AssistApi::AssistApi(AssistDesk& desk, const queue::api::Staff& staff, const Clock& clock,
                     queue::api::Operations::Parts operations)
    : m_desk(desk)
    , m_staff(staff)
    , m_clock(clock)
    , m_operations(std::move(operations))
{
}

void AssistApi::addTo(net::Router& router)
{
    m_operations.add(
        router, "POST", "/v1/assists", {queue::api::Role::Terminal},
        [this](const auto& request, const auto& caller) { return ask(request, caller); }, kMostAsk);
    m_operations.add(
        router, "GET", "/v1/assists/{id}", {queue::api::Role::Terminal},
        [this](const net::Request& request, const Caller& caller) {
            const auto document = m_desk.document(std::string(request.param("id")), caller.name);
            return document ? net::json(200, document->dump()) : answerFor(document.error());
        });
    m_operations.socket(router, "/v1/assists/{id}/signal", {queue::api::Role::Terminal},
                        [this](const net::Request& request, const Caller& caller,
                               std::shared_ptr<net::Socket> socket)
                            -> std::variant<net::SocketCallbacks, net::Response> {
                            const std::string id(request.param("id"));
                            auto line = m_desk.openTerminal(id, caller.name, std::move(socket));
                            if (!line) {
                                m_desk.audit("signal", "terminal:" + caller.name,
                                             id.substr(0, kLongestId));
                                return answerFor(line.error());
                            }
                            return std::move(*line);
                        });
    m_operations.socket(
        router, "/v1/seats/signal", {},
        [this](const net::Request&, const Caller&, std::shared_ptr<net::Socket> socket)
            -> std::variant<net::SocketCallbacks, net::Response> { return greet(socket); });
}

net::Response AssistApi::ask(const net::Request& request, const Caller& caller)
{
    if (auto refused = queue::api::refuseKey(request, caller)) {
        return *refused;
    }
    queue::api::Body body(request.body);
    signalling::Ask ask{.assist = assistId(caller, request),
                        .caseId = body.text("case", kLongestId),
                        .terminal = caller.name,
                        .visit = body.optionalText("visit", kLongestId).value_or(""),
                        .customerClass = body.optionalText("class", kLongestId).value_or("")};
    const auto mode =
        signalling::modeFromName(body.optionalText("mode", kLongestId).value_or("video"));
    const auto needs =
        needsFrom(json::parse(body.optionalObject("needs", kMostNeeds).value_or("{}")));
    const auto content = body.optionalObject("content", kMostContent).value_or("{}");
    if (!mode) {
        body.complain("mode", "must be video, voice or text");
    }
    if (!needs) {
        body.complain("needs", needs.error().detail);
    }
    if (auto refused = body.refused()) {
        return *refused;
    }
    ask.mode = *mode;
    ask.needs = *needs;
    const auto document = m_desk.ask(ask, json::parse(content));
    return document ? net::json(201, document->dump()) : answerFor(document.error());
}

void AssistApi::tick()
{
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_strangers, [this](const Stranger& stranger) {
        if (*stranger.known || !stranger.socket->open()) {
            return true;
        }
        if (stranger.until > m_clock.ticks()) {
            return false;
        }
        stranger.socket->close(kNotLoggedIn, "log in");
        return true;
    });
}

/// Nothing is heard before the login; nobody is told why it failed.
net::SocketCallbacks AssistApi::greet(const std::shared_ptr<net::Socket>& socket)
{
    const auto line = std::make_shared<std::optional<net::SocketCallbacks>>();
    const auto known = std::make_shared<std::atomic<bool>>(false);
    {
        const std::lock_guard lock(m_mutex);
        m_strangers.push_back({socket, known, m_clock.ticks() + kHelloLimit});
    }
    const auto hello = [this, line, socket, known](std::string_view text) {
        *known = true;
        const auto token = tokenIn(text);
        const auto caller = m_staff.find(token);
        const auto stillIn = [this, token] { return m_staff.find(token).has_value(); };
        const bool isAgent = caller && caller->role == queue::api::Role::Agent;
        auto opened = isAgent ? m_desk.openSeat(caller->name, socket, stillIn)
                              : fail(Errc::Denied, "log in as a member of remote staff");
        if (!opened) {
            m_desk.audit("seat", caller ? caller->name : "anonymous", {});
            socket->close(kNotLoggedIn, "log in");
            return;
        }
        *line = std::move(*opened);
    };
    return {[line, hello](std::string_view text) { *line ? (*line)->onText(text) : hello(text); },
            [line] {
                if (*line) {
                    (*line)->onClosed();
                }
            }};
}

} // namespace guichet::hub
