// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace guichet::net {

/// Calls back into the domain; what it throws is logged and ends there.
void runGuarded(const std::function<void()>& callback);

/// A fixed number of threads and one queue.
class Workers {
public:
    explicit Workers(unsigned count);
    ~Workers(); ///< runs what is queued, then joins
    /// False, and nothing queued, beyond `maxQueued`.
    bool post(std::function<void()> job, std::size_t maxQueued = SIZE_MAX);

private:
    void run();

    std::mutex m_mutex;
    std::condition_variable m_ready;
    std::deque<std::function<void()>> m_jobs;
    std::size_t m_idle = 0;
    bool m_ending = false;
    std::vector<std::thread> m_threads;
};

} // namespace guichet::net
