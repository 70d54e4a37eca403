// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "peripherals/classes/card_channel.h"
#include "peripherals/host/helper_device.h"

namespace guichet::host {

/// Each command of a card read is a step of its own, so that a mute card is noticed after one.
/// Borrows both.
class WatchedChannel final : public CardChannel {
public:
    WatchedChannel(CardChannel& channel, HelperLine& line, std::chrono::milliseconds apduBudget)
        : m_channel(channel)
        , m_line(line)
        , m_apduBudget(apduBudget)
    {
    }

    Result<Bytes> transmit(ByteView command, std::chrono::milliseconds timeout) override
    {
        const Step step(m_line, "apdu", m_apduBudget);
        return m_channel.transmit(command, timeout);
    }
    [[nodiscard]] ByteView atr() const override { return m_channel.atr(); }
    Result<void> reset() override
    {
        const Step step(m_line, "chip reset", kPowerBudget);
        return m_channel.reset();
    }
    void powerOff() override
    {
        const Step step(m_line, "chip power off", kPowerBudget);
        m_channel.powerOff();
    }

private:
    static constexpr std::chrono::milliseconds kPowerBudget{6000};

    CardChannel& m_channel;
    HelperLine& m_line;
    std::chrono::milliseconds m_apduBudget;
};

} // namespace guichet::host
