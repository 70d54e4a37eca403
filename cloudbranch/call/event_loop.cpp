// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/event_loop.h"

#include <array>
#include <cerrno>

#include <sys/eventfd.h>

#include <fcntl.h>
#include <poll.h>

namespace guichet::call {

namespace {

using SteadyClock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kTick = 50ms;
constexpr std::size_t kMostOutput = 8U << 20; ///< a kiosk that leaves that much is none

void makeNonBlocking(int file)
{
    ::fcntl(file, F_SETFL, ::fcntl(file, F_GETFL) | O_NONBLOCK);
}

} // namespace

EventLoop::EventLoop(int in, int out)
    : m_in(in)
    , m_out(out)
    , m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    makeNonBlocking(in);
    makeNonBlocking(out);
}

void EventLoop::wake()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(m_wake.get(), &one, sizeof one);
}

void EventLoop::post(std::function<void()> task)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    wake();
}

void EventLoop::say(std::string_view line)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_output.append(line).push_back('\n');
    }
    wake();
}

void EventLoop::stop()
{
    m_stopped = true;
    wake();
}

bool EventLoop::hasOutput()
{
    const std::scoped_lock lock(m_mutex);
    return !m_output.empty();
}

void EventLoop::run(std::size_t longest, const std::function<void(std::string_view)>& onLine,
                    const std::function<void()>& onTick)
{
    auto next = SteadyClock::now() + kTick;
    while (!m_stopped) {
        std::array<pollfd, 3> watched{pollfd{m_in, POLLIN, 0}, pollfd{m_wake.get(), POLLIN, 0},
                                      pollfd{hasOutput() ? m_out : -1, POLLOUT, 0}};
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(next - SteadyClock::now()).count();
        ::poll(watched.data(), watched.size(), left > 0 ? static_cast<int>(left) : 0);
        if (watched[1].revents != 0) {
            std::uint64_t count = 0;
            [[maybe_unused]] const auto got = ::read(m_wake.get(), &count, sizeof count);
        }
        doTasks();
        if (watched[0].revents != 0 && !read(longest, onLine)) {
            return;
        }
        if (!write()) {
            return;
        }
        if (SteadyClock::now() >= next) {
            next = SteadyClock::now() + kTick;
            onTick();
        }
    }
}

void EventLoop::doTasks()
{
    std::deque<std::function<void()>> tasks;
    {
        const std::scoped_lock lock(m_mutex);
        tasks.swap(m_tasks);
    }
    for (const auto& task : tasks) {
        task();
    }
}

bool EventLoop::read(std::size_t longest, const std::function<void(std::string_view)>& onLine)
{
    std::array<char, 65536> part;
    const auto got = ::read(m_in, part.data(), part.size());
    if (got <= 0) {
        return got < 0 && (errno == EAGAIN || errno == EINTR);
    }
    for (const char letter : std::string_view(part.data(), static_cast<std::size_t>(got))) {
        if (letter == '\n') {
            if (!m_skipping && !m_input.empty()) {
                onLine(m_input);
            }
            m_input.clear();
            m_skipping = false;
        } else if (!m_skipping) {
            m_input.push_back(letter);
            if (m_input.size() > longest) { // told once, not kept
                onLine(m_input);
                m_skipping = true;
            }
        }
    }
    return true;
}

bool EventLoop::write()
{
    const std::scoped_lock lock(m_mutex);
    while (!m_output.empty()) {
        const auto sent = ::write(m_out, m_output.data(), m_output.size());
        if (sent < 0) {
            return errno == EINTR || (errno == EAGAIN && m_output.size() <= kMostOutput);
        }
        m_output.erase(0, static_cast<std::size_t>(sent));
    }
    return true;
}

void EventLoop::flush(std::chrono::milliseconds patience)
{
    const auto end = SteadyClock::now() + patience;
    doTasks();
    while (hasOutput() && write() && hasOutput() && SteadyClock::now() < end) {
        pollfd watched{m_out, POLLOUT, 0};
        ::poll(&watched, 1, 20);
    }
}

} // namespace guichet::call
