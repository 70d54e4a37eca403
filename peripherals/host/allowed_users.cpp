// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/allowed_users.h"

#include <array>

#include <pwd.h>
#include <unistd.h>

namespace guichet::host {

Result<std::vector<std::uint32_t>> allowedUserIds(const std::vector<std::string>& names)
{
    if (names.empty()) {
        return std::vector<std::uint32_t>{::getuid()};
    }
    std::vector<std::uint32_t> ids;
    for (const auto& name : names) {
        std::array<char, 16 * 1024> space{};
        passwd entry{};
        passwd* found = nullptr;
        ::getpwnam_r(name.c_str(), &entry, space.data(), space.size(), &found);
        if (found == nullptr) {
            return fail(Errc::NotFound, "publisher.allowed_users: no user \"" + name + "\"");
        }
        ids.push_back(entry.pw_uid);
    }
    return ids;
}

} // namespace guichet::host
