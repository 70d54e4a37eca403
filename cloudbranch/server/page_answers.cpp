// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/page_answers.h"

#include <utility>

#include <fmt/format.h>

#include "cloudbranch/server/html.h"
#include "cloudbranch/server/phrases.h"

namespace guichet::hub {

std::string languageOf(const net::Request& request)
{
    return pageLanguage(request.queryValue("lang"), request.header("Accept-Language"));
}

std::string languageOf(const net::Request& request, const std::string& own)
{
    const auto wish = request.queryValue("lang");
    return pageLanguage(wish.empty() ? own : wish, request.header("Accept-Language"));
}

net::Response seeOther(std::string location)
{
    return {.status = 303,
            .headers = {{"Location", std::move(location)}, {"Cache-Control", "no-store"}}};
}

std::string ownAddress(const net::Request& request)
{
    const auto wish = request.queryValue("lang");
    return fmt::format("/t/{}{}", request.param("token"),
                       wish.empty() ? "" : "?lang=" + pageLanguage(wish, {}));
}

net::Response messagePage(const net::Request& request, int status,
                          const queue::domain::BranchSettings& branch, const std::string& key)
{
    const auto& words = Words::of("outlet", languageOf(request));
    return html(request, status,
                render({.words = words,
                        .title = words(key),
                        .outlet = nameIn(branch.names, words.language()),
                        .main = fmt::format("<article class=\"ticket\"><h1 class=\"state\">{}</h1>"
                                            "<p class=\"below\">{}</p><p><a class=\"button quiet\" "
                                            "href=\"/?lang={}\">{}</a></p></article>",
                                            words(key), words(key + ".do"), words.language(),
                                            words("home"))}));
}

} // namespace guichet::hub
