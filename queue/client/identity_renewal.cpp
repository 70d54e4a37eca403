// SPDX-License-Identifier: Apache-2.0
#include "queue/client/identity_renewal.h"

#include <utility>

namespace guichet::queue {
namespace {

/// Short enough for a failed attempt, and for a clock that was set.
constexpr std::chrono::minutes kPause{10};

} // namespace

IdentityRenewal::IdentityRenewal(std::filesystem::path folder, const Clock& clock,
                                 Callbacks callbacks)
    : m_folder(std::move(folder))
    , m_clock(clock)
    , m_callbacks(std::move(callbacks))
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

void IdentityRenewal::wake()
{
    const std::lock_guard lock(m_mutex);
    m_awake = true;
    m_changed.notify_one();
}

void IdentityRenewal::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait_for(lock, stop, kPause, [this] { return m_awake; });
            m_awake = false;
        }
        if (!stop.stop_requested()) {
            renewIfDue();
        }
    }
}

void IdentityRenewal::renewIfDue()
{
    const auto present = loadIdentity(m_folder);
    if (!present) {
        m_callbacks.failed(present.error());
        return;
    }
    if (m_clock.now() < present->renewAfter) {
        return;
    }
    const auto renewed = renewIdentity(m_folder);
    if (renewed) {
        m_callbacks.renewed(*renewed);
    } else {
        m_callbacks.failed(renewed.error());
    }
}

} // namespace guichet::queue
