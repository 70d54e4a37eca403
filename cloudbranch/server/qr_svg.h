// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace guichet::hub {

/// A QR code (level M, quiet zone of four modules) as an inline SVG in one path, described by
/// `name`. Empty for a text that no code can hold.
[[nodiscard]] std::string qrSvg(const std::string& text, std::string_view name);

} // namespace guichet::hub
