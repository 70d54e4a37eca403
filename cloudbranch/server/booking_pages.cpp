// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/booking_pages.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cloudbranch/server/form.h"
#include "cloudbranch/server/html.h"
#include "cloudbranch/server/outlet_page.h"
#include "cloudbranch/server/page_answers.h"
#include "peripherals/base/random.h"
#include "queue/api/tokens.h"

namespace guichet::hub {
namespace {

using nlohmann::json;
using queue::domain::AppointmentState;

constexpr std::size_t kMostForm = 4096;
constexpr int kCreated = 201;
constexpr std::size_t kDateSize = 10; ///< of "2026-11-26T10:30:00+08:00"

std::string valueIn(const std::map<std::string, std::string>& form, const std::string& name)
{
    const auto found = form.find(name);
    return found == form.end() ? std::string() : found->second;
}

/// The same wish put to the API, from the same customer.
net::Request wish(const net::Request& from, const json& body, const std::string& key,
                  std::map<std::string, std::string> params)
{
    net::Request request{.method = "POST",
                         .path = from.path,
                         .body = body.dump(-1, ' ', false, json::error_handler_t::replace),
                         .peer = from.peer,
                         .params = std::move(params)};
    request.headers.set("Idempotency-Key", key);
    return request;
}

/// Which of the page's words says why the API refused.
std::string noteFor(const net::Response& refusal, const Words& words)
{
    const auto problem = json::parse(refusal.body, nullptr, false);
    const auto code = problem.is_object() ? problem.value("code", std::string()) : std::string();
    return words.has(code) ? code : refusal.status == 429 ? "tooMany" : "failed";
}

/// The page that says so, with the status of what was refused.
net::Response refusedPage(net::Response page, const net::Response& refusal)
{
    if (page.status == 200) {
        page.status = refusal.status;
        if (const auto later = refusal.header("Retry-After"); !later.empty()) {
            page.headers.set("Retry-After", std::string(later));
        }
    }
    return page;
}

/// A form that another site's page sent in a visitor's name; ours are same-origin.
bool isForeign(const net::Request& request)
{
    return request.header("Sec-Fetch-Site") == "cross-site";
}

std::string memberOf(const net::Response& answer, const char* name)
{
    return json::parse(answer.body).at(name).get<std::string>();
}

} // namespace

void BookingPages::addTo(net::Router& router)
{
    // No log line of what holds a customer's key or name.
    const net::RouteOptions quiet{.maxBody = kMostForm, .log = false};
    router.add(
        "POST", "/o/{b}/take", [this](const auto& request) { return take(request); }, quiet);
    router.add("GET", "/o/{b}/take", [this](const auto& request) { // what a refusal left behind
        return seeOther(fmt::format("/o/{}?lang={}", m_parts.branch.id, languageOf(request)));
    });
    router.add("GET", "/o/{b}/book", [this](const auto& request) { return book(request); });
    router.add(
        "POST", "/o/{b}/book", [this](const auto& request) { return confirm(request); }, quiet);
    for (const char* method : {"GET", "POST"}) {
        router.add(
            method, "/t/{token}/move", [this](const auto& request) { return move(request); },
            quiet);
    }
}

net::Response BookingPages::busy(const net::Request& request) const
{
    return messagePage(request, 503, m_parts.branch, "busy");
}

net::Response BookingPages::take(const net::Request& request)
{
    const auto form = parseForm(request.body);
    if (request.param("b") != m_parts.branch.id || !form) {
        return messagePage(request, 404, m_parts.branch, "notHere");
    }
    if (isForeign(request)) {
        return messagePage(request, 403, m_parts.branch, "fromElsewhere");
    }
    const auto language = languageOf(request);
    const auto service = valueIn(*form, "service");
    const auto taken = m_parts.api.takeNumber(
        wish(request, {{"service", service}, {"language", language}, {"channel", "remote"}},
             valueIn(*form, "key") + ":" + service, {{"b", m_parts.branch.id}}),
        {});
    if (taken.status == kCreated) {
        return seeOther("/t/" + memberOf(taken, "token") + "?lang=" + language);
    }
    const auto published = m_parts.store.published();
    return refusedPage(html(request, 200,
                            outletPage({.branch = m_parts.branch,
                                        .queue = published->view,
                                        .now = m_parts.clock.now(),
                                        .key = randomUuid(),
                                        .note = noteFor(taken, Words::of("outlet", language))},
                                       language)),
                       taken);
}

net::Response BookingPages::book(const net::Request& request)
{
    auto chosen = request.query;
    for (const char* typed : {"key", "name", "phone"}) { // never out of a link
        chosen.erase(typed);
    }
    return bookPageWith(request, chosen, {});
}

net::Response BookingPages::bookPageWith(const net::Request& request, const Form& chosen,
                                         const std::string& note)
{
    if (request.param("b") != m_parts.branch.id) {
        return messagePage(request, 404, m_parts.branch, "notHere");
    }
    const auto key = valueIn(chosen, "key");
    BookView view{.branch = m_parts.branch,
                  .now = m_parts.clock.now(),
                  .key = key.empty() ? randomUuid() : key,
                  .name = valueIn(chosen, "name"),
                  .phone = valueIn(chosen, "phone"),
                  .note = note,
                  .service = m_parts.branch.service(valueIn(chosen, "service"))};
    if (view.service != nullptr && (view.service->seats == 0 || !view.service->open)) {
        view.service = nullptr;
    }
    if (view.service != nullptr &&
        !offer(view, valueIn(chosen, "date"), valueIn(chosen, "start"))) {
        return busy(request);
    }
    return html(request, 200, bookPage(view, languageOf(request)));
}

/// Without a script nothing was held while name and phone were typed.
net::Response BookingPages::confirm(const net::Request& request)
{
    const auto parsed = parseForm(request.body);
    if (!parsed || request.param("b") != m_parts.branch.id) {
        return book(request);
    }
    if (isForeign(request)) {
        return messagePage(request, 403, m_parts.branch, "fromElsewhere");
    }
    auto form = *parsed;
    const auto& words = Words::of("book", languageOf(request));
    const auto key = valueIn(form, "key");
    const auto held = m_parts.api.bookings().hold(
        wish(request, {{"service", valueIn(form, "service")}, {"start", valueIn(form, "start")}},
             key, {{"b", m_parts.branch.id}}),
        {});
    form["date"] = valueIn(form, "start").substr(0, kDateSize);
    if (held.status != kCreated) {
        form.erase("start"); // another one is to be chosen
        form.erase("key");
        return refusedPage(bookPageWith(request, form, noteFor(held, words)), held);
    }
    const auto name = valueIn(form, "name");
    const auto phone = valueIn(form, "phone");
    const auto booked = m_parts.api.bookings().confirm(
        wish(request, {{"name", name}, {"phone", phone}, {"language", words.language()}},
             queue::api::tokenHash(key + name + phone), {{"h", memberOf(held, "id")}}),
        {});
    if (booked.status != kCreated) {
        const auto note = noteFor(booked, words);
        if (note == "hold-lapsed" || note == "unknown-hold") { // another one is to be asked for
            form.erase("key");
        }
        return refusedPage(bookPageWith(request, form, note), booked);
    }
    return seeOther("/t/" + memberOf(booked, "token") + "?lang=" + words.language());
}

net::Response BookingPages::move(const net::Request& request)
{
    const auto found = m_parts.api.appointmentOf(request.param("token"));
    if (!found) {
        return busy(request);
    }
    if (!*found || (*found)->appointment.state != AppointmentState::Booked) {
        return seeOther(ownAddress(request)); // which says what has become of it
    }
    const auto& moving = (*found)->appointment;
    const auto form = parseForm(request.body);
    if (request.method != "POST" || !form) {
        return movePageWith(request, moving, {});
    }
    const auto start = fromRfc3339(valueIn(*form, "start"));
    if (start && *start == moving.start && numberIn(*form, "version") < moving.version) {
        return seeOther(ownAddress(request)); // sent twice, and done
    }
    const auto& words = Words::of("book", languageOf(request, moving.language));
    const queue::api::Caller owner{.role = queue::api::Role::Customer, .name = {}};
    const auto held = m_parts.api.bookings().hold(
        wish(request, {{"service", moving.service}, {"start", valueIn(*form, "start")}},
             randomUuid(), {{"b", m_parts.branch.id}}),
        owner);
    const auto doneByTwin = [&] { // the same form, sent twice at once
        const auto meanwhile = m_parts.api.appointmentOf(request.param("token"));
        return meanwhile && *meanwhile && start && (*meanwhile)->appointment.start == *start;
    };
    if (held.status != kCreated) {
        return doneByTwin()
                   ? seeOther(ownAddress(request))
                   : refusedPage(movePageWith(request, moving, noteFor(held, words)), held);
    }
    const auto hold = memberOf(held, "id");
    auto swap = wish(request, {{"hold", hold}}, {}, {{"id", moving.id}});
    swap.headers.set("If-Match", fmt::format("\"{}\"", numberIn(*form, "version")));
    const auto moved = m_parts.api.bookings().move(swap, owner);
    if (moved.status == 200) {
        return seeOther(ownAddress(request));
    }
    static_cast<void>(m_parts.api.bookings().release(wish(request, {}, {}, {{"h", hold}}), owner));
    return doneByTwin() ? seeOther(ownAddress(request))
                        : refusedPage(movePageWith(request, moving, "changed"), moved);
}

net::Response BookingPages::movePageWith(const net::Request& request,
                                         const queue::domain::Appointment& moving,
                                         const std::string& note)
{
    BookView view{.branch = m_parts.branch,
                  .now = m_parts.clock.now(),
                  .moving = &moving,
                  .token = std::string(request.param("token")),
                  .note = note,
                  .service = m_parts.branch.service(moving.service)};
    if (view.service == nullptr) {
        return seeOther(ownAddress(request));
    }
    const auto start = note.empty() ? request.queryValue("start") : std::string_view();
    if (!offer(view, request.queryValue("date"), start)) {
        return busy(request);
    }
    return html(request, 200, bookPage(view, languageOf(request, moving.language)));
}

bool BookingPages::offer(BookView& view, std::string_view date, std::string_view start)
{
    view.date = queue::domain::dateFromText(date);
    const auto read = m_parts.store.read([&](const queue::domain::Branch& branch) {
        const auto slotsOn = [&](std::chrono::year_month_day day) {
            return branch.bookings().slots(m_parts.branch, *view.service, day,
                                           {view.now, view.now});
        };
        if (view.date) {
            view.slots = slotsOn(*view.date);
            return;
        }
        const std::chrono::sys_days today(
            queue::domain::localDate(m_parts.branch.timeZone, view.now));
        for (int day = 0; day <= m_parts.branch.booking.daysAhead; ++day) {
            const auto slots = slotsOn(today + std::chrono::days(day));
            view.days.emplace_back(
                today + std::chrono::days(day),
                std::ranges::any_of(slots, [](const auto& slot) { return slot.free > 0; }));
        }
    });
    const auto time = fromRfc3339(std::string(start));
    const auto found = std::ranges::find_if(
        view.slots, [&](const auto& slot) { return time && slot.start == *time; });
    if (found != view.slots.end()) {
        view.slot = *found;
    }
    return read.has_value();
}

} // namespace guichet::hub
