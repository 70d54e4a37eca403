// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/html.h"

#include <fmt/format.h>

#include "cloudbranch/server/assets.h"

namespace guichet::hub {
namespace {

constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'{}; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

std::string topBar(const Page& page)
{
    if (!page.topBar) {
        return {};
    }
    const auto& words = page.words;
    return fmt::format("<header class=\"bar\"><a class=\"outlet\" href=\"/?lang={}\">{}</a>"
                       "<a class=\"chip\" href=\"?lang={}{}\" lang=\"{}\" hreflang=\"{}\">{}</a>"
                       "</header>",
                       words.language(), escaped(page.outlet), words("otherTag"), page.choice,
                       words("otherTag"), words("otherTag"), words("otherLanguage"));
}

} // namespace

std::string escaped(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (const char letter : text) {
        switch (letter) {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        case '"':
            result += "&quot;";
            break;
        case '\'':
            result += "&#39;";
            break;
        default:
            result += letter;
        }
    }
    return result;
}

std::string render(const Page& page)
{
    const auto refresh =
        page.refreshes ? "<noscript><meta http-equiv=\"refresh\" content=\"20\"></noscript>" : "";
    const auto script =
        page.script.empty()
            ? std::string()
            : fmt::format("<script type=\"module\" src=\"{}\"></script>", assetPath(page.script));
    const auto words =
        page.script.empty()
            ? std::string()
            : fmt::format(
                  " data-words=\"{}\"",
                  escaped((page.speaks ? page.words : Words::of("site", page.words.language()))
                              .json()));
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        "<meta name=\"referrer\" content=\"no-referrer\"><meta name=\"color-scheme\" "
        "content=\"light\"><title>{}</title><link rel=\"stylesheet\" href=\"{}\">"
        "<link rel=\"icon\" type=\"image/svg+xml\" href=\"{}\">{}{}</head>\n"
        "<body><a class=\"skip\" href=\"#main\">{}</a>{}\n<main id=\"main\" tabindex=\"-1\"{}{}>"
        "{}</main></body></html>\n",
        page.words.language(), escaped(page.title), assetPath(page.style), assetPath("icon.svg"),
        refresh, script, page.words("skip"), topBar(page), page.data, words, page.main);
}

net::Response html(const net::Request& request, int status, std::string text, Scripts scripts)
{
    const char* more = scripts == Scripts::WebAssembly ? " 'wasm-unsafe-eval'" : "";
    net::Response response{.status = status,
                           .contentType = "text/html; charset=utf-8",
                           .headers = {{"Cache-Control", "no-store"},
                                       {"Referrer-Policy", "no-referrer"},
                                       {"X-Content-Type-Options", "nosniff"},
                                       {"Content-Security-Policy", fmt::format(kPolicy, more)}},
                           .body = std::move(text)};
    compress(request, response);
    return response;
}

} // namespace guichet::hub
