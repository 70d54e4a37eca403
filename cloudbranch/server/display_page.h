// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cloudbranch/server/outlet_page.h"

namespace guichet::hub {

/// "/display/": the lobby's screen in both languages: the call now, the ones before, who waits.
[[nodiscard]] std::string displayPage(const OutletView& view);

} // namespace guichet::hub
