// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/workers.h"

#include <exception>
#include <utility>

#include <spdlog/spdlog.h>

namespace guichet::net {

void runGuarded(const std::function<void()>& callback)
{
    try {
        callback();
    } catch (const std::exception& exception) {
        spdlog::error("net: a stream's callback threw: {}", exception.what());
    } catch (...) {
        spdlog::error("net: a stream's callback threw what is no std::exception");
    }
}

Workers::Workers(unsigned count)
{
    for (unsigned index = 0; index < count; ++index) {
        m_threads.emplace_back([this] { run(); });
    }
}

Workers::~Workers()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_ready.notify_all();
    for (auto& thread : m_threads) {
        thread.join();
    }
}

bool Workers::post(std::function<void()> job, std::size_t maxQueued)
{
    bool wake = false;
    {
        const std::lock_guard lock(m_mutex);
        if (m_jobs.size() >= maxQueued) {
            return false;
        }
        m_jobs.push_back(std::move(job));
        wake = m_idle > 0;
    }
    if (wake) {
        m_ready.notify_one();
    }
    return true;
}

void Workers::run()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        while (m_jobs.empty()) {
            if (m_ending) {
                return;
            }
            ++m_idle;
            m_ready.wait(lock);
            --m_idle;
        }
        auto job = std::move(m_jobs.front());
        m_jobs.pop_front();
        lock.unlock();
        job();
        job = nullptr;
        lock.lock();
    }
}

} // namespace guichet::net
