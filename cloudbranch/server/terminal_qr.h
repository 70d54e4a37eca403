// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace guichet::hub {

/// A QR code as lines of UTF-8 half blocks, light on dark, with its quiet zone. Empty if the text
/// is too long for one.
[[nodiscard]] std::string qrForTerminal(const std::string& text);

} // namespace guichet::hub
