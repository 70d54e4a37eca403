// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stop_token>

#include <nlohmann/json.hpp>

#include "drivers/mrtd/country_signers.h"
#include "peripherals/classes/card_channel.h"
#include "peripherals/host/seal.h"

namespace guichet::host {

struct PassportReading {
    const SealingKey& key;
    const mrtd::CountrySigners& signers;
    std::chrono::year_month_day today{};
};

/// Reads a travel document and says what the identity service says of it: names, dates, a masked
/// number and one verdict a check; number, zone and portrait are sealed to the bank. `key` is what
/// the customer showed: {"documentNumber","birthDate","expiryDate"} (dates YYMMDD) or
/// {"cardAccessNumber"}. Fails as mrtd::MrtdReader, and with Errc::Invalid for another key.
[[nodiscard]] Result<nlohmann::json> readPassport(CardChannel& channel, const nlohmann::json& key,
                                                  const PassportReading& reading,
                                                  const std::stop_token& stop);

} // namespace guichet::host
