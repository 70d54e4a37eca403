// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
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
        m_stop = nullptr;
        m_ends.put(std::move(completion));
    }
    void onStop(std::function<void(xfs::StopReason)> callback) override
    {
        m_stop = std::move(callback);
    }
    void cancel() { m_stop(xfs::StopReason::Cancelled); }

private:
    xfs::Command m_command;
    std::function<void(xfs::StopReason)> m_stop;
    Inbox<xfs::Completion>& m_ends;
};

} // namespace guichet::test
