// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace guichet {

/// One JSON object from outside, no member twice, at most `deepest` levels deep; null: it is not
/// that. How long it may be is the caller's to say. Pure.
[[nodiscard]] nlohmann::json strictObject(std::string_view text, int deepest);

} // namespace guichet
