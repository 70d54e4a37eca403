// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

namespace guichet::web {

/// The C++ source that defines files() with these contents, sorted by name. The same contents give
/// the same text; it names no folder of the machine that builds.
[[nodiscard]] std::string pack(const std::map<std::string, std::string>& contents);

} // namespace guichet::web
