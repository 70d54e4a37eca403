// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "peripherals/base/error.h"

namespace guichet::host {

/// What a device can say from inside its helper process. Used on the device's thread.
class HelperLine {
public:
    virtual ~HelperLine() = default;
    /// Status members as XFS4IoT has them: {"cardReader":{"media":"present"}}. Sent if changed.
    virtual void status(const nlohmann::json& members) = 0;
    virtual void signal(std::string_view name, const nlohmann::json& data) = 0;
    /// An event of the running operation.
    virtual void event(std::string_view name, const nlohmann::json& data) = 0;
    /// Asks guichet-devices, for the running operation, and waits for its answer.
    [[nodiscard]] virtual Result<nlohmann::json> ask(std::string_view name,
                                                     const nlohmann::json& data) = 0;
    /// From now on the device has `budget` until the next step; guichet-devices kills the helper
    /// when it takes longer. Zero: no limit.
    virtual void step(std::string_view name, std::chrono::milliseconds budget) = 0;
};

/// What may hang in the device, announced to the watchdog while it lives.
class Step {
public:
    Step(HelperLine& line, std::string_view name, std::chrono::milliseconds budget)
        : m_line(line)
    {
        m_line.step(name, budget);
    }
    ~Step() { m_line.step({}, {}); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

private:
    HelperLine& m_line;
};

/// One device inside its helper process.
/// Thread: every function runs on the helper's device thread.
class HelperDevice {
public:
    virtual ~HelperDevice() = default;
    [[nodiscard]] virtual Result<nlohmann::json> perform(const std::string& operation,
                                                         const nlohmann::json& arguments,
                                                         HelperLine& line,
                                                         std::stop_token stop) = 0;
    /// Called at the start and then again and again while no operation runs.
    virtual void watch(HelperLine& line) = 0;
};

} // namespace guichet::host
