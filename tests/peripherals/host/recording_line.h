// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "peripherals/host/helper_device.h"

namespace guichet::test {

/// What a device in a helper told, in order, and the step that is announced now.
class RecordingLine : public host::HelperLine {
public:
    void status(const nlohmann::json& members) override { lastStatus = members; }
    void signal(std::string_view name, const nlohmann::json& data) override
    {
        if (name == "zoneRecipient") {
            zoneKey = data.at("publicKey").get<std::string>();
            return;
        }
        said.emplace_back(name);
    }
    void event(std::string_view name, const nlohmann::json&) override { said.emplace_back(name); }
    Result<nlohmann::json> ask(std::string_view name, const nlohmann::json& data) override
    {
        said.emplace_back(name);
        asked = data;
        return refusal ? Result<nlohmann::json>(tl::unexpected(*refusal))
                       : nlohmann::json::object();
    }
    void step(std::string_view name, std::chrono::milliseconds limit) override
    {
        current = name;
        budget = limit;
    }

    std::optional<Error> refusal; ///< the answer to what is asked
    std::vector<std::string> said;
    std::string zoneKey; ///< zones for the device are sealed to it
    nlohmann::json asked;
    nlohmann::json lastStatus;
    std::string current;
    std::chrono::milliseconds budget{};
};

} // namespace guichet::test
