// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/visit_page.h"

#include <fmt/format.h>

#include "cloudbranch/server/appointment_page.h"
#include "cloudbranch/server/html.h"
#include "cloudbranch/server/phrases.h"
#include "cloudbranch/server/qr_svg.h"

namespace guichet::hub {
namespace {

using queue::domain::VisitState;

std::string row(const std::string& name, const std::string& value)
{
    return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", escaped(name), escaped(value));
}

std::string headline(const std::string& text, const std::string& below = {})
{
    return fmt::format("<p class=\"state\">{}</p>", escaped(text)) +
           (below.empty() ? "" : fmt::format("<p class=\"below\">{}</p>", escaped(below)));
}

std::string waiting(const VisitView& view, const Words& words)
{
    const auto& outlook = *view.outlook;
    std::string rows;
    if (outlook.ahead > 0) {
        rows += row(words("ahead"), words("ahead.n", {{"n", std::to_string(outlook.ahead)}}));
    }
    rows += row(words("wait"), waitPhrase(outlook.wait, words));
    if (const auto until = stepOutUntil(outlook.wait, view.now)) {
        rows += row(words("stepOut"),
                    words("stepOut.time", {{"time", minuteOf(*until, view.branch.timeZone)}}));
    }
    const auto next = outlook.ahead == 0 ? headline(words("next")) : std::string();
    return fmt::format("{}<dl class=\"rows\">{}</dl><p class=\"below\">{}</p>", next, rows,
                       words("listen"));
}

std::string remote(const VisitView& view, const Words& words)
{
    const auto how =
        view.visit.arriveBy
            ? words("remote.do", {{"time", minuteOf(*view.visit.arriveBy, view.branch.timeZone)}})
            : words("remote.noTime");
    const auto code =
        view.visit.code.empty()
            ? std::string()
            : "<dl class=\"rows\">" + row(words("typed"), groupedCode(view.visit.code)) + "</dl>";
    return headline(words("remote"), how) + qrSvg(view.checkInCode, words("code")) + code;
}

std::string ended(const VisitView& view, const Words& words)
{
    const std::string state(name(view.visit.state));
    return headline(words(state), words(state + ".do")) +
           fmt::format("<p><a class=\"button quiet\" href=\"/o/{}?lang={}\">{}</a></p>",
                       escaped(view.branch.id), words.language(), words("again"));
}

std::string standing(const VisitView& view, const Words& words)
{
    const auto& visit = view.visit;
    const std::string counter = visit.counter;
    switch (visit.state) {
    case VisitState::Remote:
        return remote(view, words);
    case VisitState::Called:
        return headline(words("called.go", {{"counter", counter}}), words("called.note"));
    case VisitState::Serving:
        return headline(words("serving"), words("serving.at", {{"counter", counter}}));
    case VisitState::Parked:
        return headline(words("parked"), words("parked.do", {{"counter", counter}}));
    case VisitState::Waiting:
        return view.outlook ? waiting(view, words) : std::string();
    default:
        return ended(view, words);
    }
}

/// A step behind a question: opens without a script, and a second touch does it.
std::string step(const VisitView& view, const Words& words, const std::string& key,
                 const char* path)
{
    return fmt::format("<details class=\"step\" data-step=\"{}\"><summary>{}</summary>"
                       "<p>{}</p><form method=\"post\" action=\"/t/{}/{}?lang={}\">"
                       "<input type=\"hidden\" name=\"version\" value=\"{}\">"
                       "<button class=\"button\">{}</button></form></details>",
                       path, words(key), words(key + ".do"), escaped(view.token), path,
                       words.language(), view.visit.version, words(key + ".yes"));
}

std::string steps(const VisitView& view, const Words& words)
{
    std::string all;
    if (view.mayBeLate) {
        all += step(view, words, "late", "late");
    }
    if (!view.pushKey.empty() && view.visit.state == VisitState::Waiting) {
        all += fmt::format("<div data-push=\"{}\" data-on=\"{}\" data-denied=\"{}\" "
                           "data-failed=\"{}\" hidden><button type=\"button\" "
                           "class=\"button quiet\">{}</button><p role=\"status\"></p></div>",
                           view.pushKey, words("push.on"), words("push.denied"),
                           words("push.failed"), words("push"));
    }
    const auto state = view.visit.state;
    if (state == VisitState::Remote || state == VisitState::Waiting ||
        state == VisitState::Parked) {
        all += step(view, words, "giveUp", "give-up");
    }
    return all.empty() ? "" : "<section class=\"steps\">" + all + "</section>";
}

/// What a screen reader says when it has changed, and the page's title.
std::string spoken(const VisitView& view, const Words& words)
{
    const auto& visit = view.visit;
    const auto label = visit.ticket.label();
    switch (visit.state) {
    case VisitState::Called:
        return label + ": " + words("called.go", {{"counter", visit.counter}});
    case VisitState::Waiting:
        if (view.outlook && view.outlook->ahead > 0) {
            return fmt::format("{}: {} {}", label, words("ahead"),
                               words("ahead.n", {{"n", std::to_string(view.outlook->ahead)}}));
        }
        return label + ": " + words("next");
    default:
        return label + ": " + words(std::string(name(visit.state)));
    }
}

} // namespace

std::string visitPage(const VisitView& view, const std::string& language)
{
    const auto& words = Words::of("visit", language);
    const auto& visit = view.visit;
    const auto* service = view.branch.service(visit.service);
    const auto label = escaped(visit.ticket.label());
    const bool live = !isTerminal(visit.state);
    const auto note = view.note.empty() ? std::string()
                                        : fmt::format("<p class=\"note\">{}</p>", words(view.note));
    const auto body = fmt::format(
        "{}<article class=\"ticket {}\"><h1><span class=\"service\">{}</span>"
        "<span class=\"hidden\">{} </span><span class=\"number\">{}</span></h1>{}</article>"
        "<p class=\"age\" data-age>{}</p>{}<noscript><p class=\"age\">{}</p></noscript>",
        note, name(visit.state),
        service == nullptr ? "" : escaped(nameIn(service->names, language)), words("number"), label,
        standing(view, words), words("asOf", {{"time", secondOf(view.now, view.branch.timeZone)}}),
        steps(view, words), live ? words("needsScript") : "");
    const auto data = fmt::format(
        " data-branch=\"{}\" data-now=\"{}\" data-position=\"{}\" data-state=\"{}\" "
        "data-address=\"/t/{}?lang={}\" data-say=\"{}\"",
        escaped(view.branch.id), toRfc3339(view.now, view.branch.timeZone), view.position,
        name(visit.state), escaped(view.token), language, escaped(spoken(view, words)));
    return render({.words = words,
                   .title = spoken(view, words),
                   .outlet = nameIn(view.branch.names, language),
                   .script = live ? "visit.js" : "",
                   .data = data,
                   .main = body,
                   .refreshes = live});
}

std::string unknownVisitPage(const queue::domain::BranchSettings& branch,
                             const std::string& language)
{
    const auto& words = Words::of("visit", language);
    return render({.words = words,
                   .title = words("unknown"),
                   .outlet = nameIn(branch.names, language),
                   .main = fmt::format("<article class=\"ticket\"><h1 class=\"state\">{}</h1>"
                                       "<p class=\"below\">{}</p></article>",
                                       words("unknown"), words("unknown.do"))});
}

} // namespace guichet::hub
