// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "peripherals/base/bytes.h"

namespace guichet::transport {

/// Follows one direction of a stream of SDT frames (AA AA AA 96 69, length, so many bytes) that
/// GA/T 467 spreads over two pipes: preamble and length on the first, the rest on the second.
/// What is no frame stays on the first. Pure.
class SplitFrames {
public:
    /// The pipe of the next byte: 0 or 1.
    [[nodiscard]] std::size_t pipe() const { return m_rest > 0 ? 1 : 0; }
    /// How many of the next `bytes` belong to that pipe, in one transfer.
    [[nodiscard]] std::size_t run(ByteView bytes) const;
    /// These bytes have gone over the pipe.
    void passed(ByteView bytes);

private:
    void step(std::byte byte);

    std::size_t m_matched = 0; ///< of preamble and length
    std::size_t m_length = 0;
    std::size_t m_rest = 0;
};

} // namespace guichet::transport
