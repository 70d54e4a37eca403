// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/pages.h"

#include <algorithm>

#include <fmt/format.h>

#include "cloudbranch/server/appointment_page.h"
#include "cloudbranch/server/assets.h"
#include "cloudbranch/server/display_page.h"
#include "cloudbranch/server/form.h"
#include "cloudbranch/server/html.h"
#include "cloudbranch/server/outlet_page.h"
#include "cloudbranch/server/page_answers.h"
#include "cloudbranch/server/push_watch.h"
#include "cloudbranch/server/staff_page.h"
#include "cloudbranch/server/visit_page.h"
#include "peripherals/base/random.h"

namespace guichet::hub {
namespace {

constexpr std::size_t kMostForm = 2048;

} // namespace

void Pages::addTo(net::Router& router)
{
    addAssets(router);
    m_booking.addTo(router);
    const auto outlet = [this](auto show) {
        return [this, show](const net::Request& request) {
            if (request.params.contains("b") && request.param("b") != m_parts.branch.id) {
                return notHere(request);
            }
            const auto published = m_parts.store.published();
            return html(request, 200,
                        show(OutletView{.branch = m_parts.branch,
                                        .queue = published->view,
                                        .now = m_parts.clock.now(),
                                        .key = randomUuid()},
                             languageOf(request)));
        };
    };
    router.add("GET", "/", outlet(outletsPage));
    router.add("GET", "/o/{b}", outlet(outletPage));
    router.add("GET", "/display/", outlet([](const OutletView& view, const std::string&) {
                   return displayPage(view);
               }));
    for (const auto& [name, scripts] :
         {std::pair("counter", Scripts::Plain), std::pair("evidence", Scripts::Plain),
          std::pair("seat", Scripts::WebAssembly)}) {
        router.add("GET", "/" + std::string(name) + "/",
                   [this, name = std::string(name), scripts = scripts](const auto& request) {
                       return html(request, 200,
                                   staffPage(name, m_parts.branch, languageOf(request)), scripts);
                   });
    }
    for (const char* folder : {"/display", "/counter", "/evidence", "/seat"}) {
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
    for (const char* step : {"give-up", "late"}) { // what a refused one left in the address bar
        router.add(
            "GET", std::string("/t/{token}/") + step,
            [](const auto& request) { return seeOther(ownAddress(request)); }, quiet);
    }
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
        return messagePage(request, 503, m_parts.branch, "busy");
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
                          languageOf(request, visit.language)));
}

/// A token leads to an appointment until its customer has checked in.
net::Response Pages::appointment(const net::Request& request, const std::string& note)
{
    const auto token = request.param("token");
    const auto position = m_parts.store.published()->view.position; // first, as for a visit
    const auto found = m_parts.api.appointmentOf(token);
    if (!found) {
        return messagePage(request, 503, m_parts.branch, "busy");
    }
    if (!*found || (*found)->appointment.code.empty()) {
        return unknownVisit(request);
    }
    const auto& appointment = (*found)->appointment;
    return html(request, note.empty() ? 200 : 409,
                appointmentPage({.branch = m_parts.branch,
                                 .appointment = appointment,
                                 .now = m_parts.clock.now(),
                                 .position = position,
                                 .token = std::string(token),
                                 .checkInCode = m_parts.api.checkInCode(appointment.id),
                                 .note = note},
                                languageOf(request, appointment.language)));
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

net::Response Pages::unknownVisit(const net::Request& request) const
{
    return html(request, 404, unknownVisitPage(m_parts.branch, languageOf(request)));
}

net::Response Pages::notHere(const net::Request& request) const
{
    return messagePage(request, 404, m_parts.branch, "notHere");
}

} // namespace guichet::hub
