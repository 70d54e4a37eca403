// SPDX-License-Identifier: Apache-2.0
#include "queue/client/client.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "peripherals/net/client.h"
#include "queue/client/connection.h"
#include "queue/client/decode.h"

namespace guichet::queue {

net::ClientConfig connection(const Client::Config& config)
{
    net::ClientConfig result{.baseUrl = config.url};
    if (!config.authority.empty() || !config.certificate.empty()) {
        result.tls = net::ClientTls{config.authority, config.certificate, config.key};
    }
    if (!config.bearer.empty()) {
        result.headers.set("Authorization", "Bearer " + config.bearer);
    }
    return result;
}

namespace {

/// The status decides the code; the problem's own words go to the log.
Error refusal(const net::Response& response)
{
    const auto document = nlohmann::json::parse(response.body, nullptr, false);
    const auto code = document.is_object() ? document.value("code", "") : "";
    const auto detail = "hub: " + std::to_string(response.status) + " " + code;
    switch (response.status) {
    case 401:
    case 403:
        return {Errc::Denied, Remedy::CallStaff, detail};
    case 404:
        return {Errc::NotFound, Remedy::None, detail};
    case 409:
    case 412:
        return {Errc::Conflict, Remedy::None, detail};
    case 429:
    case 503:
        return {Errc::Busy, Remedy::Wait, detail};
    default:
        return response.status >= 500 ? Error{Errc::Protocol, Remedy::CallStaff, detail}
                                      : Error{Errc::Invalid, Remedy::CallStaff, detail};
    }
}

template <typename T>
Result<T> read(Result<net::Response> answer, Result<T> (*decode)(std::string_view))
{
    if (!answer) {
        auto error = std::move(answer.error());
        if (error.remedy == Remedy::None) {
            error.remedy = Remedy::Wait;
        }
        return fail(std::move(error), "hub");
    }
    if (answer->status / 100 != 2) {
        return tl::unexpected(refusal(*answer));
    }
    return decode(answer->body);
}

/// What the hub says of the code itself; another refusal is of the request or of the terminal.
bool saysWhy(const Result<net::Response>& answer)
{
    if (!answer || (answer->status != 404 && answer->status != 409 && answer->status != 422)) {
        return false;
    }
    const auto refusal = decodeCheckInRefusal(answer->body);
    return refusal && refusal->refusal && isCheckInRefusal(refusal->refusal->code);
}

/// By the hub's close codes: another line took its place; the assist is over.
bool endsForGood(const Error& error)
{
    return error.detail.find("4001") != std::string::npos ||
           error.detail.find("4004") != std::string::npos;
}

class OpenLine final : public AssistConnection {
public:
    explicit OpenLine(std::unique_ptr<net::WebSocketClient> socket)
        : m_socket(std::move(socket))
    {
    }

    Result<void> send(std::string_view text) override { return m_socket->send(text); }

private:
    std::unique_ptr<net::WebSocketClient> m_socket;
};

class LiveWatch final : public Watch {
public:
    LiveWatch(const Client::Config& config, std::function<void(const QueueStatus&)> changed,
              std::function<void(bool)> connected)
        : m_changed(std::move(changed))
        , m_connected(std::move(connected))
    {
        net::EventSourceConfig source{
            .server = connection(config),
            .request = {.path = "/v1/branches/" + config.branch + "/events"},
            .connectTimeout = config.connectTimeout};
        auto opened = net::EventSource::open(
            std::move(source), [this](const net::ServerEvent& event) { onEvent(event); },
            [this](net::StreamState state, const Error* /*why*/) { onState(state); });
        if (opened) {
            m_source = std::move(*opened);
        } else if (m_connected) {
            m_connected(false);
        }
    }

private:
    void onEvent(const net::ServerEvent& event)
    {
        if (const auto status = decodeQueue(event.data)) {
            m_changed(*status);
        }
    }

    void onState(net::StreamState state)
    {
        if (m_connected && state != net::StreamState::Connecting) {
            m_connected(state == net::StreamState::Open);
        }
    }

    std::function<void(const QueueStatus&)> m_changed;
    std::function<void(bool)> m_connected;
    std::unique_ptr<net::EventSource> m_source; // last: it ends before what it calls
};

} // namespace

struct Client::State {
    Config config;
    std::unique_ptr<net::Client> http;
    std::string badUrl; ///< why there is no `http`

    Result<net::Response> get(const std::string& path)
    {
        if (!http) {
            return fail(Errc::Invalid, badUrl, Remedy::CallStaff);
        }
        return http->send({.path = path}, config.timeout);
    }

    /// Repeats until it is done: one key, one wish.
    Result<net::Response> post(const std::string& path, const nlohmann::json& body,
                               const std::string& idempotencyKey)
    {
        if (!http) {
            return fail(Errc::Invalid, badUrl, Remedy::CallStaff);
        }
        net::Request request{.method = "POST", .path = path, .body = body.dump()};
        request.headers.set("Content-Type", "application/json");
        request.headers.set("Idempotency-Key", idempotencyKey);
        return http->sendIdempotent(std::move(request), config.timeout, config.totalTimeout);
    }

    [[nodiscard]] std::string branchPath() const { return "/v1/branches/" + config.branch; }
};

Client::Client(Config config)
    : m_state(std::make_unique<State>())
{
    m_state->config = std::move(config);
    auto opened = net::Client::open(connection(m_state->config));
    if (opened) {
        m_state->http = std::move(*opened);
    } else {
        m_state->badUrl = opened.error().detail;
    }
}

Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<BranchInfo> Client::branch()
{
    return read(m_state->get(m_state->branchPath()), decodeBranch);
}

Result<QueueStatus> Client::queue()
{
    return read(m_state->get(m_state->branchPath() + "/queue"), decodeQueue);
}

Result<Visit> Client::takeNumber(const std::string& service, const std::string& language,
                                 const std::string& channel, const std::string& idempotencyKey)
{
    return read(m_state->post(m_state->branchPath() + "/visits",
                              {{"service", service}, {"language", language}, {"channel", channel}},
                              idempotencyKey),
                decodeVisit);
}

Result<CheckIn> Client::checkIn(const std::string& code, const std::string& idempotencyKey)
{
    auto answer =
        m_state->post(m_state->branchPath() + "/check-ins", {{"code", code}}, idempotencyKey);
    if (saysWhy(answer)) {
        return decodeCheckInRefusal(answer->body);
    }
    if (answer && answer->status == 429) {
        return CheckIn{.refusal = CheckInRefusal{"too-many-codes", {}}};
    }
    return read(std::move(answer), decodeCheckIn);
}

Result<Visit> Client::visit(const std::string& id)
{
    return read(m_state->get("/v1/visits/" + id), decodeVisit);
}

Result<Visit> Client::cancel(const std::string& id, std::int64_t version)
{
    if (!m_state->http) {
        return fail(Errc::Invalid, m_state->badUrl, Remedy::CallStaff);
    }
    net::Request request{.method = "POST", .path = "/v1/visits/" + id + "/cancel", .body = "{}"};
    request.headers.set("Content-Type", "application/json");
    request.headers.set("If-Match", "\"" + std::to_string(version) + "\"");
    return read(m_state->http->send(request, m_state->config.timeout), decodeVisit);
}

Result<std::string> Client::askAssist(const AssistWish& wish, const std::string& idempotencyKey)
{
    nlohmann::json needs{{"language", wish.language}, {"product", wish.product}};
    if (!wish.signLanguage.empty()) {
        needs["signLanguage"] = wish.signLanguage;
    }
    nlohmann::json body{{"case", wish.caseId},
                        {"mode", wish.mode},
                        {"needs", needs},
                        {"content", nlohmann::json::parse(wish.content)}};
    if (!wish.visit.empty()) {
        body["visit"] = wish.visit;
    }
    return read(m_state->post("/v1/assists", body, idempotencyKey), decodeAssistId);
}

Result<std::unique_ptr<AssistConnection>> Client::connectAssist(const std::string& assist,
                                                                AssistCallbacks callbacks,
                                                                std::stop_token stop) const
{
    auto client = net::WebSocketClient::connect(
        {.server = connection(m_state->config),
         .request = {.path = "/v1/assists/" + assist + "/signal"},
         .connectTimeout = m_state->config.connectTimeout},
        {.onText = std::move(callbacks.onText),
         .onClosed = [onClosed = std::move(callbacks.onClosed)](
                         const Error& error) { onClosed(endsForGood(error)); }},
        std::move(stop));
    if (!client) {
        return tl::unexpected(std::move(client.error()));
    }
    return std::make_unique<OpenLine>(std::move(*client));
}

std::unique_ptr<Watch> Client::watch(std::function<void(const QueueStatus&)> changed,
                                     std::function<void(bool)> connected) const
{
    return std::make_unique<LiveWatch>(m_state->config, std::move(changed), std::move(connected));
}

} // namespace guichet::queue
