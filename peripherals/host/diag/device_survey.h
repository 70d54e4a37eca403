// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "peripherals/host/diag/identity_question.h"

namespace guichet::host::diag {

/// What one device says of itself.
struct DeviceReport {
    std::string name;  ///< "receiptprinter"
    std::string state; ///< "online", "offline", "noDevice" ...; "unreachable": it does not answer
    std::string model; ///< empty: not told
    nlohmann::json status = nlohmann::json::object(); ///< whole, as XFS4IoT has it
};

/// Asks every XFS4IoT service of the publisher, and the identity service for the devices that
/// XFS4IoT has no word for; in the order of their names. Blocks, at most some seconds. Fails with
/// Errc::Disconnected, Timeout or Protocol if there is no publisher.
[[nodiscard]] Result<std::vector<DeviceReport>> surveyDevices(const PublisherAddress& publisher);

/// The status in words of one line: "paper upper low, media notPresent". Members that say nothing
/// ("ok", "notSupported", "unknown", empty) are left out.
[[nodiscard]] std::string summaryOf(const nlohmann::json& status);

} // namespace guichet::host::diag
