// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/appointment.h"

#include <array>
#include <utility>

namespace guichet::queue::domain {
namespace {

constexpr std::array<std::pair<AppointmentState, std::string_view>, 7> kNames{{
    {AppointmentState::Held, "held"},
    {AppointmentState::Booked, "booked"},
    {AppointmentState::Arrived, "arrived"},
    {AppointmentState::Fulfilled, "fulfilled"},
    {AppointmentState::Released, "released"},
    {AppointmentState::Cancelled, "cancelled"},
    {AppointmentState::NoShow, "no_show"},
}};

} // namespace

std::string_view name(AppointmentState state)
{
    return kNames.at(static_cast<std::size_t>(state)).second;
}

std::optional<AppointmentState> appointmentStateFromName(std::string_view text)
{
    for (const auto& [state, word] : kNames) {
        if (word == text) {
            return state;
        }
    }
    return std::nullopt;
}

std::string maskedName(std::string_view name)
{
    std::string masked;
    bool first = true;
    for (std::size_t at = 0; at < name.size();) {
        const auto begin = at++;
        while (at < name.size() && (static_cast<unsigned char>(name[at]) & 0xC0U) == 0x80U) {
            ++at; // the rest of one UTF-8 character
        }
        const auto letter = name.substr(begin, at - begin);
        if (letter == " " || letter == "\u00B7") {
            masked += letter;
            first = true;
        } else {
            masked += first ? letter : "*";
            first = false;
        }
    }
    return masked;
}

} // namespace guichet::queue::domain
