// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// What a customer recognises and nobody else can use.
namespace guichet::bank {

/// "138****5621"; what is shorter than eight digits is all stars.
[[nodiscard]] std::string maskedPhone(std::string_view digits);
/// All but the last character of a name in UTF-8: "**明", "********e".
[[nodiscard]] std::string maskedName(std::string_view name);

} // namespace guichet::bank
