// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

namespace guichet::mrz {

/// drivers/mrz/letters.weights.
extern const std::span<const unsigned char> kLetterWeights;

} // namespace guichet::mrz
