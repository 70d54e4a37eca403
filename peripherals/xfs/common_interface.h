// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "peripherals/xfs/service.h"

/// What every service answers alike (interface Common), as pure functions.
namespace guichet::xfs {

/// Adds the commands and events of Common to what the device offers.
void addCommonOffers(ServiceDescription& description);
/// The payload of Common.Capabilities.
[[nodiscard]] nlohmann::json capabilitiesPayload(const ServiceDescription& description);
/// Puts `change` into `status` and returns what differed, member by member; null if nothing did.
[[nodiscard]] nlohmann::json mergeStatus(nlohmann::json& status, const nlohmann::json& change);

struct CancelRequest {
    bool all = false;
    std::vector<std::int64_t> requestIds;
};
/// Nothing if the payload of Common.Cancel is malformed.
[[nodiscard]] std::optional<CancelRequest> cancelRequest(const nlohmann::json& payload);
/// Answers Common.SetVersions: each message has one major version here.
[[nodiscard]] Completion setVersions(const ServiceDescription& description,
                                     const nlohmann::json& payload);
/// True if both say the same major version.
[[nodiscard]] bool sameMajor(std::string_view left, std::string_view right);

} // namespace guichet::xfs
