// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "peripherals/base/bytes.h"

namespace guichet::call {

/// Whether an Opus packet carries the frame before its own once more, for whoever lost that (RFC
/// 6716, 4.2.4: LBRR). A packet of more than two frames is taken for one that does not.
[[nodiscard]] bool carriesPrevious(ByteView packet);

/// How much of the received sound had to be made up: of what was lost, all that the next packet did
/// not bring. The decoder itself counts that, too. Pure; packets and gaps in their order.
class SoundGaps {
public:
    void lost(std::uint64_t samples);
    void arrived(ByteView packet);
    [[nodiscard]] std::uint64_t concealed() const { return m_concealed; }

private:
    std::uint64_t m_concealed = 0;
    std::uint64_t m_last = 0; ///< of the gap that just ended, if one did
};

} // namespace guichet::call
