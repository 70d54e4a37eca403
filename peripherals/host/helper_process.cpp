// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/helper_process.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include <sys/eventfd.h>
#include <sys/socket.h>

#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/handles.hpp>
#include <boost/process/posix.hpp>
#include <fcntl.h>
#include <poll.h>
#include <spdlog/spdlog.h>

#include "peripherals/base/unique_handle.h"
#include "peripherals/host/helper_protocol.h"

namespace guichet::host {

using nlohmann::json;
using SteadyClock = std::chrono::steady_clock;
using Kind = HelperMessage::Kind;
namespace process = boost::process;

std::chrono::milliseconds restartPause(const HelperConfig& config, unsigned inARow)
{
    auto pause = config.firstRestart;
    for (; inARow > 0 && pause < config.longestRestart; --inARow) {
        pause *= 2;
    }
    return std::min(pause, config.longestRestart);
}

class HelperProcess::Watch {
public:
    Watch(HelperConfig config, Listener listener)
        : m_config(std::move(config))
        , m_listener(std::move(listener))
        , m_wakeFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
        , m_thread([this](std::stop_token stop) { run(std::move(stop)); })
    {
    }
    ~Watch()
    {
        m_thread.request_stop();
        wake();
        m_thread.join();
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    std::uint64_t perform(Operation operation);
    void stop(std::uint64_t id);
    bool up() const { return m_up; }
    int processId() const { return m_processId; }
    HelperCounters counters() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_counters;
    }

private:
    struct Running {
        Operation operation;
        std::optional<SteadyClock::time_point> stopBy;
    };
    enum class End { Stopped, Crashed, Killed };

    void run(std::stop_token stop);
    bool start();
    End follow(const std::stop_token& stop);
    bool exchange(std::chrono::milliseconds patience);
    bool readSome();
    bool writeSome();
    void take(HelperMessage message);
    void answer(const HelperMessage& question);
    void finish(std::uint64_t id, const Result<json>& result);
    void beat();
    std::optional<std::string> verdict();
    void end(End how);
    void loseOperations(const Error& error);
    void failUnstarted();
    void pause(const std::stop_token& stop, std::chrono::milliseconds length);
    void wake()
    {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(m_wakeFd.get(), &one, sizeof one);
    }
    void drainWake()
    {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto got = ::read(m_wakeFd.get(), &count, sizeof count);
    }

    HelperConfig m_config;
    Listener m_listener;
    UniqueFd m_wakeFd;
    mutable std::mutex m_mutex;
    // Guarded by the mutex.
    std::map<std::uint64_t, Running> m_running;
    std::deque<Operation> m_refused; ///< asked for while there was no helper
    std::string m_outgoing;
    HelperCounters m_counters;
    std::uint64_t m_nextId = 1;
    std::atomic<bool> m_up = false;
    std::atomic<int> m_processId = 0;
    // The watching thread's own.
    std::optional<process::child> m_child;
    UniqueFd m_socket;
    LineBuffer m_lines;
    SteadyClock::time_point m_lastSign;
    SteadyClock::time_point m_nextBeat;
    std::string m_lateStep; ///< not empty: the helper reported a step over its budget
    std::jthread m_thread;  ///< last: joined before the rest goes
};

std::uint64_t HelperProcess::Watch::perform(Operation operation)
{
    const std::scoped_lock lock(m_mutex);
    const auto id = m_nextId++;
    if (m_up) {
        m_outgoing += encode({Kind::Do, id, operation.name, operation.arguments});
        m_running.emplace(id, Running{std::move(operation), std::nullopt});
    } else {
        m_refused.push_back(std::move(operation));
    }
    wake();
    return id;
}

void HelperProcess::Watch::stop(std::uint64_t id)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_running.find(id);
    if (found == m_running.end() || found->second.stopBy) {
        return;
    }
    found->second.stopBy = SteadyClock::now() + m_config.stopGrace;
    m_outgoing += encode({Kind::Stop, id, {}, json::object()});
    wake();
}

void HelperProcess::Watch::run(std::stop_token stop)
{
    unsigned inARow = 0;
    while (!stop.stop_requested()) {
        const auto begun = SteadyClock::now();
        if (start()) {
            const auto how = follow(stop);
            end(how);
            const std::scoped_lock lock(m_mutex);
            m_counters.crashes += how == End::Crashed ? 1 : 0;
            m_counters.kills += how == End::Killed ? 1 : 0;
        }
        if (SteadyClock::now() - begun > m_config.healthyAfter) {
            inARow = 0;
        }
        pause(stop, restartPause(m_config, inARow++));
    }
    loseOperations({Errc::Cancelled, Remedy::None, m_config.name + ": shutting down"});
    failUnstarted();
}

bool HelperProcess::Watch::start()
{
    int pair[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        spdlog::error("helper {}: no socket pair", m_config.name);
        return false;
    }
    m_socket.reset(pair[0]);
    const UniqueFd theirs(pair[1]);
    ::fcntl(m_socket.get(), F_SETFL, O_NONBLOCK);
    const std::vector<std::string> arguments(m_config.command.begin() + 1, m_config.command.end());
    std::error_code failed;
    // No process::limit_handles: it allocates between fork and exec, where another thread's lock
    // may be held for ever. A helper closes what it inherited itself (hardenHelper).
    m_child.emplace(process::exe = m_config.command.front(), process::args = arguments,
                    process::posix::fd.bind(0, theirs.get()),
                    process::posix::fd.bind(1, STDERR_FILENO),
                    process::posix::fd.bind(2, STDERR_FILENO), failed);
    if (failed) {
        spdlog::error("helper {}: cannot start: {}", m_config.name, failed.message());
        m_child.reset();
        return false;
    }
    m_processId = m_child->id();
    m_lines = {};
    m_lateStep.clear();
    m_lastSign = SteadyClock::now();
    m_nextBeat = m_lastSign;
    const std::scoped_lock lock(m_mutex);
    m_outgoing.clear();
    ++m_counters.starts;
    return true;
}

HelperProcess::Watch::End HelperProcess::Watch::follow(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        beat();
        failUnstarted();
        if (!exchange(m_config.heartbeat)) {
            spdlog::warn("helper {}: died", m_config.name);
            return End::Crashed;
        }
        if (const auto why = verdict()) {
            spdlog::warn("helper {}: killed: {}", m_config.name, *why);
            return End::Killed;
        }
    }
    return End::Stopped;
}

void HelperProcess::Watch::beat()
{
    const auto now = SteadyClock::now();
    if (now < m_nextBeat) {
        return;
    }
    m_nextBeat = now + m_config.heartbeat;
    const std::scoped_lock lock(m_mutex);
    m_outgoing += encode({Kind::Ping, 0, {}, json::object()});
}

/// Moves bytes both ways; false once the helper has closed its side.
bool HelperProcess::Watch::exchange(std::chrono::milliseconds patience)
{
    bool something = false;
    {
        const std::scoped_lock lock(m_mutex);
        something = !m_outgoing.empty();
    }
    const auto events = static_cast<short>(POLLIN | (something ? POLLOUT : 0));
    pollfd watched[2] = {{m_socket.get(), events, 0}, {m_wakeFd.get(), POLLIN, 0}};
    ::poll(watched, 2, static_cast<int>(patience.count()));
    if ((watched[1].revents & POLLIN) != 0) {
        drainWake();
    }
    if ((watched[0].revents & POLLOUT) != 0 && !writeSome()) {
        return false;
    }
    return (watched[0].revents & (POLLIN | POLLHUP | POLLERR)) == 0 || readSome();
}

bool HelperProcess::Watch::writeSome()
{
    const std::scoped_lock lock(m_mutex);
    const auto count =
        ::send(m_socket.get(), m_outgoing.data(), m_outgoing.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0) {
        return errno == EAGAIN || errno == EINTR;
    }
    m_outgoing.erase(0, static_cast<std::size_t>(count));
    return true;
}

bool HelperProcess::Watch::readSome()
{
    char buffer[16 * 1024];
    const auto count = ::recv(m_socket.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    if (count < 0) {
        return errno == EAGAIN || errno == EINTR;
    }
    if (count == 0) {
        return false;
    }
    auto lines = m_lines.feed({buffer, static_cast<std::size_t>(count)});
    if (!lines) {
        return false;
    }
    for (const auto& line : *lines) {
        auto message = decodeHelperMessage(line);
        if (!message) {
            return false;
        }
        take(std::move(*message));
    }
    return true;
}

void HelperProcess::Watch::take(HelperMessage message)
{
    m_lastSign = SteadyClock::now();
    if (!m_up.exchange(true) && m_listener.onUp) {
        m_listener.onUp(true);
    }
    switch (message.kind) {
    case Kind::Pong:
        if (message.data.contains("step")) {
            m_lateStep = message.data["step"].dump();
        }
        break;
    case Kind::Status:
        if (m_listener.onStatus) {
            m_listener.onStatus(message.data);
        }
        break;
    case Kind::Signal:
        if (m_listener.onSignal) {
            m_listener.onSignal(message.name, message.data);
        }
        break;
    case Kind::Event: {
        std::unique_lock lock(m_mutex);
        const auto found = m_running.find(message.id);
        if (found != m_running.end() && found->second.operation.onEvent) {
            const auto onEvent = found->second.operation.onEvent;
            lock.unlock();
            onEvent(message.name, message.data);
        }
        break;
    }
    case Kind::Ask:
        answer(message);
        break;
    case Kind::Done:
        finish(message.id, std::move(message.data));
        break;
    case Kind::Failed:
        finish(message.id, tl::unexpected(errorFromJson(message.data)));
        break;
    case Kind::Do:
    case Kind::Stop:
    case Kind::Ping:
    case Kind::Answer:
        spdlog::warn("helper {}: sent a message that only we send", m_config.name);
        break;
    }
}

void HelperProcess::Watch::answer(const HelperMessage& question)
{
    const auto operation = question.data.value("operation", json());
    std::function<Result<json>(std::string_view, const json&)> onAsk;
    if (operation.is_number_unsigned()) {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_running.find(operation.get<std::uint64_t>());
        onAsk = found == m_running.end() ? nullptr : found->second.operation.onAsk;
    }
    const Result<json> result = onAsk ? onAsk(question.name, question.data)
                                      : fail(Errc::Unsupported, "nobody answers this question");
    json data = result ? *result : json{{"error", errorToJson(result.error())}};
    const std::scoped_lock lock(m_mutex);
    m_outgoing += encode({Kind::Answer, question.id, {}, std::move(data)});
}

void HelperProcess::Watch::finish(std::uint64_t id, const Result<json>& result)
{
    std::optional<Operation> operation;
    {
        const std::scoped_lock lock(m_mutex);
        if (auto node = m_running.extract(id)) {
            operation = std::move(node.mapped().operation);
        }
    }
    if (operation && operation->onDone) {
        operation->onDone(result);
    }
}

/// Why the helper has to be killed, if it has.
std::optional<std::string> HelperProcess::Watch::verdict()
{
    if (!m_lateStep.empty()) {
        return "step " + m_lateStep + " took longer than its budget";
    }
    const auto now = SteadyClock::now();
    if (now - m_lastSign > (m_up ? m_config.silenceLimit : m_config.startLimit)) {
        return "no answer to heartbeats";
    }
    const std::scoped_lock lock(m_mutex);
    const bool clinging = std::any_of(m_running.begin(), m_running.end(), [now](const auto& each) {
        return each.second.stopBy && *each.second.stopBy < now;
    });
    return clinging ? std::optional<std::string>("does not stop") : std::nullopt;
}

void HelperProcess::Watch::end(End how)
{
    std::error_code ignored;
    ::kill(m_child->id(), SIGKILL);
    m_child->wait(ignored);
    m_child.reset();
    m_socket.reset();
    m_processId = 0;
    if (m_up.exchange(false) && m_listener.onUp) {
        m_listener.onUp(false);
    }
    if (how == End::Stopped) {
        return; // run() ends what is open
    }
    const std::string seen =
        m_lateStep.empty() ? "the device's process ended" : "the device did not answer in time";
    loseOperations(
        {Errc::Protocol, m_config.remedy, m_config.name + ": " + seen + "; it was started again"});
}

void HelperProcess::Watch::loseOperations(const Error& error)
{
    std::map<std::uint64_t, Running> lost;
    {
        const std::scoped_lock lock(m_mutex);
        lost.swap(m_running);
        m_counters.operationsLost += lost.size();
    }
    for (const auto& [id, running] : lost) {
        if (running.operation.onDone) {
            running.operation.onDone(tl::unexpected(error));
        }
    }
}

void HelperProcess::Watch::failUnstarted()
{
    std::deque<Operation> refused;
    {
        const std::scoped_lock lock(m_mutex);
        refused.swap(m_refused);
    }
    for (const auto& operation : refused) {
        if (operation.onDone) {
            operation.onDone(
                fail(Errc::Disconnected, m_config.name + ": is being started again", Remedy::Wait));
        }
    }
}

void HelperProcess::Watch::pause(const std::stop_token& stop, std::chrono::milliseconds length)
{
    const auto until = SteadyClock::now() + length;
    while (!stop.stop_requested()) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - SteadyClock::now());
        if (left.count() <= 0) {
            return;
        }
        pollfd watched = {m_wakeFd.get(), POLLIN, 0};
        ::poll(&watched, 1, static_cast<int>(left.count()) + 1);
        drainWake();
        failUnstarted();
    }
}

HelperProcess::HelperProcess(HelperConfig config, Listener listener)
    : m_watch(std::make_unique<Watch>(std::move(config), std::move(listener)))
{
}

HelperProcess::~HelperProcess() = default;

std::uint64_t HelperProcess::perform(Operation operation)
{
    return m_watch->perform(std::move(operation));
}

void HelperProcess::stop(std::uint64_t operation)
{
    m_watch->stop(operation);
}

bool HelperProcess::up() const
{
    return m_watch->up();
}

HelperCounters HelperProcess::counters() const
{
    return m_watch->counters();
}

int HelperProcess::processId() const
{
    return m_watch->processId();
}

} // namespace guichet::host
