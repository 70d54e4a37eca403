// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/appointment_page.h"

#include <fmt/format.h>

#include "cloudbranch/server/book_page.h"
#include "cloudbranch/server/html.h"
#include "cloudbranch/server/phrases.h"
#include "cloudbranch/server/qr_svg.h"

namespace guichet::hub {
namespace {

using queue::domain::AppointmentState;

constexpr std::size_t kCodeSize = 10;

std::string booked(const AppointmentView& view, const Words& words)
{
    const auto& appointment = view.appointment;
    const auto early =
        std::chrono::duration_cast<std::chrono::minutes>(view.branch.booking.early).count();
    std::string bring;
    const auto* service = view.branch.service(appointment.service);
    if (service != nullptr && service->bring.contains(words.language())) {
        for (const auto& thing : service->bring.at(words.language())) {
            bring += (bring.empty() ? "" : words.language() == "en" ? ", " : "、") + escaped(thing);
        }
        bring = fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", words("bring"), bring);
    }
    return fmt::format(
        "<p class=\"below\">{}</p>{}<dl class=\"rows\"><div><dt>{}</dt><dd class=\"code\">{}</dd>"
        "</div>{}</dl><p class=\"below\">{}</p><p><a class=\"button quiet\" "
        "href=\"/v1/appointments/{}.ics\">{}</a></p>",
        words("booked.do"), qrSvg(view.checkInCode, words("code")), words("number"),
        groupedCode(appointment.code), bring, words("early", {{"n", std::to_string(early)}}),
        appointment.code, words("calendar"));
}

/// The number stays; what the calendar has does not.
std::string moveLink(const AppointmentView& view, const Words& words)
{
    const auto moved = view.appointment.moves == 0
                           ? std::string()
                           : fmt::format("<p class=\"below\">{}</p>", words("moved"));
    return fmt::format("{}<p><a class=\"button quiet\" href=\"/t/{}/move?lang={}\">{}</a></p>",
                       moved, escaped(view.token), words.language(), words("move"));
}

std::string cancelStep(const AppointmentView& view, const Words& words)
{
    return fmt::format(
        "<section class=\"steps\"><details class=\"step\" data-step=\"give-up\"><summary>{}"
        "</summary><p>{}</p><form method=\"post\" action=\"/t/{}/give-up?lang={}\">"
        "<input type=\"hidden\" name=\"version\" value=\"{}\"><button class=\"button\">{}</button>"
        "</form></details></section>",
        words("cancel"), words("cancel.do"), escaped(view.token), words.language(),
        view.appointment.version, words("cancel.yes"));
}

} // namespace

std::string groupedCode(const std::string& code)
{
    return code.size() == kCodeSize
               ? code.substr(0, 3) + " " + code.substr(3, 4) + " " + code.substr(7)
               : code;
}

std::string appointmentPage(const AppointmentView& view, const std::string& language)
{
    const auto& words = Words::of("book", language);
    const auto& appointment = view.appointment;
    const auto& zone = view.branch.timeZone;
    const bool open = appointment.state == AppointmentState::Booked;
    const std::string state(open ? "booked" : name(appointment.state));
    const auto* service = view.branch.service(appointment.service);
    const auto note = view.note.empty() ? std::string()
                                        : fmt::format("<p class=\"note\">{}</p>", words(view.note));
    const auto day =
        dayPhrase(queue::domain::localDate(zone, appointment.start), view.now, zone, language);
    const auto details =
        open ? booked(view, words) + moveLink(view, words)
             : fmt::format("<p class=\"below\">{}</p><p><a class=\"button quiet\" "
                           "href=\"/o/{}/book?lang={}\">{}</a></p>",
                           words(state + ".do"), escaped(view.branch.id), language, words("again"));
    const auto data =
        fmt::format(" data-branch=\"{}\" data-now=\"{}\" data-position=\"{}\" data-state=\"{}\" "
                    "data-address=\"/t/{}?lang={}\"",
                    escaped(view.branch.id), toRfc3339(view.now, zone), view.position, state,
                    escaped(view.token), language);
    return render(
        {.words = words,
         .title = words(state) + " · " + day + " " + minuteOf(appointment.start, zone),
         .outlet = nameIn(view.branch.names, language),
         .script = open || appointment.state == AppointmentState::NoShow // may still come late
                       ? "appointment.js"
                       : "",
         .data = data,
         .main = fmt::format(
             "{}<article class=\"ticket {}\"><h1><span class=\"service\">{} · {}</span>"
             "<span class=\"day\">{}</span><span class=\"number\">{}</span></h1>{}</article>{}",
             note, open ? "booked" : "done", words(state),
             service == nullptr ? "" : escaped(nameIn(service->names, language)), day,
             minuteOf(appointment.start, zone), details, open ? cancelStep(view, words) : "")});
}

} // namespace guichet::hub
