// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>

#include "drivers/mrtd/mrtd_reader.h"
#include "peripherals/classes/card_channel.h"
#include "peripherals/virtual/passport.h"

namespace guichet::test {

/// A virtual passport in a slot. It can be torn out before any command.
class PassportChannel final : public CardChannel {
public:
    explicit PassportChannel(virtualdevices::Passport& passport)
        : m_passport(passport)
    {
        m_passport.reset();
    }

    void tearBefore(std::size_t command) { m_tearBefore = command; }
    [[nodiscard]] std::size_t commands() const { return m_commands; }
    [[nodiscard]] std::size_t longestAnswer() const { return m_longestAnswer; }

    Result<Bytes> transmit(ByteView command, std::chrono::milliseconds /*timeout*/) override
    {
        if (m_commands >= m_tearBefore) {
            return fail(Errc::Disconnected, "card torn out");
        }
        ++m_commands;
        auto answer = m_passport.answer(command);
        m_longestAnswer = std::max(m_longestAnswer, answer.size());
        return answer;
    }
    [[nodiscard]] ByteView atr() const override { return m_passport.profile().atr; }
    Result<void> reset() override
    {
        m_passport.reset();
        return {};
    }
    void powerOff() override { m_tearBefore = 0; }

private:
    virtualdevices::Passport& m_passport;
    std::size_t m_commands = 0;
    std::size_t m_longestAnswer = 0;
    std::size_t m_tearBefore = std::numeric_limits<std::size_t>::max();
};

/// What is printed on the default passport.
inline mrtd::AccessKey printedKey()
{
    return {mrtd::MrzKey{Secret(std::string("L898902C3")), Secret(std::string("740812")),
                         Secret(std::string("320415"))},
            {}};
}

inline mrtd::AccessKey canKey(std::string digits)
{
    return {std::nullopt, Secret(std::move(digits))};
}

} // namespace guichet::test
