// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "peripherals/base/error.h"

namespace guichet::hub {

/// The fields of an application/x-www-form-urlencoded body; the last of equal names counts. Fails
/// with Errc::Protocol on a broken escape and on more than 64 fields. Safe to fuzz.
[[nodiscard]] Result<std::map<std::string, std::string>> parseForm(std::string_view body);

/// A field that is a whole positive number and nothing else; 0 for any other.
[[nodiscard]] std::int64_t numberIn(const std::map<std::string, std::string>& form,
                                    const std::string& field);

} // namespace guichet::hub
