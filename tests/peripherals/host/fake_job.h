// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>
#include <string_view>
#include <utility>

#include "peripherals/xfs/service.h"
#include "tests/peripherals/host/waiting.h"

namespace guichet::test {

/// A command without a service around it.
class FakeJob final : public xfs::Job {
public:
    FakeJob(xfs::Command command, Inbox<xfs::Completion>& ends)
        : m_command(std::move(command))
        , m_ends(ends)
    {
    }
    const xfs::Command& command() const override { return m_command; }
    void event(std::string_view, const nlohmann::json&) override {}
    void complete(xfs::Completion completion) override
    {
        setStop(nullptr);
        m_ends.put(std::move(completion));
    }
    void onStop(std::function<void(xfs::StopReason)> callback) override
    {
        setStop(std::move(callback));
    }
    void cancel()
    {
        std::function<void(xfs::StopReason)> stop;
        {
            const std::scoped_lock lock(m_mutex);
            stop = m_stop;
        }
        stop(xfs::StopReason::Cancelled);
    }

private:
    void setStop(std::function<void(xfs::StopReason)> callback)
    {
        const std::scoped_lock lock(m_mutex);
        m_stop = std::move(callback);
    }

    std::mutex m_mutex; ///< it ends on another thread than it began on
    xfs::Command m_command;
    std::function<void(xfs::StopReason)> m_stop;
    Inbox<xfs::Completion>& m_ends;
};

} // namespace guichet::test
