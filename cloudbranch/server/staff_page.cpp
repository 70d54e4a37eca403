// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/staff_page.h"

#include <fmt/format.h>

#include "cloudbranch/server/html.h"
#include "cloudbranch/server/phrases.h"

namespace guichet::hub {

std::string staffPage(const std::string& name, const queue::domain::BranchSettings& branch,
                      const std::string& language)
{
    const auto& words = Words::of(name, language);
    return render(
        {.words = words,
         .title = words("title"),
         .outlet = nameIn(branch.names, language),
         .style = name + ".css",
         .script = name + ".js",
         .speaks = true,
         .data = fmt::format(" class=\"{}\" data-branch=\"{}\"", name, escaped(branch.id)),
         .main =
             fmt::format("<noscript><p class=\"note\">{}</p></noscript>", words("scriptNeeded"))});
}

} // namespace guichet::hub
