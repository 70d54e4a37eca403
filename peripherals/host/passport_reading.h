// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include <nlohmann/json.hpp>

#include "drivers/mrtd/country_signers.h"
#include "drivers/mrtd/mrtd_reader.h"
#include "peripherals/base/sealing.h"
#include "peripherals/classes/card_channel.h"

namespace guichet::host {

struct PassportReading {
    const SealingKey& key;
    const mrtd::CountrySigners& signers;
    std::chrono::year_month_day today{};
};

/// What the customer showed of a document.
struct ShownDocument {
    mrtd::AccessKey key;
    Secret<std::string> zone = {}; ///< as it is printed, line by line; empty: nobody read it
};

/// {"documentNumber","birthDate","expiryDate"} (dates YYMMDD) or {"cardAccessNumber"}. Fails with
/// Errc::Invalid.
[[nodiscard]] Result<ShownDocument> documentOfKey(const nlohmann::json& key);
/// Fails as mrz::parseMrz.
[[nodiscard]] Result<ShownDocument> documentOfZone(Secret<std::string> zone,
                                                   std::chrono::year_month_day today);

/// Reads a travel document and says what the identity service says of it: names, dates, a masked
/// number and one verdict a check; number, zone and portrait are sealed to the bank. A zone that
/// was read is compared with the chip's. Fails as mrtd::MrtdReader.
[[nodiscard]] Result<nlohmann::json> readPassport(CardChannel& channel, const ShownDocument& shown,
                                                  const PassportReading& reading,
                                                  const std::stop_token& stop);

} // namespace guichet::host
