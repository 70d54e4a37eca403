// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::transport {

/// Which of the readers present is the one that configuration means. PC/SC appends a reader index
/// and a slot ("ACME CL 01 00") that change with the plugging order: a full name wins, then a name
/// whose part before the two numbers is the wanted one, then one that begins with it; an empty
/// wish takes the first. Nothing if none fits.
[[nodiscard]] std::optional<std::string> chooseReader(const std::vector<std::string>& present,
                                                      std::string_view wanted);

} // namespace guichet::transport
