// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/helper_loop.h"

#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <spdlog/spdlog.h>
#include <unistd.h>

#include "peripherals/host/helper_protocol.h"
#include "peripherals/host/private_memory.h"

namespace guichet::host {

using nlohmann::json;
using SteadyClock = std::chrono::steady_clock;
using Kind = HelperMessage::Kind;

Result<void> hardenHelper()
{
    constexpr unsigned kFirstInherited = 3;
    const rlimit none{0, 0};
    if (::close_range(kFirstInherited, ~0U, 0) != 0 || !keepMemoryPrivate() ||
        ::setrlimit(RLIMIT_CORE, &none) != 0 || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) {
        return fail(Errc::Denied, "helper: the kernel refused a protection");
    }
    if (::getppid() == 1) {
        return fail(Errc::Disconnected, "helper: the parent is gone");
    }
    return {};
}

namespace {

/// Both threads' view of one helper.
class Loop final : public HelperLine {
public:
    Loop(int descriptor, std::chrono::milliseconds watchInterval)
        : m_descriptor(descriptor)
        , m_watchInterval(watchInterval)
    {
    }

    void readUntilClosed();
    void runDevice(HelperDevice& device);

    void status(const json& members) override
    {
        if (members != m_lastStatus) {
            m_lastStatus = members;
            send({Kind::Status, 0, {}, members});
        }
    }
    void signal(std::string_view name, const json& data) override
    {
        send({Kind::Signal, 0, std::string(name), data});
    }
    void event(std::string_view name, const json& data) override
    {
        send({Kind::Event, m_operation, std::string(name), data});
    }
    Result<json> ask(std::string_view name, const json& data) override;
    void step(std::string_view name, std::chrono::milliseconds budget) override
    {
        const std::scoped_lock lock(m_mutex);
        m_step = name;
        m_stepEnd = budget.count() > 0 ? std::optional(SteadyClock::now() + budget) : std::nullopt;
    }

private:
    void take(HelperMessage message);
    void stop(std::uint64_t operation);
    void send(const HelperMessage& message);
    json stepReport();

    int m_descriptor;
    std::chrono::milliseconds m_watchInterval;
    std::mutex m_sendMutex;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<HelperMessage> m_todo;
    std::map<std::uint64_t, json> m_answers;
    std::stop_source m_stop;
    std::uint64_t m_operation = 0;
    std::uint64_t m_nextAsk = 1;
    std::string m_step;
    std::optional<SteadyClock::time_point> m_stepEnd;
    json m_lastStatus; ///< device thread only
};

void Loop::send(const HelperMessage& message)
{
    const auto text = encode(message);
    std::string_view rest = text;
    const std::scoped_lock lock(m_sendMutex);
    while (!rest.empty()) {
        const auto count = ::send(m_descriptor, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (count < 0) {
            if (errno == EINTR) {
                continue;
            }
            std::_Exit(0); // guichet-devices is gone
        }
        rest.remove_prefix(static_cast<std::size_t>(count));
    }
}

Result<json> Loop::ask(std::string_view name, const json& data)
{
    json question = data;
    question["operation"] = m_operation;
    const auto id = m_nextAsk++;
    send({Kind::Ask, id, std::string(name), std::move(question)});
    std::unique_lock lock(m_mutex);
    m_wake.wait(lock, [this, id] { return m_answers.count(id) > 0; });
    const json answer = std::move(m_answers.extract(id).mapped());
    if (const auto error = answer.find("error"); error != answer.end()) {
        return tl::unexpected(errorFromJson(*error));
    }
    return answer;
}

json Loop::stepReport()
{
    const std::scoped_lock lock(m_mutex);
    const auto now = SteadyClock::now();
    if (!m_stepEnd || *m_stepEnd > now) {
        return json::object();
    }
    const auto late = std::chrono::duration_cast<std::chrono::milliseconds>(now - *m_stepEnd);
    return {{"step", m_step}, {"overdue", late.count()}};
}

void Loop::take(HelperMessage message)
{
    if (message.kind == Kind::Ping) {
        return send({Kind::Pong, message.id, {}, stepReport()});
    }
    if (message.kind == Kind::Stop) {
        return stop(message.id);
    }
    const std::scoped_lock lock(m_mutex);
    if (message.kind == Kind::Do) {
        m_todo.push_back(std::move(message));
    } else if (message.kind == Kind::Answer) {
        m_answers[message.id] = std::move(message.data);
    }
    m_wake.notify_all();
}

void Loop::stop(std::uint64_t operation)
{
    std::optional<std::stop_source> running; // its callbacks run without our lock
    bool waiting = false;
    {
        const std::scoped_lock lock(m_mutex);
        if (operation == m_operation) {
            running = m_stop;
        }
        waiting = std::erase_if(m_todo,
                                [operation](const auto& task) { return task.id == operation; }) > 0;
    }
    if (running) {
        running->request_stop();
    }
    if (waiting) {
        send({Kind::Failed,
              operation,
              {},
              errorToJson({Errc::Cancelled, Remedy::None, "stopped before it began"})});
    }
}

void Loop::readUntilClosed()
{
    LineBuffer lines;
    char buffer[16 * 1024];
    for (;;) {
        const auto count = ::recv(m_descriptor, buffer, sizeof buffer, 0);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return;
        }
        auto complete = lines.feed({buffer, static_cast<std::size_t>(count)});
        if (!complete) {
            return;
        }
        for (const auto& line : *complete) {
            auto message = decodeHelperMessage(line);
            if (!message) {
                return;
            }
            take(std::move(*message));
        }
    }
}

void Loop::runDevice(HelperDevice& device)
{
    for (;;) {
        HelperMessage task;
        {
            std::unique_lock lock(m_mutex);
            m_operation = 0;
            if (!m_wake.wait_for(lock, m_watchInterval, [this] { return !m_todo.empty(); })) {
                lock.unlock();
                device.watch(*this);
                step({}, {});
                continue;
            }
            task = std::move(m_todo.front());
            m_todo.pop_front();
            m_operation = task.id;
            m_stop = std::stop_source();
        }
        auto result = device.perform(task.name, task.data, *this, m_stop.get_token());
        step({}, {});
        send(result ? HelperMessage{Kind::Done, task.id, {}, std::move(*result)}
                    : HelperMessage{Kind::Failed, task.id, {}, errorToJson(result.error())});
        device.watch(*this);
        step({}, {});
    }
}

} // namespace

void runHelper(int descriptor, std::chrono::milliseconds watchInterval,
               const std::function<Result<std::unique_ptr<HelperDevice>>()>& open)
{
    // On the heap and never freed: the device's thread may hang in it until the process goes.
    auto* loop = new Loop(descriptor, watchInterval);
    std::thread([loop, &open] {
        const auto device = open();
        if (!device) {
            spdlog::error("{}", device.error().detail);
            std::_Exit(1);
        }
        (*device)->watch(*loop);
        loop->step({}, {});
        loop->runDevice(**device);
    }).detach();
    loop->readUntilClosed();
    std::_Exit(0);
}

} // namespace guichet::host
