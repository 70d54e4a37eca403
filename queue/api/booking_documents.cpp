// SPDX-License-Identifier: Apache-2.0
#include "queue/api/booking_documents.h"

#include <utility>

#include <nlohmann/json.hpp>

namespace guichet::queue::api {
namespace {

using nlohmann::ordered_json;

ordered_json formJson(const domain::PreparedForm& form)
{
    return {{"journey", form.journey}, {"fields", ordered_json::parse(form.fields)}};
}

} // namespace

std::string slotsDocument(const domain::BranchSettings& settings,
                          const domain::ServiceSettings& service, const std::string& date,
                          const std::vector<domain::Slot>& slots)
{
    ordered_json document{{"service", service.id},
                          {"date", date},
                          {"timeZone", settings.timeZone},
                          {"slots", ordered_json::array()}};
    for (const auto& slot : slots) {
        document["slots"].push_back({{"start", toRfc3339(slot.start, settings.timeZone)},
                                     {"end", toRfc3339(slot.end, settings.timeZone)},
                                     {"free", slot.free}});
    }
    return document.dump();
}

std::string holdDocument(const domain::BranchSettings& settings, const domain::Appointment& held)
{
    return ordered_json{{"id", held.id},
                        {"service", held.service},
                        {"start", toRfc3339(held.start, settings.timeZone)},
                        {"end", toRfc3339(held.end, settings.timeZone)},
                        {"expires", toRfc3339(held.holdUntil, settings.timeZone)}}
        .dump();
}

std::string appointmentDocument(const domain::BranchSettings& settings,
                                const domain::Appointment& appointment)
{
    const auto start = toRfc3339(appointment.start, settings.timeZone);
    ordered_json document{{"id", appointment.id},
                          {"state", name(appointment.state)},
                          {"version", appointment.version},
                          {"service", appointment.service},
                          {"start", start},
                          {"end", toRfc3339(appointment.end, settings.timeZone)},
                          {"localStart", start.substr(0, 16)},
                          {"timeZone", settings.timeZone},
                          {"code", appointment.code},
                          {"name", domain::maskedName(appointment.customer)},
                          {"language", appointment.language},
                          {"bring", ordered_json::object()}};
    if (const auto* service = settings.service(appointment.service)) {
        document["bring"] = service->bring;
    }
    if (!appointment.form.journey.empty() && !appointment.form.fields.empty()) {
        document["form"] = formJson(appointment.form);
    }
    return document.dump();
}

std::string formDocument(const domain::BranchSettings& settings, const domain::OpenForm& form)
{
    return ordered_json{
        {"id", form.id}, {"code", form.code}, {"expires", toRfc3339(form.until, settings.timeZone)}}
        .dump();
}

std::string openedForm(const domain::PreparedForm& form)
{
    return ordered_json{{"form", formJson(form)}}.dump();
}

std::string withForm(std::string document, const domain::PreparedForm& form)
{
    document.pop_back(); // the closing brace
    return std::move(document) + "," + openedForm(form).substr(1);
}

} // namespace guichet::queue::api
