// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace guichet::web {

/// One file of this folder, as packed into the program.
struct File {
    std::string_view name; ///< "site/visit.js", "words/visit.json", "voice/zh-CN/3.wav"
    std::string_view bytes;
};

/// Every packed file, sorted by name. For the life of the program.
[[nodiscard]] std::span<const File> files();
/// The bytes of one file; empty if there is none of that name.
[[nodiscard]] std::string_view file(std::string_view name);

} // namespace guichet::web
