// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "peripherals/base/bytes.h"

namespace guichet::virtualdevices {

/// What the parser finds in the stream, in order.
class CommandSink {
public:
    virtual ~CommandSink() = default;
    /// A printable byte, or a control character below 20h that is no command's start.
    virtual void character(std::byte byte) = 0;
    /// The fixed part of a command is complete; `data` bytes of it follow (unknown with 00-ended
    /// ones).
    virtual void begin(ByteView head, std::size_t data) = 0;
    virtual void data(std::byte byte) = 0;
    virtual void end() = 0;
};

/// Cuts a stream of ESC/POS bytes into commands, one byte at a time: its state is all that a
/// printer keeps of a command that has not arrived whole. Holds at most 200 KiB whatever comes.
class CommandParser {
public:
    explicit CommandParser(CommandSink& sink)
        : m_sink(sink)
    {
    }

    void push(std::byte byte);
    /// Forgets an unfinished command (power off).
    void reset();
    [[nodiscard]] bool insideCommand() const { return m_state != State::Text; }

private:
    enum class State { Text, Head, Data, DataUntilNul, ImageHead, ImageData };

    void headByte(std::byte byte);
    void startImageOrEnd();

    CommandSink& m_sink;
    State m_state = State::Text;
    Bytes m_head;
    std::size_t m_need = 0;
    std::size_t m_left = 0;
    std::size_t m_images = 0;
};

} // namespace guichet::virtualdevices
