// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/vendor_application.h"

#include <algorithm>
#include <filesystem>

namespace guichet::host {

namespace {

constexpr std::size_t kLongestApplicationName = 100;

std::string key(std::string_view name)
{
    return std::string(kVendorApplicationTable) + '.' + std::string(name);
}

} // namespace

std::string_view name(AccessLevel level)
{
    switch (level) {
    case AccessLevel::Basic:
        return "basic";
    case AccessLevel::Intermediate:
        return "intermediate";
    case AccessLevel::Full:
        return "full";
    }
    return "";
}

std::optional<VendorApplication> readVendorApplication(ConfigFile& file)
{
    const auto tables = file.tables();
    if (std::find(tables.begin(), tables.end(), kVendorApplicationTable) == tables.end()) {
        return std::nullopt;
    }
    VendorApplication application;
    file.read(key("name"), application.name);
    if (application.name.empty() || application.name.size() > kLongestApplicationName) {
        file.refuse(key("name"), "a name of 1 to 100 bytes");
    }
    bool any = false;
    for (const auto level : kAccessLevels) {
        auto& command = application.commands.at(static_cast<std::size_t>(level));
        file.read(key(name(level)), command);
        any = any || !command.empty();
        if (!command.empty() && !std::filesystem::path(command.front()).is_absolute()) {
            file.refuse(key(name(level)), "a program's whole path, then its arguments");
        }
    }
    if (!any) {
        file.refuse(kVendorApplicationTable, "a command for basic, intermediate or full");
    }
    return application;
}

} // namespace guichet::host
