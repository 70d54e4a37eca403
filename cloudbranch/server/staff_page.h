// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "queue/domain/settings.h"

namespace guichet::hub {

/// A page that staff log in to: "counter" (where a teller calls and serves), "seat" (remote staff)
/// or "evidence" (auditors). An empty frame: they work with the script of that name.
[[nodiscard]] std::string staffPage(const std::string& name,
                                    const queue::domain::BranchSettings& branch,
                                    const std::string& language);

} // namespace guichet::hub
