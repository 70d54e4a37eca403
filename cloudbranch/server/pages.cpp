// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/pages.h"

#include <fmt/format.h>

#include "cloudbranch/server/assets.h"
#include "cloudbranch/server/counter_page.h"
#include "cloudbranch/server/display_page.h"
#include "cloudbranch/server/form.h"
#include "cloudbranch/server/html.h"
#include "cloudbranch/server/outlet_page.h"
#include "cloudbranch/server/phrases.h"
#include "cloudbranch/server/visit_page.h"

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
}

net::Response Pages::visit(const net::Request& request, const std::string& note)
{
    const auto position = m_parts.store.published()->view.position; // first: the visit is newer
    const auto found = m_parts.api.lookUp(request.param("token"));
    if (!found) {
        return messagePage(request, 503, nameIn(m_parts.branch.names, languageOf(request)), "busy");
    }
    if (!*found) {
        return unknownVisit(request);
    }
    const auto& [visit, outlook] = **found;
    return html(request, note.empty() ? 200 : 409,
                visitPage({.branch = m_parts.branch,
                           .visit = visit,
                           .outlook = outlook,
                           .now = m_parts.clock.now(),
                           .position = position,
                           .token = std::string(request.param("token")),
                           .note = note},
                          languageOf(request, visit)));
}

net::Response Pages::giveUp(const net::Request& request)
{
    const auto form = parseForm(request.body);
    const auto found = m_parts.api.lookUp(request.param("token"));
    if (!form || !found || !*found) {
        return visit(request);
    }
    queue::domain::ChangeVisit command{(*found)->visit.id, queue::domain::Trigger::Cancel};
    command.version = numberIn(*form, "version");
    if (!m_parts.store.execute(command, {"customer"}, {})) {
        return visit(request, "changed");
    }
    return seeOther(
        fmt::format("/t/{}?lang={}", request.param("token"), languageOf(request, (*found)->visit)));
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
