// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include <nlohmann/json.hpp>

#include "drivers/mrz/mrz_text.h"

/// A machine readable zone in the words of the identity service, whoever read it.
namespace guichet::host {

/// Names, dates and a masked number; nothing that opens a chip or says the whole number.
[[nodiscard]] nlohmann::json describeZone(const mrz::Mrz& zone, std::chrono::year_month_day today);

/// The first character and the last two; short numbers are masked whole.
[[nodiscard]] std::string maskDocumentNumber(const std::string& number);

} // namespace guichet::host
