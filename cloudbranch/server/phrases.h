// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "cloudbranch/server/words.h"
#include "queue/domain/outlook.h"
#include "queue/domain/settings.h"

/// Phrases that several pages say.
namespace guichet::hub {

/// The name in the words' language; any other if there is none.
[[nodiscard]] std::string nameIn(const queue::domain::Names& names, const std::string& language);

/// "About 10–20 min", "Less than 5 min", "No wait".
[[nodiscard]] std::string waitPhrase(const queue::domain::WaitRange& wait, const Words& words);

/// "3 waiting", "Nobody is waiting".
[[nodiscard]] std::string peoplePhrase(std::size_t waiting, const Words& words);

/// "10:43" and "10:43:05", of the outlet's zone.
[[nodiscard]] std::string minuteOf(Instant instant, const std::string& zone);
[[nodiscard]] std::string secondOf(Instant instant, const std::string& zone);

/// Until when a customer who waits may leave: the earliest expected turn less the way back, down to
/// five minutes. Nothing if that is less than ten minutes away.
[[nodiscard]] std::optional<Instant> stepOutUntil(const queue::domain::WaitRange& wait,
                                                  Instant now);

} // namespace guichet::hub
