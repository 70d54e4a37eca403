// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

/// What all our XFS4IoT services say of themselves in the same way (Common 2.0).
namespace guichet::host {

[[nodiscard]] inline nlohmann::json commonCapabilities(const char* model, const char* description)
{
    return {{"serviceVersion", GUICHET_VERSION},
            {"powerSaveControl", false},
            {"antiFraudModule", false},
            {"deviceInformation", nlohmann::json::array({nlohmann::json{
                                      {"modelName", model}, {"modelDescription", description}}})}};
}

/// Until the helper has spoken.
[[nodiscard]] inline nlohmann::json commonStatusAtStart()
{
    return {{"device", "starting"},
            {"devicePosition", "inPosition"},
            {"exchange", "inactive"},
            {"endToEndSecurity", "notConfigured"}};
}

} // namespace guichet::host
