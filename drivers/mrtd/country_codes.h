// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace guichet::mrtd {

/// The two letters of the state that a zone names with three (ISO 3166-1; Doc 9303-3, section 5 for
/// those of its own: "D<<", British ones, "EUE", "UNO", "RKS"). Nothing: not of a state, or
/// unknown.
[[nodiscard]] std::optional<std::string_view> countryOfState(std::string_view state);

} // namespace guichet::mrtd
