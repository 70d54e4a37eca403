// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/init.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "cloudbranch/server/authority.h"
#include "cloudbranch/server/outlet.h"
#include "peripherals/base/private_file.h"

namespace guichet::hub {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestHost = 253;
constexpr std::size_t kLongestId = 64;

bool isId(std::string_view text)
{
    return !text.empty() && text.size() <= kLongestId && std::ranges::all_of(text, [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               letter == '-';
    });
}

Result<void> check(const InitWishes& wishes)
{
    if (!isId(wishes.branch)) {
        return fail(Errc::Invalid, "--branch: small letters, digits and dashes, at most 64");
    }
    if (!zoneOffset(wishes.timeZone, Instant())) {
        return fail(Errc::Invalid, "--time-zone: " + wishes.timeZone + " is unknown here");
    }
    const auto wrong = std::ranges::find_if_not(wishes.hosts, isHostName);
    if (wrong != wishes.hosts.end()) {
        return fail(Errc::Invalid, "--host: \"" + *wrong + "\" is no host name or address");
    }
    std::error_code error;
    if (std::filesystem::exists(wishes.data / "authority" / "authority.pem", error)) {
        return fail(Errc::Conflict, wishes.data.string() + ": is an outlet already");
    }
    if (std::filesystem::exists(wishes.data / "demo", error)) {
        return fail(Errc::Conflict, wishes.data.string() + ": is of a --demo; name another folder");
    }
    return {};
}

Result<bool> writeOutletFile(const std::filesystem::path& file, const InitWishes& wishes)
{
    std::error_code error;
    if (std::filesystem::exists(file, error)) {
        return false;
    }
    std::filesystem::create_directories(wishes.data, error);
    if (error) {
        return fail(Errc::Busy, wishes.data.string() + ": " + error.message());
    }
    if (auto written = writePrivateFile(file, outletFile(wishes)); !written) {
        return tl::unexpected(written.error());
    }
    std::filesystem::permissions(
        file, std::filesystem::perms::group_read | std::filesystem::perms::others_read,
        std::filesystem::perm_options::add, error); // holds no secret
    return true;
}

/// Fails as the command was refused.
Result<json> command(const Options& options, const Clock& clock, const json& line)
{
    const auto answer = Hub::command(options, clock, line.dump());
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    auto document = json::parse(*answer);
    if (document.contains("error")) {
        return fail(Errc::Invalid, document.at("error").get<std::string>());
    }
    return document;
}

Result<std::string> addSupervisor(const InitWishes& wishes, const Options& options,
                                  const Clock& clock)
{
    const auto added = command(options, clock,
                               {{"do", "staff-add"},
                                {"user", wishes.supervisor},
                                {"role", "supervisor"},
                                {"password", wishes.password.reveal()}});
    if (!added) {
        return tl::unexpected(added.error());
    }
    const auto factor =
        command(options, clock, {{"do", "staff-totp"}, {"user", wishes.supervisor}});
    if (!factor) {
        return tl::unexpected(factor.error());
    }
    return factor->at("uri").get<std::string>();
}

} // namespace

bool isHostName(std::string_view host)
{
    return !host.empty() && host.size() <= kLongestHost && host.front() != '-' &&
           host.front() != '.' && std::ranges::all_of(host, [](char letter) {
               return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                      (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' ||
                      letter == ':';
           });
}

Result<InitDone> initOutlet(const InitWishes& wishes, const Clock& clock)
{
    if (auto good = check(wishes); !good) {
        return tl::unexpected(good.error());
    }
    InitDone done{.config = wishes.config.empty() ? wishes.data / "outlet.toml" : wishes.config};
    const auto wrote = writeOutletFile(done.config, wishes);
    if (!wrote) {
        return tl::unexpected(wrote.error());
    }
    done.wroteConfig = *wrote;
    const auto outlet = readOutlet(done.config, {});
    if (!outlet) {
        return tl::unexpected(outlet.error());
    }
    auto uri = addSupervisor(wishes, {.data = wishes.data, .config = done.config}, clock);
    if (!uri) {
        return tl::unexpected(uri.error());
    }
    done.supervisorUri = std::move(*uri);
    const auto made = Authority::create(wishes.data / "authority", outlet->branch.id, clock.now());
    if (!made) {
        return tl::unexpected(made.error());
    }
    return done;
}

std::string outletFile(const InitWishes& wishes)
{
    const auto hosts = wishes.hosts.empty() ? usualServerNames() : wishes.hosts;
    return fmt::format(
        R"toml(# The outlet. guichet-hub reads this file when it starts; restart it after a change.
# A wrong or unknown key stops the start with file, line and what is legal.

holidays = ["2026-10-01", "2026-10-02"]        # closed the whole day; local dates

[branch]
id = "{}"                     # in addresses; do not change it once customers come
time_zone = "{}"              # IANA
services = ["cash", "accounts", "corporate"]   # in the order of the kiosk's page
counters = ["1", "2", "3"]
names.zh-CN = "示例网点"
names.en = "Example outlet"
address.zh-CN = "示例路 1 号"
address.en = "1 Example Road"

[hours]                       # a day that is left out is closed
mon = ["09:00-12:00", "13:30-17:00"]
tue = ["09:00-12:00", "13:30-17:00"]
wed = ["09:00-12:00", "13:30-17:00"]
thu = ["09:00-12:00", "13:30-17:00"]
fri = ["09:00-12:00", "13:30-17:00"]

# One table per service. `series` is the letter before the number.
[service.cash]
series = "A"
names.zh-CN = "现金业务"
names.en = "Cash"
open = true                   # takes numbers
mean_s = 240                  # how long it takes at the counter, until the hub has seen enough

[service.accounts]
series = "B"
names.zh-CN = "开户与账户"
names.en = "Accounts"
open = true
mean_s = 600
bring.zh-CN = ["身份证"]        # what customers are told to bring
bring.en = ["Your identity card"]
seats = 2                     # bookable: this many at once; 0: not
slot_min = 30                 # minutes of one appointment
remote = true                 # a number may be taken from afar

[service.corporate]
series = "C"
names.zh-CN = "对公业务"
names.en = "Business banking"
open = true
mean_s = 900

[staff]
second_factor = ["supervisor"]   # roles that log in with a code from an app, too

[server]
names = ["{}"]   # what terminals and browsers call this hub; it makes its certificate for them
)toml",
        wishes.branch, wishes.timeZone, fmt::join(hosts, "\", \""));
}

} // namespace guichet::hub
