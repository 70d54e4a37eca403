// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/case_sender.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <spdlog/spdlog.h>

namespace guichet::kiosk {

namespace {

/// The first time too: a call that was under way when the kiosk died is taken up again before.
constexpr std::chrono::minutes kRest{1};

} // namespace

CaseSender::CaseSender(std::filesystem::path root, net::ClientConfig hub)
    : m_config(std::move(hub))
    , m_root(std::move(root))
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

CaseSender::~CaseSender() = default;

void CaseSender::setOpen(std::set<std::string> cases)
{
    {
        const std::lock_guard lock(m_mutex);
        m_due = m_due || !std::ranges::includes(cases, m_open);
        m_open = std::move(cases);
    }
    m_wake.notify_one();
}

void CaseSender::run(const std::stop_token& stop)
{
    std::string told; // once, until it is another thing
    for (;;) {
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait_for(lock, stop, kRest, [this] { return m_due; });
            m_due = false;
        }
        if (stop.stop_requested()) {
            return;
        }
        const auto done = pass(stop);
        const auto now = done ? std::string() : done.error().detail;
        if (std::exchange(told, now) != now && !now.empty()) {
            spdlog::warn("evidence: {}", now);
        }
    }
}

Result<std::size_t> CaseSender::pass(const std::stop_token& stop)
{
    auto hub = net::Client::open(m_config);
    if (!hub) {
        return tl::unexpected(hub.error());
    }
    if (m_upload) {
        m_upload->use(**hub);
    } else {
        m_upload =
            std::make_unique<assist::CaseUpload>(m_root, **hub, [this](const std::string& caseId) {
                const std::lock_guard lock(m_mutex);
                return m_open.contains(caseId);
            });
    }
    m_hub = std::move(*hub);
    return m_upload->pass(stop);
}

} // namespace guichet::kiosk
