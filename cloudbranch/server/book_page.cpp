// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/book_page.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "cloudbranch/server/html.h"
#include "cloudbranch/server/phrases.h"
#include "peripherals/net/http_codec.h"

namespace guichet::hub {
namespace {

constexpr auto kNoon = 12;
constexpr auto kEvening = 18;

std::string address(const BookView& view, const Words& words, const std::string& choice)
{
    return view.moving != nullptr
               ? fmt::format("/t/{}/move?lang={}{}", escaped(view.token), words.language(), choice)
               : fmt::format("/o/{}/book?lang={}{}", escaped(view.branch.id), words.language(),
                             choice);
}

std::string chosen(const BookView& view)
{
    std::string choice;
    if (view.service != nullptr && view.moving == nullptr) {
        choice += "&amp;service=" + net::percentEncode(view.service->id, "");
    }
    if (view.date) {
        choice += "&amp;date=" + queue::domain::dateText(*view.date);
    }
    return choice;
}

std::string choiceLink(const std::string& href, const std::string& text, const std::string& small)
{
    return fmt::format("<li><a class=\"card choice\" href=\"{}\"><b>{}</b><span>{}</span></a></li>",
                       href, escaped(text), escaped(small));
}

std::string services(const BookView& view, const Words& words)
{
    std::string rows;
    for (const auto& service : view.branch.services) {
        if (service.seats > 0 && service.open) {
            rows += choiceLink(
                address(view, words, "&amp;service=" + net::percentEncode(service.id, "")),
                nameIn(service.names, words.language()), "");
        }
    }
    return rows.empty() ? "<p class=\"note\">" + words("noneBookable") + "</p>"
                        : "<ul>" + rows + "</ul>";
}

std::string days(const BookView& view, const Words& words)
{
    std::string rows;
    for (const auto& [date, free] : view.days) {
        const auto text = dayPhrase(date, view.now, view.branch.timeZone, words.language());
        rows +=
            free ? choiceLink(address(view, words,
                                      chosen(view) + "&amp;date=" + queue::domain::dateText(date)),
                              text, words("free"))
                 : fmt::format("<li><span class=\"card choice full\"><b>{}</b><span>{}</span>"
                               "</span></li>",
                               text, words("full"));
    }
    return "<ul>" + rows + "</ul>";
}

std::string times(const BookView& view, const Words& words)
{
    const std::pair<const char*, int> parts[] = {
        {"morning", kNoon}, {"afternoon", kEvening}, {"evening", 24}};
    std::string all;
    int from = 0;
    for (const auto& [part, until] : parts) {
        std::string rows;
        for (const auto& slot : view.slots) {
            const auto start = toRfc3339(slot.start, view.branch.timeZone);
            const int hour = std::stoi(start.substr(11, 2));
            if (slot.free > 0 && hour >= from && hour < until) {
                rows += fmt::format(
                    "<li><a class=\"time\" href=\"{}\">{}</a></li>",
                    address(view, words,
                            chosen(view) + "&amp;start=" + net::percentEncode(start, "")),
                    start.substr(11, 5));
            }
        }
        from = until;
        if (!rows.empty()) {
            all += fmt::format("<h2>{}</h2><ul class=\"times\">{}</ul>", words(part), rows);
        }
    }
    return all.empty() ? "<p class=\"note\">" + words("noneFree") + "</p>" : all;
}

std::string bringList(const BookView& view, const Words& words)
{
    const auto found = view.service->bring.find(words.language());
    if (found == view.service->bring.end()) {
        return {};
    }
    std::string rows;
    for (const auto& thing : found->second) {
        rows += "<li>" + escaped(thing) + "</li>";
    }
    return fmt::format("<h2>{}</h2><ul class=\"bring\">{}</ul>", words("bring"), rows);
}

std::string form(const BookView& view, const Words& words)
{
    return fmt::format(
        "<form class=\"card\" method=\"post\" action=\"{}\" data-book>"
        "<input type=\"hidden\" name=\"service\" value=\"{}\">"
        "<input type=\"hidden\" name=\"start\" value=\"{}\">"
        "<input type=\"hidden\" name=\"key\" value=\"{}\">"
        "<label>{}<input name=\"name\" autocomplete=\"name\" required maxlength=\"80\" "
        "value=\"{}\"></label><label>{}<input name=\"phone\" type=\"tel\" autocomplete=\"tel\" "
        "inputmode=\"tel\" required maxlength=\"24\" aria-describedby=\"why\" value=\"{}\">"
        "</label><p id=\"why\" class=\"below\">{}</p>"
        "<p class=\"age\" role=\"status\" data-held></p>{}"
        "<button class=\"button wide\">{}</button></form>",
        address(view, words, chosen(view)), escaped(view.service->id),
        toRfc3339(view.slot->start, view.branch.timeZone), escaped(view.key), words("name"),
        escaped(view.name), words("phone"), escaped(view.phone), words("phone.why"),
        bringList(view, words), words("confirm"));
}

/// "Today 26/11 Thu 10:30"
std::string timePhrase(const BookView& view, Instant start, const Words& words)
{
    const auto& zone = view.branch.timeZone;
    return dayPhrase(queue::domain::localDate(zone, start), view.now, zone, words.language()) +
           " " + minuteOf(start, zone);
}

/// A swap, so that the customer has one of the two times whatever happens.
std::string moveForm(const BookView& view, const Words& words)
{
    return fmt::format("<form class=\"card\" method=\"post\" action=\"{}\"><p class=\"from\">{}</p>"
                       "<input type=\"hidden\" name=\"start\" value=\"{}\">"
                       "<input type=\"hidden\" name=\"version\" value=\"{}\">"
                       "<button class=\"button wide\">{}</button></form>",
                       address(view, words, chosen(view)),
                       words("move.from", {{"when", timePhrase(view, view.moving->start, words)}}),
                       toRfc3339(view.slot->start, view.branch.timeZone), view.moving->version,
                       words("move.to", {{"when", timePhrase(view, view.slot->start, words)}}));
}

/// What is chosen already, each a way back to choosing it again.
std::string trail(const BookView& view, const Words& words)
{
    std::string steps;
    const auto link = [&](const std::string& href, const std::string& text) {
        steps += fmt::format("<li><a href=\"{}\">{}</a></li>", href, escaped(text));
    };
    const auto add = [&](const std::string& choice, const std::string& text) {
        link(address(view, words, choice), text);
    };
    if (view.moving != nullptr) {
        link(fmt::format("/t/{}?lang={}", escaped(view.token), words.language()),
             timePhrase(view, view.moving->start, words));
    }
    if (view.service != nullptr) {
        const auto name = nameIn(view.service->names, words.language());
        std::string service;
        if (view.moving == nullptr) {
            add("", name);
            service = "&amp;service=" + net::percentEncode(view.service->id, "");
        }
        if (view.date) {
            add(service, dayPhrase(*view.date, view.now, view.branch.timeZone, words.language()));
        }
        if (view.slot) {
            add(chosen(view), minuteOf(view.slot->start, view.branch.timeZone));
        }
    }
    return steps.empty() ? "" : "<ol class=\"trail\">" + steps + "</ol>";
}

} // namespace

std::string dayPhrase(std::chrono::year_month_day date, Instant now, const std::string& zone,
                      const std::string& language)
{
    const auto& words = Words::of("book", language);
    const std::chrono::sys_days day(date);
    const auto away = day - std::chrono::sys_days(queue::domain::localDate(zone, now));
    std::istringstream names(words("weekdays"));
    std::string weekday;
    for (auto i = std::chrono::weekday(day).iso_encoding(); i > 0; --i) {
        names >> weekday;
    }
    auto text = words("date", {{"day", std::to_string(unsigned(date.day()))},
                               {"month", std::to_string(unsigned(date.month()))}}) +
                " " + weekday;
    if (away.count() == 0 || away.count() == 1) {
        return words(away.count() == 0 ? "today" : "tomorrow") + " " + text;
    }
    return text;
}

std::string bookPage(const BookView& view, const std::string& language)
{
    const auto& words = Words::of("book", language);
    std::string question = "service";
    std::string choices;
    if (view.service == nullptr) {
        choices = services(view, words);
    } else if (!view.date) {
        question = "day";
        choices = days(view, words);
    } else if (!view.slot) {
        question = "time";
        choices = times(view, words);
    } else {
        question = view.moving != nullptr ? "move" : "who";
        choices = view.moving != nullptr ? moveForm(view, words) : form(view, words);
    }
    const auto name = nameIn(view.branch.names, language);
    const auto start =
        view.slot ? "&amp;start=" +
                        net::percentEncode(toRfc3339(view.slot->start, view.branch.timeZone), "")
                  : std::string();
    return render(
        {.words = words,
         .title = words(view.moving != nullptr ? "move" : "title") + " · " + name,
         .outlet = name,
         .script = view.slot && view.moving == nullptr ? "book.js" : "",
         .speaks = true,
         .data = fmt::format(" class=\"book\" data-branch=\"{}\"", escaped(view.branch.id)),
         .main = fmt::format(
             "{}<h1>{}</h1><div role=\"alert\">{}</div>{}", trail(view, words), words(question),
             view.note.empty() ? "" : "<p class=\"note\">" + words(view.note) + "</p>", choices),
         .choice = chosen(view) + start});
}

} // namespace guichet::hub
