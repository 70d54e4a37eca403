// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/display_page.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "cloudbranch/server/html.h"
#include "cloudbranch/server/phrases.h"

namespace guichet::hub {
namespace {

constexpr std::size_t kShownCalls = 5;

const Words& chinese()
{
    return Words::of("display", "zh-CN");
}

const Words& english()
{
    return Words::of("display", "en");
}

std::string both(const std::string& one, const std::string& other)
{
    return fmt::format("{} <span lang=\"en\">{}</span>", escaped(one), escaped(other));
}

std::string both(const std::string& key)
{
    return both(chinese()(key), english()(key));
}

std::string counter(const std::string& id)
{
    return both(chinese()("counter", {{"counter", id}}), english()("counter", {{"counter", id}}));
}

std::string nowCalling(const queue::domain::PublicView& queue)
{
    if (queue.calls.empty()) {
        return fmt::format("<p class=\"quiet\">{}</p>", both("quiet"));
    }
    const auto& call = queue.calls.front();
    return fmt::format("<p class=\"lead\">{}</p><p class=\"ticket\">{}</p><p class=\"to\">{}</p>",
                       both(call.recall ? "recall" : "title"), escaped(call.ticket),
                       counter(call.counter));
}

std::string before(const queue::domain::PublicView& queue)
{
    std::string rows;
    std::vector<std::string> shown;
    for (const auto& call : queue.calls) {
        const bool repeated = std::ranges::find(shown, call.ticket) != shown.end();
        if (!repeated && shown.size() <= kShownCalls) {
            if (!shown.empty()) { // the first one is the call now
                rows += fmt::format("<li><b>{}</b><span>{}</span></li>", escaped(call.ticket),
                                    counter(call.counter));
            }
            shown.push_back(call.ticket);
        }
    }
    return "<ol>" + rows + "</ol>";
}

std::string lines(const OutletView& view)
{
    std::string rows;
    for (const auto& status : view.queue.services) {
        const auto& names = view.branch.service(status.id)->names;
        rows += fmt::format("<li><span class=\"name\">{}</span><b>{}</b></li>",
                            both(nameIn(names, "zh-CN"), nameIn(names, "en")),
                            status.open ? std::to_string(status.waiting) : both("closed"));
    }
    return "<ul>" + rows + "</ul>";
}

} // namespace

std::string displayPage(const OutletView& view)
{
    const auto& names = view.branch.names;
    const auto main = fmt::format(
        "<section class=\"now\" data-part=\"now\" aria-live=\"assertive\">{}</section>"
        "<section class=\"recent\"><h2>{}</h2><div data-part=\"recent\">{}</div></section>"
        "<section class=\"lines\"><h2>{}</h2><div data-part=\"lines\">{}</div></section>"
        "<footer><h1>{}</h1><p class=\"age\" data-lost hidden></p>"
        "<button class=\"button\" data-sound hidden>{}</button>"
        "<p class=\"clock\" data-clock>{}</p></footer>",
        nowCalling(view.queue), both("recent"), before(view.queue), both("waiting"), lines(view),
        both(nameIn(names, "zh-CN"), nameIn(names, "en")), both("sound"),
        minuteOf(view.now, view.branch.timeZone));
    return render(
        {.words = chinese(),
         .title = chinese()("title") + " " + nameIn(names, "zh-CN"),
         .style = "display.css",
         .script = "display.js",
         .speaks = true,
         .data = fmt::format(" class=\"display\" data-branch=\"{}\" data-now=\"{}\" "
                             "data-position=\"{}\" data-words-en=\"{}\"",
                             escaped(view.branch.id), toRfc3339(view.now, view.branch.timeZone),
                             view.queue.position, escaped(english().json())),
         .main = main,
         .refreshes = true,
         .topBar = false});
}

} // namespace guichet::hub
