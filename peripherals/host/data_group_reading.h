// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>

#include <nlohmann/json.hpp>

#include "peripherals/base/sealing.h"
#include "peripherals/classes/card_channel.h"
#include "peripherals/host/passport_reading.h"

namespace guichet::host {

/// Opens the chip of a document and reads the files of DG1 and, where asked, DG2 as they are on it
/// (ICAO Doc 9303-10): {"sealed"}, to be opened with the recipient's key as DataGroups. No check is
/// made of who signed them. Fails as mrtd::MrtdReader, or with Errc::Internal.
[[nodiscard]] Result<nlohmann::json> readDataGroups(CardChannel& channel,
                                                    const ShownDocument& shown, bool withFace,
                                                    const SealingKey& recipient,
                                                    const std::stop_token& stop);

/// In base64; empty: the document has no such file, or nobody asked for it.
struct DataGroups {
    Secret<std::string> zone; ///< DG1
    Secret<std::string> face; ///< DG2
};

/// Errc::Protocol: sealed to another key, or something else.
[[nodiscard]] Result<DataGroups> openDataGroups(const OpeningKey& key, const std::string& sealed);

} // namespace guichet::host
