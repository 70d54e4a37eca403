// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string_view>
#include <vector>

#include "peripherals/classes/card_channel.h"
#include "tests/drivers/support/hex_text.h"

namespace guichet::test {

/// A card that follows a script: each command must be the next one expected, else the channel
/// answers Errc::Internal. It can be torn out before any exchange.
class ScriptedCardChannel final : public CardChannel {
public:
    explicit ScriptedCardChannel(std::string_view atr = "3B6500002063CB6600")
        : m_atr(bytes(atr))
    {
    }

    /// `command` may end in "*": any bytes may follow.
    ScriptedCardChannel& on(std::string_view command, std::string_view answer)
    {
        const bool open = !command.empty() && command.back() == '*';
        m_script.push_back(
            {bytes(command.substr(0, command.size() - (open ? 1 : 0))), open, bytes(answer)});
        return *this;
    }
    ScriptedCardChannel& on(ByteView command, ByteView answer)
    {
        m_script.push_back(
            {Bytes(command.begin(), command.end()), false, Bytes(answer.begin(), answer.end())});
        return *this;
    }
    void tearBefore(std::size_t exchange) { m_tearBefore = exchange; }

    [[nodiscard]] std::size_t exchanges() const { return m_sent.size(); }
    [[nodiscard]] const std::vector<Bytes>& sent() const { return m_sent; }
    [[nodiscard]] bool finished() const { return m_script.empty(); }

    Result<Bytes> transmit(ByteView command, std::chrono::milliseconds /*timeout*/) override
    {
        if (m_sent.size() >= m_tearBefore) {
            return fail(Errc::Disconnected, "card torn out");
        }
        m_sent.emplace_back(command.begin(), command.end());
        if (m_script.empty()) {
            return fail(Errc::Internal, "unexpected " + toHex(command));
        }
        const auto step = m_script.front();
        m_script.pop_front();
        const auto seen = step.open && command.size() >= step.command.size()
                              ? command.first(step.command.size())
                              : command;
        if (!std::equal(seen.begin(), seen.end(), step.command.begin(), step.command.end())) {
            return fail(Errc::Internal, "want " + toHex(step.command) + ", got " + toHex(command));
        }
        return step.answer;
    }
    [[nodiscard]] ByteView atr() const override { return m_atr; }
    Result<void> reset() override { return {}; }
    void powerOff() override {}

private:
    struct Exchange {
        Bytes command;
        bool open;
        Bytes answer;
    };
    Bytes m_atr;
    std::deque<Exchange> m_script;
    std::vector<Bytes> m_sent;
    std::size_t m_tearBefore = static_cast<std::size_t>(-1);
};

} // namespace guichet::test
