// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace guichet::queue::domain {

/// The number that a customer types at the kiosk: nine digits and a check digit (ISO/IEC 7064,
/// MOD 11,10), which finds every single wrong digit and nearly every swap of two.
[[nodiscard]] std::string checkInNumber(std::uint64_t chance);
/// Ten digits whose check digit is right.
[[nodiscard]] bool isCheckInNumber(std::string_view digits);

} // namespace guichet::queue::domain
