// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace guichet::escpos {

/// profiles.toml, compiled in.
extern const std::string_view kPackedProfiles;

} // namespace guichet::escpos
