// SPDX-License-Identifier: Apache-2.0
#include "peripherals/xfs/service.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include <spdlog/spdlog.h>
#include <strings.h>

#include "peripherals/net/server.h"
#include "peripherals/xfs/common_interface.h"

namespace guichet::xfs {

using nlohmann::json;
using SteadyClock = std::chrono::steady_clock;

namespace {

/// One client. Guarded by the core's mutex.
struct Connection {
    ClientId id = 0;
    std::shared_ptr<net::Socket> socket;
    std::set<std::int64_t> outstanding;
    bool closed = false;
};

} // namespace

class Service::Core : public std::enable_shared_from_this<Service::Core> {
public:
    Core(ServiceDescription description, Perform perform)
        : m_description(std::move(description))
        , m_perform(std::move(perform))
        , m_status(m_description.status)
    {
        addCommonOffers(m_description);
        m_capabilities = capabilitiesPayload(m_description);
    }

    void start()
    {
        m_thread = std::jthread(
            [core = shared_from_this()](std::stop_token stop) { core->run(std::move(stop)); });
    }

    void stop();
    net::SocketCallbacks accept(std::shared_ptr<net::Socket> socket);
    void updateStatus(const json& change);
    json status() const;
    void broadcast(std::string_view name, const json& payload);
    void tell(ClientId client, std::string_view name, const json& payload);

    const ServiceDescription& description() const { return m_description; }

private:
    class Task;
    using TaskPtr = std::shared_ptr<Task>;

    void run(std::stop_token stop);
    void receive(const std::shared_ptr<Connection>& connection, std::string_view text);
    void disconnect(const std::shared_ptr<Connection>& connection);
    void refuse(Connection& connection, const Command& command, Refusal refusal);
    void answerAtOnce(const std::shared_ptr<Connection>& connection, const Command& command,
                      const CommandOffer& offer);
    Completion cancel(const std::shared_ptr<Connection>& connection, const json& payload);
    Completion common(const std::shared_ptr<Connection>& connection, const Command& command);
    Completion transactionState(const Command& command);
    void stopTasks(const std::function<bool(const Task&)>& chosen, StopReason reason);
    std::vector<TaskPtr> expired(SteadyClock::time_point now);
    SteadyClock::time_point nextDeadline() const;
    void reply(Connection& connection, const Command& command, const Completion& completion);
    /// Says the first of a task's completions to whom asked, a cancel after its time as a time-out.
    void finish(Task& task, Completion& completion);
    void sendAll(const std::string& text);
    const CommandOffer* offer(const std::string& name) const;
    std::string eventVersion(std::string_view name) const;

    ServiceDescription m_description;
    Perform m_perform;
    json m_capabilities;
    /// Recursive: the last reference to a task may go while the lock is held, and a task that was
    /// never completed then completes itself.
    mutable std::recursive_mutex m_mutex;
    std::condition_variable_any m_wake;
    json m_status;
    json m_transaction = {{"state", "inactive"}};
    std::vector<std::shared_ptr<Connection>> m_connections;
    ClientId m_lastClient = 0;
    std::deque<TaskPtr> m_queue;
    std::weak_ptr<Task> m_running;
    const Task* m_busy = nullptr; ///< the running task, for comparison only
    bool m_stopped = false;
    std::jthread m_thread;
};

class Service::Core::Task final : public Job {
public:
    Task(std::shared_ptr<Core> core, std::shared_ptr<Connection> connection, Command command)
        : m_core(std::move(core))
        , m_connection(std::move(connection))
        , m_command(std::move(command))
    {
        if (m_command.timeout.count() > 0) {
            m_deadline = SteadyClock::now() + m_command.timeout;
        }
    }
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    ~Task() override
    {
        auto dropped =
            failure(CompletionCode::InternalError, "the command was dropped by its device");
        m_core->finish(*this, dropped);
    }

    [[nodiscard]] const Command& command() const override { return m_command; }

    void event(std::string_view name, const json& payload) override
    {
        const auto text =
            encodeEvent(name, m_core->eventVersion(name), m_command.requestId, payload);
        const std::scoped_lock lock(m_core->m_mutex);
        if (!m_finished && !m_connection->closed) {
            m_connection->socket->send(text);
        }
    }

    void complete(Completion completion) override
    {
        m_core->finish(*this, completion);
        if (completion.secret) {
            wipeTexts(completion.payload);
        }
    }

    void onStop(std::function<void(StopReason)> callback) override
    {
        StopReason reason = StopReason::None;
        {
            const std::scoped_lock lock(m_core->m_mutex);
            reason = m_stopReason;
            if (reason == StopReason::None) {
                m_onStop = std::move(callback);
                return;
            }
        }
        callback(reason);
    }

private:
    friend class Core;

    std::shared_ptr<Core> m_core; ///< answers may come after the service has gone
    std::shared_ptr<Connection> m_connection;
    Command m_command;
    std::optional<SteadyClock::time_point> m_deadline;
    // Guarded by the core's mutex.
    StopReason m_stopReason = StopReason::None;
    std::function<void(StopReason)> m_onStop;
    bool m_finished = false;
};

const CommandOffer* Service::Core::offer(const std::string& name) const
{
    const auto& offers = m_description.commands;
    const auto found = std::find_if(offers.begin(), offers.end(),
                                    [&name](const auto& offer) { return offer.name == name; });
    return found == offers.end() ? nullptr : &*found;
}

std::string Service::Core::eventVersion(std::string_view name) const
{
    for (const auto& offer : m_description.events) {
        if (offer.name == name) {
            return offer.version;
        }
    }
    return "2.0";
}

void Service::Core::run(std::stop_token stop)
{
    std::unique_lock lock(m_mutex);
    while (!stop.stop_requested()) {
        for (const auto& task : expired(SteadyClock::now())) {
            lock.unlock();
            stopTasks([&task](const Task& each) { return &each == task.get(); },
                      StopReason::TimedOut);
            lock.lock();
        }
        if (!m_busy && !m_queue.empty()) {
            auto task = std::move(m_queue.front());
            m_queue.pop_front();
            m_running = task;
            m_busy = task.get();
            lock.unlock();
            m_perform(std::move(task));
            lock.lock();
            continue;
        }
        const auto until = nextDeadline();
        const auto changed = [this, until] {
            return (!m_busy && !m_queue.empty()) || nextDeadline() < until;
        };
        if (until == SteadyClock::time_point::max()) {
            m_wake.wait(lock, stop, changed);
        } else {
            m_wake.wait_until(lock, stop, until, changed);
        }
    }
}

std::vector<Service::Core::TaskPtr> Service::Core::expired(SteadyClock::time_point now)
{
    std::vector<TaskPtr> late;
    const auto collect = [&late, now](const TaskPtr& task) {
        if (task && task->m_deadline && *task->m_deadline <= now &&
            task->m_stopReason == StopReason::None) {
            late.push_back(task);
        }
    };
    std::for_each(m_queue.begin(), m_queue.end(), collect);
    collect(m_running.lock());
    return late;
}

SteadyClock::time_point Service::Core::nextDeadline() const
{
    auto next = SteadyClock::time_point::max();
    const auto consider = [&next](const TaskPtr& task) {
        if (task && task->m_deadline && task->m_stopReason == StopReason::None) {
            next = std::min(next, *task->m_deadline);
        }
    };
    std::for_each(m_queue.begin(), m_queue.end(), consider);
    consider(m_running.lock());
    return next;
}

/// Queued tasks end here and never touch the device; the running one is asked to end.
void Service::Core::stopTasks(const std::function<bool(const Task&)>& chosen, StopReason reason)
{
    std::vector<TaskPtr> ended;
    std::function<void(StopReason)> callback;
    TaskPtr running; // kept until the lock is free: its destructor takes the lock
    {
        const std::scoped_lock lock(m_mutex);
        for (auto each = m_queue.begin(); each != m_queue.end();) {
            if (chosen(**each)) {
                (*each)->m_stopReason = reason;
                ended.push_back(std::move(*each));
                each = m_queue.erase(each);
            } else {
                ++each;
            }
        }
        running = m_running.lock();
        if (running && !running->m_finished && running->m_stopReason == StopReason::None &&
            chosen(*running)) {
            running->m_stopReason = reason;
            callback = std::exchange(running->m_onStop, nullptr);
        }
    }
    for (const auto& task : ended) {
        auto completion = failure(CompletionCode::Canceled, "ended while it was queued");
        finish(*task, completion);
    }
    if (callback) {
        callback(reason);
    }
}

void Service::Core::finish(Task& task, Completion& completion)
{
    std::function<void(StopReason)> dropped; // destroyed after the lock is released
    const std::scoped_lock lock(m_mutex);
    if (std::exchange(task.m_finished, true)) {
        return;
    }
    dropped = std::exchange(task.m_onStop, nullptr);
    if (completion.code == CompletionCode::Canceled && task.m_stopReason == StopReason::TimedOut) {
        completion.code = CompletionCode::TimeOut;
    }
    task.m_connection->outstanding.erase(task.m_command.requestId);
    reply(*task.m_connection, task.m_command, completion);
    if (m_busy == &task) {
        m_running.reset();
        m_busy = nullptr;
    }
    m_wake.notify_all();
}

void Service::Core::reply(Connection& connection, const Command& command,
                          const Completion& completion)
{
    if (completion.code == CompletionCode::InvalidData || completion.errorCode() == "fieldError") {
        spdlog::warn("xfs {}: {} refused: {}", m_description.name, command.name,
                     completion.errorDescription);
    }
    if (connection.closed) {
        return;
    }
    const CommandOffer* known = offer(command.name);
    const std::string& version = known ? known->completionVersion : command.version;
    auto text = encodeCompletion(command, version, completion);
    connection.socket->send(text.size() <= kMaxMessageBytes
                                ? text
                                : encodeCompletion(command, version,
                                                   failure(CompletionCode::InternalError,
                                                           "the answer is larger than 2 MiB")));
    if (completion.secret) {
        explicit_bzero(text.data(), text.size());
    }
}

net::SocketCallbacks Service::Core::accept(std::shared_ptr<net::Socket> socket)
{
    auto connection = std::make_shared<Connection>();
    connection->socket = std::move(socket);
    {
        const std::scoped_lock lock(m_mutex);
        connection->id = ++m_lastClient;
        if (m_stopped) {
            connection->socket->close(1001, "service stopped");
            connection->closed = true;
        } else {
            m_connections.push_back(connection);
        }
    }
    auto core = shared_from_this();
    return {[core, connection](std::string_view text) { core->receive(connection, text); },
            [core, connection] { core->disconnect(connection); }};
}

void Service::Core::receive(const std::shared_ptr<Connection>& connection, std::string_view text)
{
    auto command = decodeCommand(text);
    if (!command) {
        spdlog::warn("xfs {}: message refused: {}", m_description.name, command.error().detail);
        const std::scoped_lock lock(m_mutex);
        if (!connection->closed) {
            connection->socket->send(encodeRefusal(command.error()));
        }
        return;
    }
    const CommandOffer* known = offer(command->name);
    const bool offered = known && sameMajor(known->version, command->version);
    const bool atOnce = !offered || known->immediate || known->immediateFor ||
                        command->name.compare(0, 7, "Common.") == 0;
    {
        const std::scoped_lock lock(m_mutex);
        if (connection->closed) {
            return;
        }
        if (connection->outstanding.count(command->requestId) > 0) {
            return refuse(*connection, *command, Refusal::InvalidRequestId);
        }
        if (!atOnce && m_description.maximumRequests > 0 &&
            m_queue.size() >= m_description.maximumRequests) {
            return refuse(*connection, *command, Refusal::TooManyRequests);
        }
        connection->socket->send(encodeAcknowledge(*command));
        if (!offered) {
            return reply(
                *connection, *command,
                failure(CompletionCode::UnsupportedCommand, "command or version not offered"));
        }
        if (!atOnce) {
            connection->outstanding.insert(command->requestId);
            m_queue.push_back(
                std::make_shared<Task>(shared_from_this(), connection, std::move(*command)));
            m_wake.notify_all();
            return;
        }
    }
    answerAtOnce(connection, *command, *known);
}

void Service::Core::refuse(Connection& connection, const Command& command, Refusal refusal)
{
    connection.socket->send(encodeAcknowledge(command, refusal));
}

void Service::Core::answerAtOnce(const std::shared_ptr<Connection>& connection,
                                 const Command& command, const CommandOffer& known)
{
    Completion completion = known.immediate ? known.immediate(command.payload)
                            : known.immediateFor
                                ? known.immediateFor(connection->id, command.payload)
                                : common(connection, command);
    const std::scoped_lock lock(m_mutex);
    reply(*connection, command, completion);
}

Completion Service::Core::common(const std::shared_ptr<Connection>& connection,
                                 const Command& command)
{
    if (command.name == "Common.Status") {
        return success(status());
    }
    if (command.name == "Common.Capabilities") {
        return success(m_capabilities);
    }
    if (command.name == "Common.Cancel") {
        return cancel(connection, command.payload);
    }
    if (command.name == "Common.SetVersions") {
        return setVersions(m_description, command.payload);
    }
    return transactionState(command);
}

Completion Service::Core::transactionState(const Command& command)
{
    const std::scoped_lock lock(m_mutex);
    if (command.name == "Common.GetTransactionState") {
        return success(m_transaction);
    }
    const auto state = command.payload.value("state", json());
    const auto id = command.payload.value("transactionID", json(""));
    if ((state != "active" && state != "inactive") || !(id.is_string() || id.is_null())) {
        return failure(CompletionCode::InvalidData, "state is not active or inactive");
    }
    m_transaction = {{"state", state}, {"transactionID", id.is_null() ? json("") : id}};
    return success();
}

Completion Service::Core::cancel(const std::shared_ptr<Connection>& connection, const json& payload)
{
    const auto request = cancelRequest(payload);
    if (!request) {
        return failure(CompletionCode::InvalidData, "requestIds is not a list of request ids");
    }
    std::set<std::int64_t> victims;
    {
        const std::scoped_lock lock(m_mutex);
        for (const auto id : connection->outstanding) {
            const auto& wanted = request->requestIds;
            if (request->all || std::find(wanted.begin(), wanted.end(), id) != wanted.end()) {
                victims.insert(id);
            }
        }
    }
    if (victims.empty()) {
        return commandError("noMatchingRequestIDs",
                            Error{Errc::NotFound, Remedy::None, "nothing to cancel"});
    }
    stopTasks(
        [&victims, &connection](const Task& task) {
            return task.m_connection == connection && victims.count(task.m_command.requestId) > 0;
        },
        StopReason::Cancelled);
    return success();
}

void Service::Core::disconnect(const std::shared_ptr<Connection>& connection)
{
    {
        const std::scoped_lock lock(m_mutex);
        connection->closed = true;
        m_connections.erase(std::remove(m_connections.begin(), m_connections.end(), connection),
                            m_connections.end());
    }
    stopTasks([&connection](const Task& task) { return task.m_connection == connection; },
              StopReason::Disconnected);
    if (m_description.onGone) {
        m_description.onGone(connection->id);
    }
}

void Service::Core::sendAll(const std::string& text)
{
    for (const auto& connection : m_connections) {
        connection->socket->send(text);
    }
}

void Service::Core::updateStatus(const json& change)
{
    const std::scoped_lock lock(m_mutex);
    const json differing = mergeStatus(m_status, change);
    if (!differing.is_null()) {
        sendAll(encodeUnsolicited("Common.StatusChangedEvent", "3.0", differing));
    }
}

json Service::Core::status() const
{
    const std::scoped_lock lock(m_mutex);
    return m_status;
}

void Service::Core::broadcast(std::string_view name, const json& payload)
{
    const auto text = encodeUnsolicited(name, eventVersion(name), payload);
    const std::scoped_lock lock(m_mutex);
    sendAll(text);
}

void Service::Core::tell(ClientId client, std::string_view name, const json& payload)
{
    const auto text = encodeUnsolicited(name, eventVersion(name), payload);
    const std::scoped_lock lock(m_mutex);
    for (const auto& connection : m_connections) {
        if (connection->id == client) {
            connection->socket->send(text);
        }
    }
}

void Service::Core::stop()
{
    {
        const std::scoped_lock lock(m_mutex);
        if (std::exchange(m_stopped, true)) {
            return;
        }
    }
    stopTasks([](const Task&) { return true; }, StopReason::Disconnected);
    m_thread.request_stop();
    m_wake.notify_all();
    m_thread.join();
    const std::scoped_lock lock(m_mutex);
    for (const auto& connection : m_connections) {
        connection->socket->close(1001, "service stopped");
    }
    m_connections.clear();
}

Service::Service(ServiceDescription description, Perform perform)
    : m_core(std::make_shared<Core>(std::move(description), std::move(perform)))
{
    m_core->start();
}

Service::~Service()
{
    stop();
}

const std::string& Service::name() const
{
    return m_core->description().name;
}

net::SocketCallbacks Service::accept(std::shared_ptr<net::Socket> socket)
{
    return m_core->accept(std::move(socket));
}

void Service::updateStatus(const json& change)
{
    m_core->updateStatus(change);
}

json Service::status() const
{
    return m_core->status();
}

void Service::broadcast(std::string_view name, const json& payload)
{
    m_core->broadcast(name, payload);
}

void Service::tell(ClientId client, std::string_view name, const json& payload)
{
    m_core->tell(client, name, payload);
}

void Service::stop()
{
    m_core->stop();
}

} // namespace guichet::xfs
