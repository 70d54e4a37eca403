// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/pages.h"

#include <algorithm>

#include <fmt/format.h>

#include "cloudbranch/server/appointment_page.h"
#include "cloudbranch/server/assets.h"
#include "cloudbranch/server/book_page.h"
#include "cloudbranch/server/counter_page.h"
#include "cloudbranch/server/display_page.h"
#include "cloudbranch/server/form.h"
#include "cloudbranch/server/html.h"
#include "cloudbranch/server/outlet_page.h"
#include "cloudbranch/server/phrases.h"
#include "cloudbranch/server/push_watch.h"
#include "cloudbranch/server/visit_page.h"
#include "peripherals/base/random.h"

namespace guichet::hub {
namespace {

constexpr std::size_t kMostForm = 2048;

std::string languageOf(const net::Request& request)
{
    return pageLanguage(request.queryValue("lang"), request.header("Accept-Language"));
}

/// A customer's own page speaks the language of the ticket unless asked otherwise.
std::string languageOf(const net::Request& request, const queue::domain::Visit& visit)
{
    const auto wish = request.queryValue("lang");
    return pageLanguage(wish.empty() ? visit.language : wish, "en");
}

net::Response seeOther(std::string location)
{
    return {.status = 303,
            .headers = {{"Location", std::move(location)}, {"Cache-Control", "no-store"}}};
}

/// The page itself again, in the language that it was in.
std::string ownAddress(const net::Request& request)
{
    const auto wish = request.queryValue("lang");
    return fmt::format("/t/{}{}", request.param("token"),
                       wish.empty() ? "" : "?lang=" + pageLanguage(wish, {}));
}

net::Response messagePage(const net::Request& request, int status, const std::string& outlet,
                          const std::string& key)
{
    const auto& words = Words::of("outlet", languageOf(request));
    return html(request, status,
                render({.words = words,
                        .title = words(key),
                        .outlet = outlet,
                        .main = fmt::format("<article class=\"ticket\"><h1 class=\"state\">{}</h1>"
                                            "<p class=\"below\">{}</p><p><a class=\"button quiet\" "
                                            "href=\"/?lang={}\">{}</a></p></article>",
                                            words(key), words(key + ".do"), words.language(),
                                            words("home"))}));
}

} // namespace

void Pages::addTo(net::Router& router)
{
    addAssets(router);
    const auto outlet = [this](auto show) {
        return [this, show](const net::Request& request) {
            if (request.params.contains("b") && request.param("b") != m_parts.branch.id) {
                return notHere(request);
            }
            const auto published = m_parts.store.published();
            return html(request, 200,
                        show(OutletView{m_parts.branch, published->view, m_parts.clock.now()},
                             languageOf(request)));
        };
    };
    router.add("GET", "/", outlet(outletsPage));
    router.add("GET", "/o/{b}", outlet(outletPage));
    router.add("GET", "/o/{b}/book", [this](const auto& request) { return book(request); });
    router.add("GET", "/display/", outlet([](const OutletView& view, const std::string&) {
                   return displayPage(view);
               }));
    router.add("GET", "/counter/", [this](const net::Request& request) {
        return html(request, 200, counterPage(m_parts.branch, languageOf(request)));
    });
    for (const char* folder : {"/display", "/counter"}) {
        router.add("GET", folder, [folder = std::string(folder)](const net::Request&) {
            return seeOther(folder + "/");
        });
    }
    // No log line of a customer's page: its address is the customer's key.
    const net::RouteOptions quiet{.maxBody = kMostForm, .log = false};
    router.add(
        "GET", "/t/{token}", [this](const auto& request) { return visit(request); }, quiet);
    router.add(
        "POST", "/t/{token}/give-up", [this](const auto& request) { return giveUp(request); },
        quiet);
    router.add(
        "POST", "/t/{token}/late", [this](const auto& request) { return beLate(request); }, quiet);
    if (m_parts.push != nullptr) {
        router.add(
            "POST", "/t/{token}/push", [this](const auto& request) { return subscribe(request); },
            quiet);
    }
}

net::Response Pages::visit(const net::Request& request, const std::string& note)
{
    const auto position = m_parts.store.published()->view.position; // first: the visit is newer
    const auto found = m_parts.api.lookUp(request.param("token"));
    if (!found) {
        return messagePage(request, 503, nameIn(m_parts.branch.names, languageOf(request)), "busy");
    }
    if (!*found) {
        return appointment(request, note);
    }
    const auto& [visit, outlook, form] = **found;
    return html(request, note.empty() ? 200 : 409,
                visitPage({.branch = m_parts.branch,
                           .visit = visit,
                           .outlook = outlook,
                           .now = m_parts.clock.now(),
                           .position = position,
                           .token = std::string(request.param("token")),
                           .checkInCode = m_parts.api.checkInCode(visit.id),
                           .mayBeLate = visit.state == queue::domain::VisitState::Remote &&
                                        visit.delays == 0,
                           .pushKey = m_parts.push == nullptr ? "" : m_parts.push->publicKey(),
                           .note = note},
                          languageOf(request, visit)));
}

/// A token leads to an appointment until its customer has checked in.
net::Response Pages::appointment(const net::Request& request, const std::string& note)
{
    const auto token = request.param("token");
    const auto position = m_parts.store.published()->view.position; // first, as for a visit
    const auto found = m_parts.api.appointmentOf(token);
    if (!found) {
        return messagePage(request, 503, nameIn(m_parts.branch.names, languageOf(request)), "busy");
    }
    if (!*found || (*found)->appointment.code.empty()) {
        return unknownVisit(request);
    }
    const auto& appointment = (*found)->appointment;
    const auto wish = request.queryValue("lang");
    return html(request, note.empty() ? 200 : 409,
                appointmentPage({.branch = m_parts.branch,
                                 .appointment = appointment,
                                 .now = m_parts.clock.now(),
                                 .position = position,
                                 .token = std::string(token),
                                 .checkInCode = m_parts.api.checkInCode(appointment.id),
                                 .note = note},
                                pageLanguage(wish.empty() ? appointment.language : wish,
                                             request.header("Accept-Language"))));
}

net::Response Pages::subscribe(const net::Request& request)
{
    const auto found = m_parts.api.lookUp(request.param("token"));
    if (!found || !*found) {
        return net::problem(404, "unknown-visit", "there is no such visit");
    }
    const auto subscription = parseSubscription(request.body);
    if (!subscription) {
        return net::problem(422, "invalid-fields", subscription.error().detail);
    }
    const auto done = m_parts.push->subscribe((*found)->visit.id, *subscription);
    if (done) {
        return {.status = 204};
    }
    switch (done.error().code) {
    case Errc::Denied:
        return net::problem(422, "push-service-unknown", done.error().detail);
    case Errc::Conflict:
        return net::problem(409, "too-many-browsers", done.error().detail);
    default:
        return net::problem(503, "storage-unavailable", "the hub cannot store now");
    }
}

net::Response Pages::giveUp(const net::Request& request)
{
    const auto form = parseForm(request.body);
    const auto found = m_parts.api.lookUp(request.param("token"));
    const auto booked = m_parts.api.appointmentOf(request.param("token"));
    if (!form || !found || !booked || (!*found && !*booked)) {
        return visit(request);
    }
    queue::domain::Command command;
    const auto version = numberIn(*form, "version");
    if (*found) {
        command =
            queue::domain::ChangeVisit{(*found)->visit.id, queue::domain::Trigger::Cancel, version};
    } else {
        command =
            queue::domain::CancelAppointment{(*booked)->appointment.id, version, randomNumber()};
    }
    if (!m_parts.store.execute(std::move(command), {"customer"}, {})) {
        return visit(request, "changed");
    }
    return seeOther(ownAddress(request));
}

net::Response Pages::beLate(const net::Request& request)
{
    const auto form = parseForm(request.body);
    const auto found = m_parts.api.lookUp(request.param("token"));
    if (!form || !found || !*found) {
        return visit(request);
    }
    const queue::domain::ChangeVisit command{(*found)->visit.id, queue::domain::Trigger::Delay,
                                             numberIn(*form, "version")};
    return m_parts.store.execute(command, {"customer"}, {}) ? seeOther(ownAddress(request))
                                                            : visit(request, "changed");
}

net::Response Pages::book(const net::Request& request)
{
    if (request.param("b") != m_parts.branch.id) {
        return notHere(request);
    }
    const auto now = m_parts.clock.now();
    BookView view{.branch = m_parts.branch, .now = now};
    view.service = m_parts.branch.service(std::string(request.queryValue("service")));
    if (view.service != nullptr && (view.service->seats == 0 || !view.service->open)) {
        view.service = nullptr;
    }
    if (view.service != nullptr) {
        view.date = queue::domain::dateFromText(request.queryValue("date"));
        const auto start = fromRfc3339(std::string(request.queryValue("start")));
        const auto read = m_parts.store.read([&](const queue::domain::Branch& branch) {
            const auto slotsOn = [&](std::chrono::year_month_day date) {
                return branch.bookings().slots(m_parts.branch, *view.service, date, {now, now});
            };
            if (view.date) {
                view.slots = slotsOn(*view.date);
                return;
            }
            const std::chrono::sys_days today(
                queue::domain::localDate(m_parts.branch.timeZone, now));
            for (int day = 0; day <= m_parts.branch.booking.daysAhead; ++day) {
                const auto date = today + std::chrono::days(day);
                const auto slots = slotsOn(date);
                view.days.emplace_back(
                    date, std::ranges::any_of(slots, [](const auto& s) { return s.free > 0; }));
            }
        });
        if (!read) {
            return messagePage(request, 503, nameIn(m_parts.branch.names, languageOf(request)),
                               "busy");
        }
        const auto found = std::ranges::find_if(
            view.slots, [&](const auto& slot) { return start && slot.start == *start; });
        if (found != view.slots.end()) {
            view.slot = *found;
        }
    }
    return html(request, 200, bookPage(view, languageOf(request)));
}

net::Response Pages::unknownVisit(const net::Request& request) const
{
    return html(request, 404, unknownVisitPage(m_parts.branch, languageOf(request)));
}

net::Response Pages::notHere(const net::Request& request) const
{
    return messagePage(request, 404, nameIn(m_parts.branch.names, languageOf(request)), "notHere");
}

} // namespace guichet::hub
