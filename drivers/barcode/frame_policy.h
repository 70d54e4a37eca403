// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>

#include "drivers/barcode/code_reader.h"
#include "peripherals/base/clock.h"

namespace guichet::barcode {

/// When a code that a camera saw counts as read: in 2 of 3 frames following each other, or at once
/// if its content can be verified later; and never the same again within 2 s. Pure.
class FramePolicy {
public:
    /// True for content that somebody verifies by its signature, so that a misread cannot pass.
    using Verifiable = std::function<bool(ByteView bytes)>;

    explicit FramePolicy(Verifiable verifiable);

    /// Takes what one frame showed, in order. Returns the code once it is accepted.
    [[nodiscard]] std::optional<Code> see(std::optional<Code> code, Ticks now);
    /// What was seen before no longer counts, as at the start of a new read. What was accepted is
    /// still remembered.
    void startOver();

private:
    Verifiable m_verifiable;
    std::array<std::optional<Code>, 3> m_seen; ///< the last frames
    std::size_t m_next = 0;
    std::optional<Code> m_accepted;
    Ticks m_acceptedAt{};
};

} // namespace guichet::barcode
