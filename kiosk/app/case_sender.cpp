// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/case_sender.h"

#include <chrono>
#include <utility>

#include <spdlog/spdlog.h>

#include "cloudbranch/assist/case_upload.h"

namespace guichet::kiosk {

namespace {

/// The first time too: a call that was under way when the kiosk died is taken up again before.
constexpr std::chrono::minutes kRest{1};

} // namespace

CaseSender::CaseSender(std::filesystem::path root, net::ClientConfig hub)
    : m_root(std::move(root))
{
    auto client = net::Client::open(std::move(hub));
    if (!client) {
        spdlog::error("evidence: {}", client.error().detail);
        return;
    }
    m_hub = std::move(*client);
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

CaseSender::~CaseSender() = default;

void CaseSender::setOpen(const std::string& caseId)
{
    {
        const std::lock_guard lock(m_mutex);
        m_due = m_due || (caseId.empty() && !m_open.empty());
        m_open = caseId;
    }
    m_wake.notify_one();
}

void CaseSender::run(const std::stop_token& stop)
{
    assist::CaseUpload upload(m_root, *m_hub, [this](const std::string& caseId) {
        const std::lock_guard lock(m_mutex);
        return caseId == m_open;
    });
    for (;;) {
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait_for(lock, stop, kRest, [this] { return m_due; });
            m_due = false;
        }
        if (stop.stop_requested()) {
            return;
        }
        if (auto done = upload.pass(stop); !done) {
            spdlog::warn("evidence: {}", done.error().detail);
        }
    }
}

} // namespace guichet::kiosk
