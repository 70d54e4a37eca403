// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/outlet_page.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <sstream>

#include <fmt/format.h>

#include "cloudbranch/server/html.h"
#include "cloudbranch/server/phrases.h"
#include "peripherals/net/http_codec.h"

namespace guichet::hub {
namespace {

constexpr std::size_t kShownCalls = 4;

std::string openMark(const OutletView& view, const Words& words)
{
    const bool open = view.queue.day.open;
    return fmt::format("<span class=\"mark {}\">{}</span>", open ? "open" : "shut",
                       words(open ? "open" : "shut"));
}

std::string asOf(const OutletView& view, const Words& words)
{
    return fmt::format("<p class=\"age\" data-age>{}</p>",
                       words("asOf", {{"time", secondOf(view.now, view.branch.timeZone)}}));
}

/// How to get in from afar.
std::string ways(const OutletView& view, const queue::domain::ServiceSettings& service, bool open,
                 const Words& words)
{
    std::string all;
    const auto name = escaped(nameIn(service.names, words.language()));
    if (service.remote && open) {
        all += fmt::format("<button class=\"button\" form=\"take\" name=\"service\" value=\"{}\" "
                           "aria-label=\"{}: {}\">{}</button>",
                           escaped(service.id), words("take"), name, words("take"));
    }
    if (service.seats > 0 && service.open) {
        all += fmt::format("<a class=\"button quiet\" aria-label=\"{}: {}\" "
                           "href=\"/o/{}/book?lang={}&amp;service={}\">{}</a>",
                           words("book"), name, escaped(view.branch.id), words.language(),
                           net::percentEncode(service.id, ""), words("book"));
    }
    return all.empty() ? all : "<span class=\"ways\">" + all + "</span>";
}

std::string spans(const std::vector<queue::domain::OpeningHours::Span>& open, const Words& words)
{
    std::string text;
    for (const auto& [from, to] : open) {
        text += fmt::format("{}{:02}:{:02}–{:02}:{:02}", text.empty() ? "" : ", ",
                            from.count() / 60, from.count() % 60, to.count() / 60, to.count() % 60);
    }
    return text.empty() ? words("dayClosed") : text;
}

std::string facts(const OutletView& view, const Words& words)
{
    std::string all;
    if (!view.branch.address.empty()) {
        all +=
            fmt::format("<section class=\"card\" aria-labelledby=\"address\"><h2 "
                        "id=\"address\">{}</h2><p>{}</p></section>",
                        words("address"), escaped(nameIn(view.branch.address, words.language())));
    }
    const auto& hours = view.branch.hours;
    const auto known = [](const auto& day) { return !day.empty(); };
    if (std::ranges::none_of(hours.weekly, known)) {
        return all; // not configured
    }
    std::string rows;
    const std::chrono::sys_days today(queue::domain::localDate(view.branch.timeZone, view.now));
    std::istringstream names(words("weekdays"));
    const auto current = std::chrono::weekday(today).iso_encoding() - 1;
    for (unsigned day = 0; day < hours.weekly.size(); ++day) {
        std::string weekday;
        names >> weekday;
        const auto date = today + std::chrono::days((day + 7 - current) % 7);
        rows += fmt::format("<div{}><dt>{}</dt><dd>{}</dd></div>",
                            day == current ? " class=\"now\"" : "", weekday,
                            spans(hours.on(date), words)); // the next such day, holidays included
    }
    return all + fmt::format("<section class=\"card\" aria-labelledby=\"hours\"><h2 id=\"hours\">{}"
                             "</h2><dl class=\"facts\">{}</dl></section>",
                             words("hours"), rows);
}

std::string services(const OutletView& view, const Words& words)
{
    std::string rows;
    for (const auto& status : view.queue.services) {
        const auto* service = view.branch.service(status.id);
        rows += fmt::format(
            "<li data-service=\"{}\"><span class=\"name\">{}</span><span class=\"wait\">{}</span>"
            "<span class=\"people\">{}</span>{}</li>",
            escaped(status.id), escaped(nameIn(service->names, words.language())),
            status.open ? waitPhrase(status.wait, words) : words("closed"),
            peoplePhrase(status.waiting, words), ways(view, *service, status.open, words));
    }
    return "<ul class=\"services\" data-part=\"services\">" + rows + "</ul>";
}

std::string calls(const OutletView& view, const Words& words)
{
    std::string rows;
    const auto shown = std::min(view.queue.calls.size(), kShownCalls);
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& call = view.queue.calls[i];
        rows += fmt::format("<li>{}</li>", escaped(words("call", {{"ticket", call.ticket},
                                                                  {"counter", call.counter}})));
    }
    return fmt::format("<ol class=\"calls\" data-part=\"calls\">{}</ol>",
                       rows.empty() ? "<li>" + words("noCalls") + "</li>" : rows);
}

std::string data(const OutletView& view)
{
    return fmt::format(" data-branch=\"{}\" data-now=\"{}\" data-position=\"{}\"",
                       escaped(view.branch.id), toRfc3339(view.now, view.branch.timeZone),
                       view.queue.position);
}

} // namespace

std::string outletsPage(const OutletView& view, const std::string& language)
{
    const auto& words = Words::of("outlet", language);
    const auto& all = view.queue.services;
    const auto waiting =
        std::accumulate(all.begin(), all.end(), std::size_t(0),
                        [](std::size_t sum, const auto& status) { return sum + status.waiting; });
    const auto name = escaped(nameIn(view.branch.names, language));
    const auto total =
        waiting == 0 ? words("total.0") : words("total", {{"n", std::to_string(waiting)}});
    const auto body =
        fmt::format("<h1>{}</h1><ul class=\"outlets\"><li><a class=\"card\" href=\"/o/{}?lang={}\">"
                    "<span class=\"name\">{}</span>{}<span class=\"people\" "
                    "data-part=\"total\">{}</span></a></li></ul>"
                    "{}",
                    words("outlets"), escaped(view.branch.id), language, name,
                    openMark(view, words), total, asOf(view, words));
    return render({.words = words,
                   .title = words("outlets"),
                   .outlet = nameIn(view.branch.names, language),
                   .script = "outlet.js",
                   .data = data(view),
                   .main = body,
                   .refreshes = true});
}

std::string outletPage(const OutletView& view, const std::string& language)
{
    const auto& words = Words::of("outlet", language);
    const auto name = nameIn(view.branch.names, language);
    const auto body = fmt::format(
        "<h1>{} {}</h1><div role=\"alert\">{}</div><form id=\"take\" method=\"post\" "
        "action=\"/o/{}/take?lang={}\"><input type=\"hidden\" name=\"key\" value=\"{}\"></form>"
        "<section class=\"card\" aria-labelledby=\"waiting\">"
        "<h2 id=\"waiting\">{}</h2>{}{}</section>"
        "<section class=\"card\" aria-labelledby=\"calls\"><h2 id=\"calls\">{}</h2>{}</section>{}",
        escaped(name), openMark(view, words),
        view.note.empty() ? "" : "<p class=\"note\">" + words(view.note) + "</p>",
        escaped(view.branch.id), language, escaped(view.key), words("waiting"),
        services(view, words), asOf(view, words), words("calls"), calls(view, words),
        facts(view, words));
    return render({.words = words,
                   .title = name,
                   .outlet = name,
                   .script = "outlet.js",
                   .speaks = true,
                   .data = data(view),
                   .main = body,
                   .refreshes = true});
}

} // namespace guichet::hub
