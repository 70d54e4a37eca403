// SPDX-License-Identifier: Apache-2.0
#include "peripherals/xfs/client.h"

#include <algorithm>
#include <cctype>
#include <condition_variable>
#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <spdlog/spdlog.h>

#include "peripherals/net/client.h"
#include "peripherals/xfs/messages.h"

namespace guichet::xfs {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto kConnectTimeout = 3s;
constexpr auto kFirstRetry = 100ms;
constexpr auto kMaxRetry = 2s;
/// How long a service may take to answer what it must answer at once.
constexpr auto kAnswerTimeout = 5s;

struct Address {
    std::string base; ///< "ws://127.0.0.1:5846"
    std::string path;
};

std::optional<Address> parseUri(const std::string& uri)
{
    constexpr std::string_view scheme = "ws://";
    if (uri.compare(0, scheme.size(), scheme) != 0) {
        return std::nullopt;
    }
    const auto slash = uri.find('/', scheme.size());
    if (slash == scheme.size()) {
        return std::nullopt;
    }
    return Address{uri.substr(0, slash), slash == std::string::npos ? "/" : uri.substr(slash)};
}

Result<std::unique_ptr<net::WebSocketClient>>
connectTo(const Address& address, net::WebSocketClient::Callbacks callbacks, std::stop_token stop)
{
    net::WebSocketClientConfig config;
    config.server.baseUrl = address.base;
    config.request.path = address.path;
    config.connectTimeout = kConnectTimeout;
    config.maxMessage = kMaxMessageBytes;
    return net::WebSocketClient::connect(std::move(config), std::move(callbacks), std::move(stop));
}

/// Services older than 2024-03 may tell URIs in events only, so both places are read.
void collectUris(const json& payload, std::vector<std::string>& uris)
{
    const auto services = payload.find("services");
    if (services == payload.end() || !services->is_array()) {
        return;
    }
    for (const auto& service : *services) {
        if (!service.is_object()) {
            continue;
        }
        const auto uri = service.find("serviceURI");
        if (uri != service.end() && uri->is_string() &&
            std::find(uris.begin(), uris.end(), *uri) == uris.end()) {
            uris.push_back(uri->get<std::string>());
        }
    }
}

std::string lowerCase(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

Error refusedAs(Refusal refusal)
{
    const auto code = refusal == Refusal::TooManyRequests ? Errc::Busy : Errc::Invalid;
    return {code, Remedy::Retry, "refused by the service: " + std::string(wireName(refusal))};
}

} // namespace

Result<std::vector<std::string>> discover(const std::string& host, std::uint16_t port,
                                          std::chrono::milliseconds timeout)
{
    struct Answer {
        std::mutex mutex;
        std::condition_variable done;
        std::vector<std::string> uris;
        std::optional<Result<void>> end;
    };
    Answer answer;
    const auto end = [&answer](Result<void> result) {
        const std::scoped_lock lock(answer.mutex);
        if (!answer.end) {
            answer.end = std::move(result);
            answer.done.notify_all();
        }
    };
    net::WebSocketClient::Callbacks callbacks;
    callbacks.onText = [&answer, &end](std::string_view text) {
        const auto message = decodeServiceMessage(text);
        if (!message) {
            return end(tl::unexpected(message.error()));
        }
        {
            const std::scoped_lock lock(answer.mutex);
            collectUris(message->payload, answer.uris);
        }
        if (message->refusal) {
            end(tl::unexpected(refusedAs(*message->refusal)));
        } else if (message->type == MessageType::Completion) {
            end({});
        }
    };
    callbacks.onClosed = [&end](const Error& error) { end(tl::unexpected(error)); };
    auto socket =
        connectTo({"ws://" + host + ":" + std::to_string(port), "/xfs4iot/v1.0"}, callbacks, {});
    if (!socket) {
        return fail(std::move(socket).error(), "discover");
    }
    Command command;
    command.name = "ServicePublisher.GetServices";
    command.requestId = 1;
    if (auto sent = (*socket)->send(encodeCommand(command)); !sent) {
        return fail(std::move(sent).error(), "discover");
    }
    {
        std::unique_lock lock(answer.mutex);
        if (!answer.done.wait_for(lock, timeout, [&answer] { return answer.end.has_value(); })) {
            return fail(Errc::Timeout, "discover: no answer to GetServices", Remedy::Wait);
        }
    }
    socket->reset();
    if (!*answer.end) {
        return fail(answer.end->error(), "discover");
    }
    return std::move(answer.uris);
}

std::string findService(const std::vector<std::string>& uris, std::string_view service)
{
    const auto wanted = lowerCase(service);
    for (const auto& uri : uris) {
        std::string_view path = uri;
        while (!path.empty() && path.back() == '/') {
            path.remove_suffix(1);
        }
        if (lowerCase(path.substr(path.rfind('/') + 1)) == wanted) {
            return uri;
        }
    }
    return {};
}

class Client::Session {
public:
    using Locate = std::function<Result<Address>()>;

    Session(Locate locate, Listener listener)
        : m_locate(std::move(locate))
        , m_listener(std::move(listener))
        , m_thread([this](std::stop_token stop) { run(std::move(stop)); })
    {
    }

    ~Session()
    {
        m_thread.request_stop();
        m_wake.notify_all();
        m_thread.join();
    }

    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    RequestId send(std::string name, const json& payload, std::chrono::milliseconds timeout,
                   OnDone done, OnEvent onEvent);
    void cancel(RequestId request);
    bool connected() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_ready;
    }
    json status() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_status;
    }
    json capabilities() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_capabilities;
    }

private:
    struct Pending {
        OnDone done;
        OnEvent onEvent;
    };
    /// What the socket's thread hands to ours; a lost connection has no text.
    struct Incoming {
        std::uint64_t link;
        std::optional<std::string> text;
    };

    void run(std::stop_token stop);
    bool serve(const Address& address, const std::stop_token& stop);
    bool converse(const std::stop_token& stop);
    void greet();
    RequestId transmit(std::string name, const json& payload, std::chrono::milliseconds timeout,
                       OnDone done, OnEvent onEvent = {});
    void receive(const ServiceMessage& message);
    void receiveUnsolicited(const ServiceMessage& message);
    void failUnsent();
    void dropPending(const Error& error);
    std::string versionOf(const std::string& name) const;

    Locate m_locate;
    Listener m_listener;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::unique_ptr<net::WebSocketClient> m_socket;
    std::deque<Incoming> m_incoming;
    std::deque<std::pair<OnDone, Error>> m_failed; ///< commands that never left
    std::map<RequestId, Pending> m_pending;
    std::uint64_t m_link = 0; ///< counts connections, so that a late frame of an old one is ignored
    RequestId m_nextId = 1;
    bool m_ready = false;
    json m_status = json::object();
    json m_capabilities = json::object();
    std::jthread m_thread; ///< last: joined before the rest goes
};

/// Capabilities list one version per command and major; the last one is the newest.
std::string Client::Session::versionOf(const std::string& name) const
{
    const auto interfaces = m_capabilities.find("interfaces");
    if (interfaces == m_capabilities.end() || !interfaces->is_array()) {
        return "2.0";
    }
    for (const auto& entry : *interfaces) {
        if (!entry.is_object() || !entry.contains("commands") || !entry["commands"].is_object()) {
            continue;
        }
        const auto command = entry["commands"].find(name);
        if (command == entry["commands"].end() || !command->is_object()) {
            continue;
        }
        const auto versions = command->value("versions", json());
        if (versions.is_array() && !versions.empty() && versions.back().is_string()) {
            return versions.back().get<std::string>();
        }
    }
    return "2.0";
}

void Client::Session::run(std::stop_token stop)
{
    std::chrono::milliseconds retry = kFirstRetry;
    while (!stop.stop_requested()) {
        const auto address = m_locate();
        if (address && serve(*address, stop)) {
            retry = kFirstRetry;
        }
        failUnsent();
        std::unique_lock lock(m_mutex);
        const auto until = std::chrono::steady_clock::now() + retry;
        while (!stop.stop_requested() && std::chrono::steady_clock::now() < until) {
            m_wake.wait_until(lock, stop, until, [this] { return !m_failed.empty(); });
            lock.unlock();
            failUnsent();
            lock.lock();
        }
        retry = std::min<std::chrono::milliseconds>(retry * 2, kMaxRetry);
    }
    dropPending({Errc::Cancelled, Remedy::None, "xfs client closed"});
}

/// Returns true if the service was reached.
bool Client::Session::serve(const Address& address, const std::stop_token& stop)
{
    std::uint64_t link = 0;
    {
        const std::scoped_lock lock(m_mutex);
        link = ++m_link;
        m_incoming.clear();
    }
    const auto push = [this, link](std::optional<std::string> text) {
        const std::scoped_lock lock(m_mutex);
        m_incoming.push_back({link, std::move(text)});
        m_wake.notify_all();
    };
    net::WebSocketClient::Callbacks callbacks;
    callbacks.onText = [push](std::string_view text) { push(std::string(text)); };
    callbacks.onClosed = [push](const Error&) { push(std::nullopt); };
    auto socket = connectTo(address, std::move(callbacks), stop);
    if (!socket) {
        return false;
    }
    {
        const std::scoped_lock lock(m_mutex);
        m_socket = std::move(*socket);
    }
    greet();
    const bool reached = converse(stop);
    std::unique_ptr<net::WebSocketClient> gone;
    {
        const std::scoped_lock lock(m_mutex);
        m_ready = false;
        gone = std::move(m_socket);
    }
    gone.reset();
    if (!stop.stop_requested()) {
        dropPending({Errc::Disconnected, Remedy::Wait, "xfs: the connection broke"});
        if (reached && m_listener.onConnected) {
            m_listener.onConnected(false);
        }
    }
    return reached;
}

bool Client::Session::converse(const std::stop_token& stop)
{
    const auto greetBy = std::chrono::steady_clock::now() + kAnswerTimeout;
    bool reached = false;
    while (!stop.stop_requested()) {
        std::optional<Incoming> next;
        {
            std::unique_lock lock(m_mutex);
            const auto some = [this] { return !m_incoming.empty() || !m_failed.empty(); };
            if (reached) {
                m_wake.wait(lock, stop, some);
            } else if (!m_wake.wait_until(lock, stop, greetBy, some)) {
                return false;
            }
            if (!m_incoming.empty()) {
                next = std::move(m_incoming.front());
                m_incoming.pop_front();
            }
        }
        failUnsent();
        if (next && next->link == m_link) {
            if (!next->text) {
                return reached;
            }
            if (const auto message = decodeServiceMessage(*next->text)) {
                receive(*message);
            } else {
                spdlog::warn("xfs client: {}", message.error().detail);
            }
        }
        reached = reached || connected();
    }
    return reached;
}

/// Capabilities, then Status; with both the session is ready.
void Client::Session::greet()
{
    const auto fine = [](const Result<Completion>& completion) {
        return completion && completion->ok();
    };
    const std::scoped_lock lock(m_mutex);
    transmit("Common.Capabilities", json::object(), {}, [this, fine](const auto& completion) {
        if (!fine(completion)) {
            return;
        }
        const std::scoped_lock inner(m_mutex);
        m_capabilities = completion->payload;
    });
    transmit("Common.Status", json::object(), {}, [this, fine](const auto& completion) {
        if (!fine(completion)) {
            return;
        }
        {
            const std::scoped_lock inner(m_mutex);
            m_status = completion->payload;
            m_ready = true;
        }
        if (m_listener.onConnected) {
            m_listener.onConnected(true);
        }
        if (m_listener.onStatus) {
            m_listener.onStatus(completion->payload);
        }
    });
}

/// Needs the lock.
Client::RequestId Client::Session::transmit(std::string name, const json& payload,
                                            std::chrono::milliseconds timeout, OnDone done,
                                            OnEvent onEvent)
{
    Command command;
    command.version = versionOf(name);
    command.name = std::move(name);
    command.requestId = m_nextId++;
    command.timeout = timeout;
    command.payload = payload;
    const auto text = encodeCommand(command);
    if (text.size() > kMaxMessageBytes) {
        m_failed.emplace_back(std::move(done), Error{Errc::Invalid, Remedy::None,
                                                     "xfs: the command is larger than 2 MiB"});
    } else if (auto sent = m_socket->send(text); !sent) {
        m_failed.emplace_back(std::move(done), std::move(sent).error());
    } else {
        m_pending.emplace(command.requestId, Pending{std::move(done), std::move(onEvent)});
        return command.requestId;
    }
    m_wake.notify_all();
    return command.requestId;
}

Client::RequestId Client::Session::send(std::string name, const json& payload,
                                        std::chrono::milliseconds timeout, OnDone done,
                                        OnEvent onEvent)
{
    const std::scoped_lock lock(m_mutex);
    if (!m_ready) {
        m_failed.emplace_back(std::move(done), Error{Errc::Disconnected, Remedy::Wait,
                                                     "xfs: " + name + ": not connected"});
        m_wake.notify_all();
        return m_nextId++;
    }
    return transmit(std::move(name), payload, timeout, std::move(done), std::move(onEvent));
}

void Client::Session::cancel(RequestId request)
{
    const std::scoped_lock lock(m_mutex);
    if (m_ready && m_pending.count(request) > 0) {
        transmit("Common.Cancel", {{"requestIds", json::array({request})}}, {}, {});
    }
}

void Client::Session::receive(const ServiceMessage& message)
{
    if (message.type == MessageType::Unsolicited) {
        return receiveUnsolicited(message);
    }
    OnDone done;
    OnEvent onEvent;
    {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_pending.find(message.requestId);
        if (found == m_pending.end()) {
            return;
        }
        if (message.type == MessageType::Completion || message.refusal) {
            done = std::move(found->second.done);
            m_pending.erase(found);
        } else if (message.type == MessageType::Event) {
            onEvent = found->second.onEvent;
        }
    }
    if (onEvent) {
        onEvent(message.name, message.payload);
    }
    if (done && message.refusal) {
        done(tl::unexpected(refusedAs(*message.refusal)));
    } else if (done) {
        done(Completion{message.code, message.errorDescription, message.payload});
    }
}

void Client::Session::receiveUnsolicited(const ServiceMessage& message)
{
    if (message.name != "Common.StatusChangedEvent") {
        if (m_listener.onUnsolicited) {
            m_listener.onUnsolicited(message.name, message.payload);
        }
        return;
    }
    json whole;
    {
        const std::scoped_lock lock(m_mutex);
        for (const auto& [member, properties] : message.payload.items()) {
            if (properties.is_object()) {
                json& place = m_status[member];
                place = place.is_object() ? std::move(place) : json::object();
                place.update(properties);
            }
        }
        if (!m_ready) {
            return;
        }
        whole = m_status;
    }
    if (m_listener.onStatus) {
        m_listener.onStatus(whole);
    }
}

void Client::Session::failUnsent()
{
    std::deque<std::pair<OnDone, Error>> failed;
    {
        const std::scoped_lock lock(m_mutex);
        failed.swap(m_failed);
    }
    for (auto& [done, error] : failed) {
        if (done) {
            done(tl::unexpected(error));
        }
    }
}

void Client::Session::dropPending(const Error& error)
{
    std::map<RequestId, Pending> pending;
    {
        const std::scoped_lock lock(m_mutex);
        pending.swap(m_pending);
    }
    for (auto& [id, entry] : pending) {
        if (entry.done) {
            entry.done(tl::unexpected(error));
        }
    }
    failUnsent();
}

Client::Client(std::unique_ptr<Session> session)
    : m_session(std::move(session))
{
}

Client::~Client() = default;

Result<std::unique_ptr<Client>> Client::open(std::string uri, Listener listener)
{
    const auto address = parseUri(uri);
    if (!address) {
        return fail(Errc::Invalid, "xfs: not a ws:// URI");
    }
    return std::unique_ptr<Client>(new Client(std::make_unique<Session>(
        [address = *address]() -> Result<Address> { return address; }, std::move(listener))));
}

std::unique_ptr<Client> Client::find(std::string host, std::uint16_t port, std::string service,
                                     Listener listener)
{
    auto locate = [host = std::move(host), port,
                   service = std::move(service)]() -> Result<Address> {
        auto uris = discover(host, port, kAnswerTimeout);
        if (!uris) {
            return fail(std::move(uris).error(), "find " + service);
        }
        const auto address = parseUri(findService(*uris, service));
        if (!address) {
            return fail(Errc::NotFound, "find " + service + ": not published");
        }
        return *address;
    };
    return std::unique_ptr<Client>(
        new Client(std::make_unique<Session>(std::move(locate), std::move(listener))));
}

bool Client::connected() const
{
    return m_session->connected();
}
json Client::status() const
{
    return m_session->status();
}
json Client::capabilities() const
{
    return m_session->capabilities();
}

Client::RequestId Client::command(std::string name, const json& payload,
                                  std::chrono::milliseconds timeout, OnDone done, OnEvent onEvent)
{
    return m_session->send(std::move(name), payload, timeout, std::move(done), std::move(onEvent));
}

Result<Completion> Client::call(std::string name, const json& payload,
                                std::chrono::milliseconds timeout, OnEvent onEvent)
{
    auto promise = std::make_shared<std::promise<Result<Completion>>>();
    auto answer = promise->get_future();
    command(
        std::move(name), payload, timeout,
        [promise](const Result<Completion>& completion) { promise->set_value(completion); },
        std::move(onEvent));
    return answer.get();
}

void Client::cancel(RequestId request)
{
    m_session->cancel(request);
}

} // namespace guichet::xfs
