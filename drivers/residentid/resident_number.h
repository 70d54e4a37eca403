// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "peripherals/base/error.h"
#include "peripherals/base/secret.h"

/// Citizen identification numbers of eighteen places (GB 11643), those of residence permits and of
/// permanent residents' cards from 2023 among them. Pure.
namespace guichet::residentid {

enum class Sex { Unknown, Male, Female, NotStated };

struct ResidentNumber {
    Secret<std::string> text; ///< seventeen digits and a digit or X
    std::chrono::year_month_day birth{};
    Sex sex = Sex::Unknown;
};

/// Takes a small x and full-width digits too. Errc::Invalid, without the number in the detail: not
/// eighteen places, a check digit that does not fit, or a birth that is no day.
[[nodiscard]] Result<ResidentNumber> parseResidentNumber(std::string_view utf8);

/// The mask for screens and logs: first three and last four places, stars between.
[[nodiscard]] std::string maskResidentNumber(std::string_view number);

} // namespace guichet::residentid
