// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>

#include "peripherals/base/clock.h"
#include "peripherals/classes/channel.h"
#include "peripherals/virtual/sdt_reader.h"

namespace guichet::test {

/// A resident card reader on the table with its cable. Time passes only while somebody waits.
struct ReaderOnTable {
    ManualClock clock{Instant()};
    virtualdevices::SdtReader device;
    bool plugged = true;
    int pulled = 0;                    ///< times; what was open then stays lost
    std::size_t piece = 4096;          ///< so many bytes arrive at once
    std::chrono::milliseconds delay{}; ///< from a command to its answer
    int opened = 0;
    std::function<void()> idle; ///< what happens while nothing comes

    class Cable final : public Channel {
    public:
        explicit Cable(ReaderOnTable& table)
            : m_table(table)
            , m_pulled(table.pulled)
        {
        }
        Result<std::size_t> write(ByteView bytes, std::chrono::milliseconds) override
        {
            if (gone()) {
                return fail(Errc::Disconnected, "gone");
            }
            const auto answer = m_table.device.take(bytes);
            m_coming.insert(m_coming.end(), answer.begin(), answer.end());
            m_due = m_table.clock.ticks() + m_table.delay;
            return bytes.size();
        }
        Result<Bytes> read(std::size_t most, std::chrono::milliseconds timeout) override
        {
            if (gone()) {
                return fail(Errc::Disconnected, "gone");
            }
            if (m_coming.empty() || m_due > m_table.clock.ticks() + timeout) {
                m_table.clock.advance(timeout);
                if (m_table.idle && timeout.count() > 0) {
                    m_table.idle();
                }
                return fail(Errc::Timeout, "nothing came");
            }
            m_table.clock.advance(std::max(std::chrono::milliseconds(0),
                                           std::chrono::duration_cast<std::chrono::milliseconds>(
                                               m_due - m_table.clock.ticks())));
            const auto count =
                static_cast<std::ptrdiff_t>(std::min({most, m_table.piece, m_coming.size()}));
            Bytes bytes(m_coming.begin(), m_coming.begin() + count);
            m_coming.erase(m_coming.begin(), m_coming.begin() + count);
            return bytes;
        }
        [[nodiscard]] std::string_view name() const override { return "cable"; }

    private:
        [[nodiscard]] bool gone() const { return !m_table.plugged || m_pulled != m_table.pulled; }

        ReaderOnTable& m_table;
        int m_pulled;
        Bytes m_coming;
        Ticks m_due{};
    };

    Result<std::unique_ptr<Channel>> plug()
    {
        ++opened;
        if (!plugged) {
            return fail(Errc::Disconnected, "not there", Remedy::ReconnectCable);
        }
        return std::make_unique<Cable>(*this);
    }
};

} // namespace guichet::test
