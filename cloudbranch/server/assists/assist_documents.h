// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "cloudbranch/signalling/switchboard.h"

namespace guichet::hub {

/// Everything of an assist and of a seat, as the store keeps it; and back. Errc::Invalid: it is not
/// what was kept.
[[nodiscard]] nlohmann::json storedAssist(const signalling::Assist& assist);
[[nodiscard]] Result<signalling::Assist> assistFrom(const nlohmann::json& stored);
[[nodiscard]] nlohmann::json storedSeat(const signalling::Seat& seat);
[[nodiscard]] Result<signalling::Seat> seatFrom(const nlohmann::json& stored);

/// Needs as callers write them: {"language","signLanguage","product","authority"}, each optional.
/// Errc::Invalid: names the member that is wrong.
[[nodiscard]] Result<signalling::Needs> needsFrom(const nlohmann::json& object);
[[nodiscard]] nlohmann::json needsDocument(const signalling::Needs& needs);

/// What the customer's terminal may know: where it stands, how many come first, how long it may
/// take, and who answers by `seatName`.
[[nodiscard]] nlohmann::json assistDocument(const signalling::Switchboard& board,
                                            const signalling::Assist& assist,
                                            const std::string& seatName);

/// What a seat shows: itself, the customer it holds, who waits and who is owed a call, and the
/// other seats.
[[nodiscard]] nlohmann::json seatDocument(const signalling::Switchboard& board,
                                          const signalling::Seat& seat);

} // namespace guichet::hub
