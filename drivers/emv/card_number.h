// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "peripherals/base/bytes.h"
#include "peripherals/base/secret.h"

/// Card numbers: out of the card's bytes, checked, and masked for everybody else.
namespace guichet::emv {

using CardNumber = Secret<std::string>;
using Expiry = std::chrono::year_month_day; ///< valid through the end of this day

/// The mask that logs, staff screens and the bank's clerk see: first six and last four digits with
/// six stars between, whatever the length, so that the width tells nothing. Anything that is not 13
/// to 19 digits is sixteen stars.
[[nodiscard]] std::string maskCardNumber(std::string_view digits);
[[nodiscard]] inline std::string maskCardNumber(const CardNumber& number)
{
    return maskCardNumber(number.reveal());
}

/// The check digit of ISO/IEC 7812. False for anything but digits.
[[nodiscard]] bool passesLuhn(std::string_view digits);

/// Tag 5A: digits packed two a byte, F behind them. Errc::Protocol unless it is 13 to 19 digits.
[[nodiscard]] Result<CardNumber> parseCardNumber(ByteView packed);

/// What we take out of tag 57; service code and discretionary data stay behind.
struct Track2 {
    CardNumber number;
    Expiry expiry;
};
/// Errc::Protocol unless it is a card number, a separator D and a year and month.
[[nodiscard]] Result<Track2> parseTrack2(ByteView packed);

/// Tag 5F24: YYMMDD packed; a day that does not exist means the end of the month.
/// Errc::Protocol for anything else.
[[nodiscard]] Result<Expiry> parseExpiry(ByteView packed);

} // namespace guichet::emv
