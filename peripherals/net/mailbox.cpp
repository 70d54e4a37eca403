// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/mailbox.h"

#include <utility>

#include <sys/eventfd.h>

namespace guichet::net {

Mailbox::Mailbox()
    : m_wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
}

void Mailbox::post(Completion completion)
{
    std::unique_lock lock(m_mutex);
    m_completions.push_back(std::move(completion));
    signal(lock);
}

void Mailbox::touch(ConnectionId connection)
{
    std::unique_lock lock(m_mutex);
    m_touched.push_back(connection);
    signal(lock);
}

void Mailbox::wake()
{
    std::unique_lock lock(m_mutex);
    signal(lock);
}

void Mailbox::signal(std::unique_lock<std::mutex>& lock)
{
    const bool first = !std::exchange(m_signalled, true);
    lock.unlock();
    if (first) {
        ::eventfd_write(m_wake.get(), 1);
    }
}

void Mailbox::take(std::vector<Completion>& completions, std::vector<ConnectionId>& touched)
{
    completions.clear();
    touched.clear();
    const std::lock_guard lock(m_mutex);
    eventfd_t count = 0;
    ::eventfd_read(m_wake.get(), &count);
    m_signalled = false;
    completions.swap(m_completions);
    touched.swap(m_touched);
}

} // namespace guichet::net
