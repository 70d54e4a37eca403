// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "peripherals/base/unique_handle.h"

namespace guichet::call {

/// The program's one thread that decides: lines come in, lines go out, other threads hand over what
/// they have.
class EventLoop {
public:
    /// Lines from `in` and to `out`; both become non-blocking, for a kiosk that does not read must
    /// not hold up a recording.
    EventLoop(int in, int out);
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    /// To be done on the loop's thread. From any thread.
    void post(std::function<void()> task);
    /// One line out. From any thread.
    void say(std::string_view line);
    /// run() ends as if the input had ended. From any thread, and from a signal handler.
    void stop();

    /// Until the input ends, nobody reads the output, or stop(). A line longer than `longest` comes
    /// as its first bytes. `onTick` is called every 50 ms.
    void run(std::size_t longest, const std::function<void(std::string_view)>& onLine,
             const std::function<void()>& onTick);
    /// What was said is written, within the time.
    void flush(std::chrono::milliseconds patience);

private:
    bool read(std::size_t longest, const std::function<void(std::string_view)>& onLine);
    bool write();
    void doTasks();
    [[nodiscard]] bool hasOutput();
    void wake();

    const int m_in;
    const int m_out;
    UniqueFd m_wake;
    std::mutex m_mutex;
    std::deque<std::function<void()>> m_tasks;
    std::string m_output;
    std::string m_input;
    bool m_skipping = false; ///< the rest of a line that was too long
    volatile bool m_stopped = false;
};

} // namespace guichet::call
