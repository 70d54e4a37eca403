// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace guichet::kiosk {

/// Makes the built-in journeys readable below ":/journeys/<task>/". Any thread, any number of
/// times.
void registerBuiltInJourneys();

} // namespace guichet::kiosk
