// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/web/files.h"

#include <algorithm>

namespace guichet::web {

std::string_view file(std::string_view name)
{
    const auto all = files();
    const auto found = std::ranges::lower_bound(all, name, {}, &File::name);
    return found == all.end() || found->name != name ? std::string_view() : found->bytes;
}

} // namespace guichet::web
