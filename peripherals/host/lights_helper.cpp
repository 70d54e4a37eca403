// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/lights_helper.h"

#include <utility>

namespace guichet::host {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto kWriteBudget = 8s; ///< two attempts, each with its connection
constexpr auto kReminder = 2s;    ///< a unit that was away is noticed, and lit again
constexpr auto kAwayPause = 1s;

/// Lit for the first half of its period.
bool litNow(const std::string& rate, Ticks now)
{
    const auto period = rate == "slow" ? 2000ms : rate == "medium" ? 1000ms : 250ms;
    if (rate == "slow" || rate == "medium" || rate == "quick") {
        return now.time_since_epoch() % period < period / 2;
    }
    return rate == "continuous";
}

} // namespace

LightsHelper::LightsHelper(std::unique_ptr<modbus::IoBoard> board, IoMap lights, const Clock& clock)
    : m_board(std::move(board))
    , m_lights(std::move(lights))
    , m_clock(clock)
{
}

std::vector<bool> LightsHelper::coilsNow() const
{
    std::vector<bool> coils(bitsOf(m_lights));
    for (const auto& [name, rate] : m_rates) {
        coils[static_cast<std::size_t>(m_lights.at(name))] = litNow(rate, m_clock.ticks());
    }
    return coils;
}

Result<void> LightsHelper::write(HelperLine& line)
{
    const Step step(line, "lights", kWriteBudget);
    auto coils = coilsNow();
    auto written = m_board->writeCoils(coils);
    m_writtenAt = m_clock.ticks();
    m_written = written ? std::optional(std::move(coils)) : std::nullopt;
    const char* device = written                                            ? "online"
                         : written.error().remedy == Remedy::ReconnectCable ? "offline"
                                                                            : "hardwareError";
    line.status({{"common", {{"device", device}}}, {"lights", lightStatus(m_lights, m_rates)}});
    return written;
}

void LightsHelper::watch(HelperLine& line)
{
    const auto since = m_clock.ticks() - m_writtenAt;
    const bool due = m_written ? *m_written != coilsNow() || since > kReminder
                               : m_writtenAt == Ticks{} || since > kAwayPause;
    if (due) {
        static_cast<void>(write(line)); // the status says it
    }
}

Result<json> LightsHelper::perform(const std::string& operation, const json& arguments,
                                   HelperLine& line, std::stop_token)
{
    if (operation != "setLights") {
        return fail(Errc::Unsupported, "lights: unknown operation");
    }
    const auto before = m_rates;
    for (const auto& [name, rate] : arguments.at("rates").items()) {
        if (!m_lights.contains(name)) {
            m_rates = before;
            return fail(Errc::NotFound, "lights: no such light");
        }
        m_rates[name] = rate.get<std::string>();
    }
    return write(line).map([] { return json::object(); });
}

} // namespace guichet::host
