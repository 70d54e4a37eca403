// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "peripherals/base/clock.h"
#include "peripherals/classes/channel.h"

namespace guichet::test {

/// A receipt printer as seen from its cable, in one thread and in no real time: waiting for it
/// moves the manual clock. It obeys the few commands that our jobs are made of, in order, as far
/// as it is not stopped; real-time questions it answers always. Outlives its channels.
struct FakePrinter {
    // What it is and what is wrong with it.
    bool coverOpen = false;
    bool paperOut = false;
    bool knowsProcessId = true;
    bool knowsInOrderQuestion = true;
    bool knowsClear = true;
    bool automaticStatus = true;
    bool answersStatus = true;
    bool paperAtMouth = false;         ///< held out and not taken
    std::size_t bufferBytes = 1 << 20; ///< accepted and not yet printed
    /// How many bytes may be printed now; a slow printer gets more with each wait.
    std::size_t allowance = std::numeric_limits<std::size_t>::max();
    /// The cable is cut when this many bytes of all have been accepted.
    std::size_t cutAfter = std::numeric_limits<std::size_t>::max();
    /// Paper ends when this many bytes have been printed.
    std::size_t paperEndsAt = std::numeric_limits<std::size_t>::max();
    /// Called for each wait, before the time passes: repairs happen here.
    std::function<void(FakePrinter&)> whileWaiting = [](FakePrinter&) {};

    // What happened to it.
    std::size_t accepted = 0;
    std::size_t printed = 0; ///< bytes obeyed
    int connections = 0;
    int cuts = 0;
    int pictures = 0;
    int cleared = 0;
    std::vector<unsigned> moves; ///< of paper: 3 held out, 2 taken back, 5 pushed out

    std::deque<std::byte> answers;
    Bytes received; ///< not yet obeyed
    bool connected = false;

    void repair()
    {
        coverOpen = false;
        paperOut = false;
        paperEndsAt = std::numeric_limits<std::size_t>::max();
        reportStatus();
        work();
    }

    void accept(std::byte value)
    {
        ++accepted;
        received.push_back(value);
        const auto tail = received.size();
        const auto at = [this](std::size_t i) { return std::to_integer<unsigned>(received[i]); };
        if (tail >= 3 && at(tail - 3) == 0x10 && at(tail - 2) == 0x04) { // real time, even stopped
            answerStatus(at(tail - 1));
            received.resize(tail - 3);
        } else if (tail >= 10 && at(tail - 10) == 0x10 && at(tail - 9) == 0x14 &&
                   at(tail - 8) == 8) {
            received.clear();
            ++cleared;
            if (knowsClear) {
                say({0x37, 0x25, 0x00});
            }
        }
    }

    void work()
    {
        std::size_t done = 0;
        while (!coverOpen && !paperOut) {
            const auto command = ByteView(received).subspan(done);
            const auto length = lengthOf(command);
            if (length == 0 || length > allowance) {
                break;
            }
            allowance -= length;
            printed += length;
            done += length;
            obey(command.first(length));
            if (printed >= paperEndsAt) {
                paperOut = true;
                reportStatus();
            }
        }
        received.erase(received.begin(), received.begin() + static_cast<std::ptrdiff_t>(done));
    }

    void reportStatus()
    {
        if (automaticStatus) {
            const bool stopped = coverOpen || paperOut;
            say({0x10U | (stopped ? 0x08U : 0U) | (coverOpen ? 0x20U : 0U), 0,
                 paperOut ? 0x0fU : 0U, 0});
        }
    }

private:
    void say(std::initializer_list<unsigned> bytes)
    {
        for (const auto byte : bytes) {
            answers.push_back(static_cast<std::byte>(byte));
        }
    }

    void answerStatus(unsigned page)
    {
        if (!answersStatus) {
            return;
        }
        if (page == 0x14) {
            say({0x10, 0x0f, paperAtMouth ? 0x20U : 0U, 0, 0, 0});
            return;
        }
        unsigned bits = 0x12;
        bits |= page == 1 && (coverOpen || paperOut) ? 0x08U : 0U;
        bits |= page == 2 && coverOpen ? 0x04U : 0U;
        bits |= page == 2 && paperOut ? 0x20U : 0U;
        bits |= page == 4 && paperOut ? 0x6cU : 0U;
        say({bits});
    }

    /// Of the first command, 0 if it is not whole yet.
    static std::size_t lengthOf(ByteView bytes)
    {
        if (bytes.empty()) {
            return 0;
        }
        const auto at = [bytes](std::size_t i) {
            return i < bytes.size() ? std::to_integer<unsigned>(bytes[i]) : 0U;
        };
        std::size_t length = 1;
        if (at(0) == 0x1b) {
            length = 2;
        } else if (at(0) == 0x1d) {
            switch (at(1)) {
            case 0x76:
                length = bytes.size() < 8 ? 8 : 8 + (at(4) + 256 * at(5)) * (at(6) + 256 * at(7));
                break;
            case 0x56:
                length = 4;
                break;
            case 0x65:
                length = at(2) == 3 ? 4 : 3;
                break;
            case 0x28:
                length = bytes.size() < 5 ? 5 : 5 + at(3) + 256 * at(4);
                break;
            default:
                length = 3;
            }
        } else if (at(0) == 0x10) {
            length = 3;
        }
        return bytes.size() < length ? 0 : length;
    }

    void obey(ByteView command)
    {
        const auto at = [command](std::size_t i) { return std::to_integer<unsigned>(command[i]); };
        if (at(0) != 0x1d) {
            return;
        }
        switch (at(1)) {
        case 0x61:
            reportStatus();
            break;
        case 0x76:
            ++pictures;
            break;
        case 0x56:
            ++cuts;
            break;
        case 0x65:
            moves.push_back(at(2));
            paperAtMouth = at(2) == 3;
            break;
        case 0x28:
            pictures += at(2) == 0x4c && at(6) == 0x32 ? 1 : 0;
            if (knowsProcessId && at(2) == 0x48) {
                say({0x37, 0x22, at(7), at(8), at(9), at(10), 0x00});
            }
            break;
        case 0x72:
            if (knowsInOrderQuestion) {
                say({0x00});
            }
            break;
        default:
            break;
        }
    }
};

class FakePrinterChannel final : public Channel {
public:
    FakePrinterChannel(FakePrinter& printer, ManualClock& clock)
        : m_printer(printer)
        , m_clock(clock)
    {
        m_printer.connected = true;
        ++m_printer.connections;
        m_printer.answers.clear();
    }

    Result<std::size_t> write(ByteView bytes, std::chrono::milliseconds timeout) override
    {
        std::size_t count = 0;
        for (; count < bytes.size() && m_printer.connected &&
               m_printer.received.size() < m_printer.bufferBytes;
             ++count) {
            if (m_printer.accepted == m_printer.cutAfter) {
                m_printer.connected = false;
                break;
            }
            m_printer.accept(bytes[count]);
        }
        m_printer.work();
        if (count > 0 || bytes.empty()) {
            return count;
        }
        if (!m_printer.connected) {
            return fail(Errc::Disconnected, "cut", Remedy::ReconnectCable);
        }
        pass(timeout);
        return fail(Errc::Timeout, "full");
    }

    Result<Bytes> read(std::size_t most, std::chrono::milliseconds timeout) override
    {
        m_printer.work();
        if (m_printer.answers.empty()) {
            if (m_printer.accepted == m_printer.cutAfter) {
                m_printer.connected = false;
            }
            if (!m_printer.connected) {
                return fail(Errc::Disconnected, "cut", Remedy::ReconnectCable);
            }
            pass(timeout);
            if (m_printer.answers.empty()) {
                return fail(Errc::Timeout, "silent");
            }
        }
        Bytes bytes;
        while (bytes.size() < most && !m_printer.answers.empty()) {
            bytes.push_back(m_printer.answers.front());
            m_printer.answers.pop_front();
        }
        return bytes;
    }

    std::string_view name() const override { return "fake printer"; }

private:
    void pass(std::chrono::milliseconds time)
    {
        m_printer.whileWaiting(m_printer);
        m_clock.advance(time);
    }

    FakePrinter& m_printer;
    ManualClock& m_clock;
};

} // namespace guichet::test
