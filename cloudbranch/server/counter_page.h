// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "queue/domain/settings.h"

namespace guichet::hub {

/// "/counter/": where a teller calls and serves. An empty frame: staff work with the script.
[[nodiscard]] std::string counterPage(const queue::domain::BranchSettings& branch,
                                      const std::string& language);

} // namespace guichet::hub
