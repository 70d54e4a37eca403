// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/counter_page.h"

#include <fmt/format.h>

#include "cloudbranch/server/html.h"
#include "cloudbranch/server/phrases.h"

namespace guichet::hub {

std::string counterPage(const queue::domain::BranchSettings& branch, const std::string& language)
{
    const auto& words = Words::of("counter", language);
    return render({.words = words,
                   .title = words("title"),
                   .outlet = nameIn(branch.names, language),
                   .style = "counter.css",
                   .script = "counter.js",
                   .speaks = true,
                   .data = fmt::format(" class=\"counter\" data-branch=\"{}\"", escaped(branch.id)),
                   .main = fmt::format("<noscript><p class=\"note\">{}</p></noscript>",
                                       words("scriptNeeded"))});
}

} // namespace guichet::hub
