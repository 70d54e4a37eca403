// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/message_text.h"

#include <fmt/format.h>

#include "cloudbranch/server/phrases.h"

namespace guichet::hub {
namespace {

using queue::domain::AppointmentState;

constexpr std::string_view kBooked = "appointment.booked";
constexpr std::string_view kMoved = "appointment.moved";

/// "11月26日 10:30" or "26 Nov 10:30", by the outlet's wall clock.
std::string when(const queue::domain::BranchSettings& branch, Instant at, bool chinese)
{
    const auto local = toRfc3339(at, branch.timeZone);
    const auto month = std::stoi(local.substr(5, 2));
    const auto day = std::stoi(local.substr(8, 2));
    const auto time = local.substr(11, 5);
    if (chinese) {
        return fmt::format("{}月{}日 {}", month, day, time);
    }
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    return fmt::format("{} {} {}", day, kMonths.substr(static_cast<std::size_t>(month - 1) * 3, 3),
                       time);
}

std::string bringList(const queue::domain::ServiceSettings& service, const std::string& language,
                      std::string_view separator)
{
    const auto found = service.bring.find(language);
    return found == service.bring.end() ? std::string()
                                        : fmt::format("{}", fmt::join(found->second, separator));
}

} // namespace

std::optional<std::string> messageText(const queue::domain::BranchSettings& branch,
                                       std::string_view kind,
                                       const queue::domain::Appointment& appointment,
                                       const std::string& link)
{
    const bool stands = kind == kBooked || kind == kMoved;
    const bool moved = kind == kMoved;
    const bool isSo =
        stands ? appointment.state == AppointmentState::Booked && (appointment.moves > 0) == moved
               : appointment.state == AppointmentState::Cancelled;
    const auto* service = branch.service(appointment.service);
    if (!isSo || service == nullptr) {
        return std::nullopt;
    }
    const bool chinese = appointment.language.starts_with("zh");
    const std::string language = chinese ? "zh-CN" : "en";
    const auto outlet = nameIn(branch.names, language);
    const auto what = nameIn(service->names, language);
    const auto time = when(branch, appointment.start, chinese);
    if (!stands) {
        return chinese ? fmt::format("【{}】您{}的{}预约已取消。", outlet, time, what)
                       : fmt::format("{}: your appointment on {} ({}) is cancelled.", outlet, time,
                                     what);
    }
    const auto bring = bringList(*service, language, chinese ? "、" : ", ");
    auto text = chinese
                    ? fmt::format("【{}】{}：{}，{}。到店签到码 {}。", outlet,
                                  moved ? "预约已改时间" : "预约成功", time, what, appointment.code)
                : moved ? fmt::format("{}: your appointment is now {}, {}. Check-in number {}.",
                                      outlet, time, what, appointment.code)
                        : fmt::format("{}: booked {} on {}. Check-in number {}.", outlet, what,
                                      time, appointment.code);
    if (!bring.empty()) {
        text +=
            chinese ? fmt::format("请带：{}。", bring) : fmt::format(" Please bring: {}.", bring);
    }
    if (!link.empty()) {
        text += (chinese ? "" : " ") + link;
    }
    return text;
}

} // namespace guichet::hub
