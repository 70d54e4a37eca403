// SPDX-License-Identifier: Apache-2.0
#include "peripherals/xfs/service.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <sstream>
#include <thread>

#include <catch2/catch.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include "peripherals/net/client.h"
#include "peripherals/net/server.h"
#include "peripherals/xfs/client.h"
#include "peripherals/xfs/publisher.h"

using namespace guichet;
using namespace guichet::xfs;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr auto kPatience = 10s;

/// Things that happen on other threads, waited for with a deadline.
template <typename T> class Inbox {
public:
    void put(T item)
    {
        const std::scoped_lock lock(m_mutex);
        m_items.push_back(std::move(item));
        m_changed.notify_all();
    }
    T take()
    {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait_for(lock, kPatience, [this] { return !m_items.empty(); })) {
            throw std::runtime_error("nothing came");
        }
        T item = std::move(m_items.front());
        m_items.pop_front();
        return item;
    }
    bool empty()
    {
        const std::scoped_lock lock(m_mutex);
        return m_items.empty();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<T> m_items;
};

/// A service whose device does what the test says, behind a real port.
struct Bench {
    explicit Bench(ServiceDescription about = description())
        : service(std::move(about), [this](std::shared_ptr<Job> job) { jobs.put(std::move(job)); })
    {
        PublisherConfig config;
        config.ports = {0};
        auto started = Publisher::start(config, {&service});
        REQUIRE(started);
        publisher = std::move(*started);
    }
    ~Bench()
    {
        publisher.reset();
        service.stop();
    }

    static ServiceDescription description()
    {
        ServiceDescription about;
        about.name = "Gadget";
        about.commands = {{"Gadget.Work", "2.0", "3.0"}};
        about.events = {{"Gadget.GoneEvent", "2.0"}};
        about.capabilities = {{"common", {{"serviceVersion", "1"}}}};
        about.status = {{"common", {{"device", "online"}}}, {"gadget", {{"state", "idle"}}}};
        about.maximumRequests = 2;
        return about;
    }

    Inbox<std::shared_ptr<Job>> jobs;
    Service service;
    std::unique_ptr<Publisher> publisher;
};

/// What is logged while it lives; declared before whatever has threads.
class Log {
public:
    Log() { spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", m_sink)); }
    ~Log() { spdlog::set_default_logger(m_before); }
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    /// Once nothing logs any more.
    [[nodiscard]] std::string text() const { return m_text.str(); }

private:
    std::ostringstream m_text;
    std::shared_ptr<spdlog::logger> m_before = spdlog::default_logger();
    std::shared_ptr<spdlog::sinks::ostream_sink_mt> m_sink =
        std::make_shared<spdlog::sinks::ostream_sink_mt>(m_text);
};

/// A client that speaks frames, to see what really goes over the wire.
struct Wire {
    explicit Wire(const Bench& bench, std::string path = "/xfs4iot/v1.0/gadget",
                  net::Headers headers = {})
    {
        net::WebSocketClientConfig config;
        config.server.baseUrl = "ws://127.0.0.1:" + std::to_string(bench.publisher->port());
        config.request.path = std::move(path);
        config.request.headers = std::move(headers);
        auto connected = net::WebSocketClient::connect(
            config, {[this](std::string_view text) { frames.put(json::parse(text)); },
                     [](const Error&) {}});
        if (connected) {
            socket = std::move(*connected);
        } else {
            error = connected.error();
        }
    }
    void send(int id, const std::string& name = "Gadget.Work", const json& payload = json::object(),
              int timeout = 0, const std::string& version = "2.0")
    {
        raw(json{{"header",
                  {{"type", "command"},
                   {"name", name},
                   {"version", version},
                   {"requestId", id},
                   {"timeout", timeout}}},
                 {"payload", payload}}
                .dump());
    }
    void raw(const std::string& text) { REQUIRE(socket->send(text)); }
    json take() { return frames.take(); }
    json header() { return take()["header"]; }
    void acknowledged(int id)
    {
        const auto head = header();
        CHECK(head["type"] == "acknowledge");
        CHECK(head["requestId"] == id);
        CHECK_FALSE(head.contains("status"));
    }
    void completed(int id, const std::string& code)
    {
        const auto head = header();
        CHECK(head["type"] == "completion");
        CHECK(head["requestId"] == id);
        CHECK(head["completionCode"] == code);
    }

    Inbox<json> frames;
    std::unique_ptr<net::WebSocketClient> socket;
    std::optional<Error> error;
};

} // namespace

TEST_CASE("xfs: a command is acknowledged, tells events, completes", "[xfs]")
{
    Bench bench;
    Wire client(bench);
    client.send(7, "Gadget.Work", {{"a", 1}});
    client.acknowledged(7);
    auto job = bench.jobs.take();
    CHECK(job->command().payload == json{{"a", 1}});
    job->event("Gadget.HalfEvent", {{"done", 50}});
    const auto event = client.take();
    CHECK(event["header"]["type"] == "event");
    CHECK(event["header"]["requestId"] == 7);
    CHECK(event["payload"]["done"] == 50);
    job->complete(success({{"b", 2}}));
    const auto completion = client.take();
    CHECK(completion["header"]["version"] == "3.0");
    CHECK(completion["payload"] == json{{"b", 2}});
}

TEST_CASE("xfs: a refusal is one line in the log, with the field and not its value", "[xfs]")
{
    const Log log;
    {
        Bench bench;
        Wire client(bench);
        client.send(1, "Common.SetTransactionState", {{"state", "6250947000000014"}});
        client.acknowledged(1);
        client.completed(1, "invalidData");
        client.send(2, "Gadget.Work", {{"speed", "6250947000000014"}});
        client.acknowledged(2);
        bench.jobs.take()->complete(failure(CompletionCode::InvalidData, "speed is no number"));
        client.completed(2, "invalidData");
        Wire publisher(bench, "/xfs4iot/v1.0");
        publisher.raw("[6250947000000014]");
        CHECK(publisher.header()["status"] == "invalidMessage");
    }
    const auto text = log.text();
    CHECK(text.find("Common.SetTransactionState refused: state") != std::string::npos);
    const auto line = text.find("Gadget.Work refused: speed is no number");
    CHECK(line != std::string::npos);
    CHECK(text.find("speed", line + 30) == std::string::npos);
    CHECK(text.find("publisher: message refused: not a JSON object") != std::string::npos);
    CHECK(text.find("6250947") == std::string::npos);
}

TEST_CASE("xfs: commands of all clients run one at a time in order", "[xfs]")
{
    Bench bench;
    Wire first(bench);
    Wire second(bench);
    first.send(1);
    first.acknowledged(1);
    auto running = bench.jobs.take();
    second.send(1);
    second.acknowledged(1);
    first.send(2);
    first.acknowledged(2);
    CHECK(bench.jobs.empty());
    running->complete(success());
    first.completed(1, "success");
    running = bench.jobs.take();
    running->complete(success());
    second.completed(1, "success");
    bench.jobs.take()->complete(success());
    first.completed(2, "success");
}

TEST_CASE("xfs: status is answered while a command runs", "[xfs]")
{
    Bench bench;
    Wire client(bench);
    client.send(1);
    client.acknowledged(1);
    const auto running = bench.jobs.take();
    client.send(2, "Common.Status");
    client.acknowledged(2);
    CHECK(client.take()["payload"]["gadget"]["state"] == "idle");
    running->complete(success());
}

TEST_CASE("xfs: a request id that is outstanding is refused", "[xfs]")
{
    Bench bench;
    Wire client(bench);
    client.send(1);
    client.acknowledged(1);
    const auto running = bench.jobs.take();
    client.send(1);
    CHECK(client.header()["status"] == "invalidRequestID");
    running->complete(success());
    client.completed(1, "success");
    client.send(1);
    client.acknowledged(1);
    bench.jobs.take()->complete(success());
}

TEST_CASE("xfs: malformed frames are refused without harm", "[xfs]")
{
    Bench bench;
    Wire client(bench);
    client.raw("{\"header\":");
    CHECK(client.header()["status"] == "invalidMessage");
    client.send(3, "Common.Status");
    client.acknowledged(3);
}

TEST_CASE("xfs: unknown commands complete with unsupportedCommand", "[xfs]")
{
    Bench bench;
    Wire client(bench);
    client.send(1, "Gadget.Fly");
    client.acknowledged(1);
    client.completed(1, "unsupportedCommand");
    client.send(2, "Gadget.Work", json::object(), 0, "9.0");
    client.acknowledged(2);
    client.completed(2, "unsupportedCommand");
    CHECK(bench.jobs.empty());
}

TEST_CASE("xfs: more commands than announced are refused", "[xfs]")
{
    Bench bench;
    Wire client(bench);
    client.send(1);
    client.acknowledged(1);
    const auto running = bench.jobs.take();
    client.send(2);
    client.acknowledged(2);
    client.send(3);
    client.acknowledged(3);
    client.send(4);
    CHECK(client.header()["status"] == "tooManyRequests");
    running->complete(success());
}

TEST_CASE("xfs: a cancelled queued command never touches the device", "[xfs]")
{
    Bench bench;
    Wire client(bench);
    client.send(1);
    client.acknowledged(1);
    const auto running = bench.jobs.take();
    client.send(2);
    client.acknowledged(2);
    client.send(3, "Common.Cancel", {{"requestIds", {2}}});
    client.acknowledged(3);
    client.completed(2, "canceled");
    client.completed(3, "success");
    running->complete(success());
    client.completed(1, "success");
    CHECK(bench.jobs.empty());
}

TEST_CASE("xfs: cancel ends a wait without time-out", "[xfs]")
{
    Bench bench;
    Wire client(bench);
    client.send(1);
    client.acknowledged(1);
    const auto running = bench.jobs.take();
    running->onStop([running](StopReason reason) {
        CHECK(reason == StopReason::Cancelled);
        running->complete(failure(CompletionCode::Canceled, ""));
    });
    client.send(2, "Common.Cancel");
    client.acknowledged(2);
    client.completed(1, "canceled");
    client.completed(2, "success");
}

TEST_CASE("xfs: cancel reaches only the sender's own commands", "[xfs]")
{
    Bench bench;
    Wire owner(bench);
    Wire other(bench);
    owner.send(1);
    owner.acknowledged(1);
    const auto running = bench.jobs.take();
    other.send(5, "Common.Cancel", {{"requestIds", {1}}});
    other.acknowledged(5);
    const auto answer = other.take();
    CHECK(answer["header"]["completionCode"] == "commandErrorCode");
    CHECK(answer["payload"]["errorCode"] == "noMatchingRequestIDs");
    running->complete(success());
    owner.completed(1, "success");
}

TEST_CASE("xfs: a time-out counts from receipt", "[xfs]")
{
    Bench bench;
    Wire client(bench);
    client.send(1);
    client.acknowledged(1);
    const auto running = bench.jobs.take();
    client.send(2, "Gadget.Work", json::object(), 50);
    client.acknowledged(2);
    client.completed(2, "timeOut");
    running->complete(success());
    client.completed(1, "success");
    client.send(3, "Gadget.Work", json::object(), 50);
    client.acknowledged(3);
    const auto late = bench.jobs.take();
    late->onStop([late](StopReason) { late->complete(failure(CompletionCode::Canceled, "")); });
    client.completed(3, "timeOut");
}

TEST_CASE("xfs: a lost client's commands end, and the status stays true", "[xfs]")
{
    Bench bench;
    auto lost = std::make_unique<Wire>(bench);
    lost->send(1);
    lost->acknowledged(1);
    const auto running = bench.jobs.take();
    Inbox<StopReason> reasons;
    running->onStop([&reasons](StopReason reason) { reasons.put(reason); });
    lost.reset();
    CHECK(reasons.take() == StopReason::Disconnected);
    bench.service.updateStatus({{"gadget", {{"state", "full"}}}});
    running->complete(success());
    Wire next(bench);
    next.send(1, "Common.Status");
    next.acknowledged(1);
    CHECK(next.take()["payload"]["gadget"]["state"] == "full");
}

TEST_CASE("xfs: a status change is told to all clients once, with what changed only", "[xfs]")
{
    Bench bench;
    Wire first(bench);
    Wire second(bench);
    for (Wire* each : {&first, &second}) { // answered: the service knows them
        each->send(1, "Common.Status");
        each->acknowledged(1);
        each->completed(1, "success");
    }
    bench.service.updateStatus({{"common", {{"device", "online"}}}});
    bench.service.updateStatus({{"common", {{"device", "online"}}}, {"gadget", {{"state", "x"}}}});
    for (Wire* each : {&first, &second}) {
        const auto event = each->take();
        CHECK(event["header"]["type"] == "unsolicited");
        CHECK(event["header"]["name"] == "Common.StatusChangedEvent");
        CHECK(event["payload"] == json{{"gadget", {{"state", "x"}}}});
    }
}

TEST_CASE("xfs: a command's events reach its sender only, unsolicited ones reach all", "[xfs]")
{
    Bench bench;
    Wire sender(bench);
    Wire other(bench);
    other.send(1, "Common.Status"); // answered: the service knows it
    other.acknowledged(1);
    other.completed(1, "success");
    sender.send(1);
    sender.acknowledged(1);
    const auto running = bench.jobs.take();
    running->event("Gadget.HalfEvent", {{"done", 50}});
    bench.service.broadcast("Gadget.GoneEvent", json::object());
    running->complete(success());
    CHECK(sender.header()["name"] == "Gadget.HalfEvent");
    for (Wire* each : {&sender, &other}) {
        const auto head = each->header();
        CHECK(head["type"] == "unsolicited");
        CHECK(head["name"] == "Gadget.GoneEvent");
    }
    sender.completed(1, "success");
    other.send(2, "Common.Status"); // its answer is the next that comes
    other.acknowledged(2);
}

TEST_CASE("xfs: a cancelled command that its device still ended well says so, once", "[xfs]")
{
    Bench bench;
    Wire client(bench);
    client.send(1);
    client.acknowledged(1);
    const auto running = bench.jobs.take();
    client.send(2, "Common.Cancel", {{"requestIds", {1}}});
    client.acknowledged(2);
    client.completed(2, "success");
    running->complete(success());
    running->complete(failure(CompletionCode::Canceled, "too late"));
    client.completed(1, "success");
    client.send(3, "Common.Status"); // its answer is the next that comes
    client.acknowledged(3);
}

TEST_CASE("xfs: an answer of more than 2 MiB becomes an error, and the client stays", "[xfs]")
{
    Bench bench;
    Wire client(bench);
    client.send(1);
    client.acknowledged(1);
    bench.jobs.take()->complete(success({{"data", std::string(kMaxMessageBytes, 'A')}}));
    client.completed(1, "internalError");
    client.send(2, "Common.Status");
    client.acknowledged(2);
    client.completed(2, "success");
}

TEST_CASE("xfs: a request id that cannot be one is refused, and the client stays", "[xfs]")
{
    Bench bench;
    Wire client(bench);
    client.send(0);
    CHECK(client.header()["status"] == "invalidRequestID");
    client.send(-1);
    CHECK(client.header()["status"] == "invalidRequestID");
    client.send(1, "Common.Status");
    client.acknowledged(1);
    client.completed(1, "success");
    CHECK(bench.jobs.empty());
}

TEST_CASE("xfs: a device that drops a command does not block the next one", "[xfs]")
{
    Bench bench;
    Wire client(bench);
    client.send(1);
    client.acknowledged(1);
    bench.jobs.take().reset();
    client.completed(1, "internalError");
    client.send(2);
    client.acknowledged(2);
    bench.jobs.take()->complete(success());
    client.completed(2, "success");
}

TEST_CASE("xfs: services are found in any case with and without a slash", "[xfs]")
{
    Bench bench;
    const auto path =
        GENERATE(std::string("/xfs4iot/v1.0/gadget/"), std::string("/XFS4IoT/V1.0/GADGET"));
    Wire client(bench, path);
    REQUIRE(client.socket);
    client.send(1, "Common.Capabilities");
    client.acknowledged(1);
    const auto interfaces = client.take()["payload"]["interfaces"];
    CHECK(interfaces.size() == 2);
}

TEST_CASE("xfs: a browser's page is refused", "[xfs]")
{
    Bench bench;
    Wire page(bench, "/xfs4iot/v1.0", {{"Origin", "http://127.0.0.1"}});
    REQUIRE(page.error);
    CHECK(page.error->code == Errc::Denied);
}

TEST_CASE("xfs: the client finds a service, knows its status and performs", "[xfs]")
{
    Bench bench;
    const auto uris = discover("127.0.0.1", bench.publisher->port(), 5s);
    REQUIRE(uris);
    const auto uri = findService(*uris, "gadget");
    REQUIRE_FALSE(uri.empty());
    Inbox<bool> connected;
    Inbox<json> statuses;
    auto client = Client::open(uri, {[&](bool up) { connected.put(up); },
                                     [&](const json& status) { statuses.put(status); },
                                     {}});
    REQUIRE(client);
    CHECK(connected.take());
    CHECK(statuses.take()["gadget"]["state"] == "idle");
    Inbox<Result<Completion>> ends;
    Inbox<std::string> events;
    (*client)->command(
        "Gadget.Work", {{"a", 1}}, 5s, [&](const Result<Completion>& end) { ends.put(end); },
        [&](std::string_view name, const json&) { events.put(std::string(name)); });
    auto job = bench.jobs.take();
    job->event("Gadget.HalfEvent", json::object());
    CHECK(events.take() == "Gadget.HalfEvent");
    job->complete(success({{"b", 2}}));
    const auto end = ends.take();
    REQUIRE(end);
    CHECK(end->payload == json{{"b", 2}});
    bench.service.updateStatus({{"gadget", {{"state", "full"}}}});
    CHECK(statuses.take()["gadget"]["state"] == "full");

    const auto request = (*client)->command(
        "Gadget.Work", {}, 0s, [&](const Result<Completion>& each) { ends.put(each); });
    job = bench.jobs.take();
    job->onStop([job](StopReason) { job->complete(failure(CompletionCode::Canceled, "")); });
    (*client)->cancel(request);
    const auto cancelled = ends.take();
    REQUIRE(cancelled);
    CHECK(cancelled->code == CompletionCode::Canceled);
}

TEST_CASE("xfs: a client without its service says so for each command", "[xfs]")
{
    auto client = Client::find("127.0.0.1", 1, "gadget", {});
    const auto end = client->call("Gadget.Work", json::object(), 1s);
    REQUIRE_FALSE(end);
    CHECK(end.error().code == Errc::Disconnected);
}

TEST_CASE("xfs: a command can be answered by who asks, and one client be told alone", "[xfs]")
{
    Inbox<ClientId> asked, gone;
    auto about = Bench::description();
    about.commands.push_back({.name = "Gadget.Hello",
                              .version = "2.0",
                              .completionVersion = "2.0",
                              .immediateFor = [&asked](ClientId client, const json&) {
                                  asked.put(client);
                                  return success();
                              }});
    about.onGone = [&gone](ClientId client) { gone.put(client); };
    Bench bench(std::move(about));
    auto first = std::make_unique<Wire>(bench);
    Wire second(bench);
    const auto greet = [](Wire& wire) {
        wire.send(1, "Gadget.Hello");
        wire.acknowledged(1);
        wire.completed(1, "success");
    };
    greet(*first);
    greet(second);
    const auto one = asked.take(), other = asked.take();
    CHECK(one != other);

    bench.service.tell(one, "Gadget.GoneEvent", {{"for", "first"}});
    bench.service.tell(other, "Gadget.GoneEvent", {{"for", "second"}});
    const auto told = first->take();
    CHECK(told["header"]["type"] == "unsolicited");
    CHECK(told["payload"]["for"] == "first");
    CHECK(second.take()["payload"]["for"] == "second");

    first.reset();
    CHECK(gone.take() == one);
    bench.service.tell(one, "Gadget.GoneEvent", json::object());
    greet(second);
    CHECK(asked.take() == other);
}
