// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace guichet::receipt {

/// A file of the folder `templates`, compiled in.
struct BuiltInFile {
    std::string_view name; ///< "ticket.receipt"
    std::string_view text;
};
extern const std::span<const BuiltInFile> kBuiltInFiles;

} // namespace guichet::receipt
