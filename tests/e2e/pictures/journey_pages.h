// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kiosk/models/page.h"

namespace guichet::kiosk::test {

/// Every page of the journey take-ticket as the kiosk composes it, in the language ("zh-CN", "en"):
/// each state, a card being read, and where a page depends on what went wrong, each remedy. The
/// ids are "<state>" or "<state>-<remedy>".
[[nodiscard]] QList<Page> journeyPages(const QString& language, bool elder);

} // namespace guichet::kiosk::test
