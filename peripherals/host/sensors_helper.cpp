// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/sensors_helper.h"

#include <utility>

namespace guichet::host {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto kSensorsBudget = 8s; ///< two attempts, each with its connection

} // namespace

SensorsHelper::SensorsHelper(std::unique_ptr<modbus::IoBoard> board, IoMap sensors,
                             std::vector<std::string> inverted)
    : m_board(std::move(board))
    , m_sensors(std::move(sensors))
    , m_inverted(std::move(inverted))
{
}

void SensorsHelper::watch(HelperLine& line)
{
    const Step step(line, "inputs", kSensorsBudget);
    const auto inputs = m_board->readInputs(bitsOf(m_sensors));
    if (!inputs) {
        const bool away = inputs.error().remedy == Remedy::ReconnectCable;
        auto members = sensorsUnknown(m_sensors);
        members["common"]["device"] = away ? "offline" : "hardwareError";
        return line.status(members);
    }
    auto members = sensorStatus(m_sensors, m_inverted, *inputs);
    members["common"]["device"] = "online";
    line.status(members);
}

Result<json> SensorsHelper::perform(const std::string& operation, const json&, HelperLine& line,
                                    std::stop_token)
{
    if (operation != "reset") {
        return fail(Errc::Unsupported, "sensors: unknown operation");
    }
    watch(line);
    return json::object();
}

} // namespace guichet::host
