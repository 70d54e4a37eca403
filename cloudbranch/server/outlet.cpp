// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/outlet.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include <fmt/format.h>

#include "peripherals/base/bytes.h"
#include "peripherals/base/config.h"
#include "peripherals/base/private_file.h"

namespace guichet::hub {
namespace {

using queue::domain::ServiceSettings;

constexpr std::size_t kSha256Size = 32;

void readNames(ConfigFile& file, const std::string& prefix, queue::domain::Names& names)
{
    for (const char* language : {"zh-CN", "en"}) {
        std::string text;
        file.read(prefix + "." + language, text);
        if (!text.empty()) {
            names[language] = text;
        }
    }
}

void readBring(ConfigFile& file, const std::string& prefix, ServiceSettings& service)
{
    for (const char* language : {"zh-CN", "en"}) {
        std::vector<std::string> things;
        file.read(prefix + "." + language, things);
        if (!things.empty()) {
            service.bring[language] = std::move(things);
        }
    }
}

/// `hours.mon` to `hours.sun` and `holidays`; days that are named replace what was there.
Result<void> readHours(ConfigFile& file, const std::string& path,
                       queue::domain::OpeningHours& hours)
{
    constexpr std::array kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (std::size_t day = 0; day < kDays.size(); ++day) {
        const auto key = std::string("hours.") + kDays.at(day);
        std::vector<std::string> spans{"unset"};
        file.read(key, spans);
        if (spans == std::vector<std::string>{"unset"}) {
            continue;
        }
        auto& open = hours.weekly.at(day);
        open.clear();
        for (const auto& text : spans) {
            const auto span = queue::domain::spanFromText(text);
            if (!span || (!open.empty() && span->from < open.back().to)) {
                return fail(Errc::Invalid,
                            fmt::format("{}: {}: \"{}\": want spans like \"09:00-12:30\", in order",
                                        path, key, text));
            }
            open.push_back(*span);
        }
    }
    std::vector<std::string> holidays;
    file.read("holidays", holidays);
    for (const auto& text : holidays) {
        if (!queue::domain::dateFromText(text)) {
            return fail(
                Errc::Invalid,
                fmt::format("{}: holidays: \"{}\": want dates like \"2026-10-01\"", path, text));
        }
        hours.closed.insert(text);
    }
    return {};
}

void readBooking(ConfigFile& file, queue::domain::BranchSettings& branch)
{
    const auto span = [&file](const char* key, std::chrono::seconds& value,
                              std::chrono::seconds unit, std::int64_t most) {
        std::int64_t read = value / unit;
        file.read(key, read, 0, most);
        value = read * unit;
    };
    constexpr std::chrono::minutes minute{1};
    auto& booking = branch.booking;
    std::int64_t days = booking.daysAhead;
    std::int64_t perPhone = booking.mostPerPhone;
    auto unarrived = static_cast<std::int64_t>(branch.remote.mostUnarrived);
    file.read("booking.days_ahead", days, 0, 90);
    file.read("booking.most_per_phone", perPhone, 1, 100);
    span("booking.hold_min", booking.holdFor, minute, 60);
    span("booking.early_min", booking.early, minute, 240);
    span("booking.late_min", booking.late, minute, 240);
    span("booking.least_rest_s", booking.leastRest, std::chrono::seconds(1), 86'400);
    span("booking.most_rest_s", booking.mostRest, std::chrono::seconds(1), 86'400);
    file.read("remote.most_unarrived", unarrived, 0, 10'000);
    span("remote.least_arrival_min", branch.remote.leastArrival, minute, 240);
    span("remote.grace_min", branch.remote.grace, minute, 240);
    span("remote.delay_min", branch.remote.delay, minute, 240);
    booking.daysAhead = static_cast<int>(days);
    booking.mostPerPhone = static_cast<int>(perPhone);
    branch.remote.mostUnarrived = static_cast<std::size_t>(unarrived);
}

void readLimits(ConfigFile& file, queue::api::NewcomerLimits& newcomers)
{
    const auto limit = [&file](const std::string& key, queue::api::RateLimit& target) {
        auto burst = static_cast<std::int64_t>(target.burst);
        std::int64_t each = target.each.count();
        file.read(key, burst, 1, 1'000'000);
        file.read(key + "_each_ms", each, 1, 3'600'000);
        target = {static_cast<double>(burst), std::chrono::milliseconds(each)};
    };
    limit("limits.creates", newcomers.each);
    limit("limits.all_creates", newcomers.all);
    std::int64_t bits = newcomers.proofBits;
    file.read("limits.proof_bits", bits, 1, 24);
    newcomers.proofBits = static_cast<unsigned>(bits);
}

/// The address of a message names a customer: it leaves the machine encrypted.
bool isPrivate(const std::string& url)
{
    return url.starts_with("https://") || url.starts_with("http://127.0.0.1") ||
           url.starts_with("http://[::1]");
}

Result<void> readMessages(ConfigFile& file, const std::string& path, MessageSettings& messages)
{
    file.read("messages.url", messages.url);
    file.read("messages.channel", messages.channel);
    file.read("messages.public_url", messages.publicUrl);
    std::vector<std::string> secrets;
    file.read("messages.secrets", secrets);
    for (const auto& text : secrets) {
        auto secret = webhookSecret(text);
        if (!secret) {
            return fail(Errc::Invalid, path + ": messages.secrets: " + secret.error().detail);
        }
        messages.secrets.push_back(std::move(*secret));
    }
    if (!messages.url.empty() && (!isPrivate(messages.url) || messages.secrets.empty())) {
        return fail(Errc::Invalid, path + ": messages.url: wants https:// (or this machine) and "
                                          "messages.secrets to sign with");
    }
    return {};
}

Result<void> readPush(ConfigFile& file, const std::string& path, PushSettings& push)
{
    file.read("push.on", push.on);
    file.read("push.contact", push.contact);
    file.read("push.public_url", push.publicUrl);
    file.read("push.services", push.services);
    for (const auto& service : push.services) {
        if (!isPrivate(service) || originOf(service) != service) {
            return fail(
                Errc::Invalid,
                fmt::format("{}: push.services: \"{}\" is not like https://push.example.com", path,
                            service));
        }
    }
    const bool named = push.contact.starts_with("mailto:") || push.contact.starts_with("https://");
    if (push.on && (!named || !isPrivate(push.publicUrl))) {
        return fail(Errc::Invalid, path + ": push.on: wants push.contact, mailto: or https://, and "
                                          "push.public_url, where phones reach these pages");
    }
    return {};
}

ServiceSettings readService(ConfigFile& file, const std::string& id, ServiceSettings service)
{
    const auto key = "service." + id;
    std::int64_t mean = service.meanService.count();
    std::int64_t first = service.firstNumber;
    std::int64_t last = service.lastNumber;
    service.id = id;
    readNames(file, key + ".names", service.names);
    file.read(key + ".series", service.series);
    file.read(key + ".open", service.open);
    file.read(key + ".mean_s", mean, 1, 86'400);
    file.read(key + ".first", first, 1, 999'999);
    file.read(key + ".last", last, 1, 999'999);
    std::int64_t seats = service.seats;
    std::int64_t slot = service.slot.count();
    file.read(key + ".seats", seats, 0, 1000);
    file.read(key + ".slot_min", slot, 5, 480);
    file.read(key + ".remote", service.remote);
    readBring(file, key + ".bring", service);
    service.seats = static_cast<int>(seats);
    service.slot = std::chrono::minutes(slot);
    service.meanService = std::chrono::seconds(mean);
    service.firstNumber = static_cast<int>(first);
    service.lastNumber = static_cast<int>(last);
    return service;
}

void readRules(ConfigFile& file, queue::domain::BranchSettings& branch)
{
    const auto number = [&file](const char* key, int& value, int least) {
        std::int64_t read = value;
        file.read(key, read, least, 100);
        value = static_cast<int>(read);
    };
    number("rules.most_calls", branch.mostCalls, 1);
    number("rules.least_calls_for_no_show", branch.leastCallsForNoShow, 1);
    number("rules.most_requeues", branch.mostRequeues, 0);
    std::int64_t gap = std::chrono::duration_cast<std::chrono::seconds>(branch.recallGap).count();
    file.read("rules.recall_gap_s", gap, 0, 600);
    branch.recallGap = std::chrono::seconds(gap);
}

/// "west-gate" or "remote@15": a pool, and after how many seconds of waiting it is asked.
std::optional<signalling::Tier> tierFrom(const std::string& text)
{
    const auto at = text.find('@');
    signalling::Tier tier{text.substr(0, at)};
    int seconds = 0;
    if (at != std::string::npos) {
        const auto* end = text.data() + text.size();
        const auto parsed = std::from_chars(text.data() + at + 1, end, seconds);
        if (parsed.ec != std::errc() || parsed.ptr != end || seconds < 0) {
            return std::nullopt;
        }
    }
    tier.after = std::chrono::seconds(seconds);
    return tier.pool.empty() ? std::nullopt : std::optional(std::move(tier));
}

void readRouting(ConfigFile& file, signalling::RoutingRules& rules)
{
    const auto seconds = [&file](const char* key, std::chrono::seconds& value, int least) {
        std::int64_t read = value.count();
        file.read(key, read, least, 3600);
        value = std::chrono::seconds(read);
    };
    seconds("assists.ring_s", rules.ring, 5);
    seconds("assists.rest_s", rules.rest, 5);
    seconds("assists.wrap_up_s", rules.wrapUp, 10);
    seconds("assists.seat_grace_s", rules.seatGrace, 1);
    seconds("assists.terminal_grace_s", rules.terminalGrace, 1);
    seconds("assists.usual_call_s", rules.usualCall, 10);
    std::string distribution = "longest-idle";
    file.read("assists.distribution", distribution);
    if (distribution != "longest-idle" && distribution != "least-loaded") {
        file.refuse("assists.distribution", "longest-idle or least-loaded");
    }
    rules.distribution = distribution == "least-loaded" ? signalling::Distribution::LeastLoaded
                                                        : signalling::Distribution::LongestIdle;
    std::vector<std::string> tiers;
    file.read("assists.tiers", tiers);
    if (!tiers.empty()) {
        rules.tiers.clear();
    }
    for (const auto& text : tiers) {
        const auto tier = tierFrom(text);
        tier ? rules.tiers.push_back(*tier)
             : file.refuse("assists.tiers", "\"POOL\" or \"POOL@SECONDS\"");
    }
    std::vector<std::string> classes;
    file.read("assists.classes", classes);
    for (const auto& each : classes) {
        std::int64_t credit = 0;
        file.read("assists.credit_s." + each, credit, 0, 3600);
        rules.credit[each] = std::chrono::seconds(credit);
    }
}

void readSeats(ConfigFile& file, std::map<std::string, SeatProfile>& seats)
{
    std::vector<std::string> names;
    file.read("assists.seats", names);
    for (const auto& id : names) {
        SeatProfile profile;
        const auto key = "seat." + id + ".";
        file.read(key + "name", profile.name);
        file.read(key + "pool", profile.pool);
        std::vector<std::string> languages{"zh"};
        std::vector<std::string> products{"*"};
        std::int64_t authority = 0;
        file.read(key + "languages", languages);
        file.read(key + "products", products);
        file.read(key + "authority", authority, 0, 9);
        file.read(key + "qualifications", profile.qualifications);
        profile.skills = {{languages.begin(), languages.end()},
                          {products.begin(), products.end()},
                          static_cast<int>(authority)};
        seats[id] = std::move(profile);
    }
}

/// Files beside the outlet's own, or at absolute paths.
Result<void> readScripts(ConfigFile& file, const std::filesystem::path& path,
                         std::vector<guided::Script>& scripts)
{
    std::vector<std::string> names;
    file.read("assists.scripts", names);
    for (const auto& name : names) {
        const auto place = path.parent_path() / name;
        auto script = readPrivateFile(place).and_then(
            [](const std::string& text) { return guided::parseScript(text); });
        if (!script) {
            return fail(script.error(), place.string());
        }
        const auto same = [&](const auto& each) { return each.id == script->id; };
        if (std::ranges::any_of(scripts, same)) {
            return fail(Errc::Invalid, place.string() + ": script " + script->id +
                                           " is listed already; want one version of each");
        }
        scripts.push_back(std::move(*script));
    }
    return {};
}

void readApprovals(ConfigFile& file, std::vector<signalling::ApprovalRule>& rules)
{
    std::vector<std::string> names{"unset"};
    file.read("approvals.rules", names);
    if (names == std::vector<std::string>{"unset"}) {
        return;
    }
    rules.clear();
    for (const auto& name : names) {
        const auto key = "approval." + name + ".";
        signalling::ApprovalRule rule;
        std::vector<std::string> steps;
        std::int64_t authority = rule.authority;
        file.read(key + "task", rule.task);
        file.read(key + "steps", steps);
        file.read(key + "from_amount", rule.fromAmount, 0, INT64_MAX);
        file.read(key + "authority", authority, 0, 9);
        rule.steps = {steps.begin(), steps.end()};
        rule.authority = static_cast<int>(authority);
        rules.push_back(std::move(rule));
    }
}

/// The relay's secret stands in a file of its own, which coturn's configuration is made from too.
Result<Secret<std::string>> readTurnSecret(const std::filesystem::path& file)
{
    namespace fs = std::filesystem;
    auto text = readPrivateFile(file);
    if (!text) {
        return tl::unexpected(text.error());
    }
    std::error_code unknown;
    const auto others = fs::perms::group_all | fs::perms::others_all;
    if ((fs::status(file, unknown).permissions() & others) != fs::perms::none || unknown) {
        return fail(Errc::Invalid, file.string() + ": others may read it; chmod 600 it");
    }
    text->erase(text->find_last_not_of("\r\n") + 1);
    Secret<std::string> secret(std::move(*text));
    if (!isTurnSecret(secret.reveal())) {
        return fail(Errc::Invalid, file.string() + ": want 16 to 128 printable characters without "
                                                   "spaces, as `openssl rand -hex 32` prints");
    }
    return secret;
}

Result<void> readTurn(ConfigFile& file, const std::filesystem::path& path, TurnSettings& turn)
{
    constexpr std::int64_t kLeastLife = 60, kMostLife = 86'400;
    std::string secretFile;
    std::int64_t lifetime = turn.lifetime.count();
    file.read("turn.urls", turn.urls);
    file.read("turn.secret_file", secretFile);
    file.read("turn.lifetime_s", lifetime, kLeastLife, kMostLife);
    file.read("turn.seat_relay_only", turn.seatRelayOnly);
    turn.lifetime = std::chrono::seconds(lifetime);
    if (!std::ranges::all_of(turn.urls, isTurnUrl)) {
        file.refuse("turn.urls", "\"turn:HOST:PORT?transport=udp\" or \"turns:HOST:443\"");
    }
    if (turn.urls.empty() != secretFile.empty()) {
        return fail(Errc::Invalid, path.string() + ": turn.urls and turn.secret_file: want both");
    }
    if (secretFile.empty()) {
        return {};
    }
    auto secret = readTurnSecret(path.parent_path() / secretFile);
    if (!secret) {
        return fail(secret.error(), path.string() + ": turn.secret_file");
    }
    turn.secret = std::move(*secret);
    return {};
}

} // namespace

Result<Outlet> readOutlet(const std::filesystem::path& path, Outlet outlet)
{
    auto file = ConfigFile::open(path);
    if (!file) {
        return tl::unexpected(file.error());
    }
    auto& branch = outlet.branch;
    file->read("branch.id", branch.id);
    file->read("branch.time_zone", branch.timeZone);
    file->read("branch.counters", branch.counters);
    readNames(*file, "branch.names", branch.names);
    readNames(*file, "branch.address", branch.address);
    if (auto read = readHours(*file, path.string(), branch.hours); !read) {
        return tl::unexpected(read.error());
    }
    readBooking(*file, branch);
    if (auto read = readMessages(*file, path.string(), outlet.messages); !read) {
        return tl::unexpected(read.error());
    }
    if (auto read = readPush(*file, path.string(), outlet.push); !read) {
        return tl::unexpected(read.error());
    }
    std::vector<std::string> ids;
    std::ranges::transform(branch.services, std::back_inserter(ids), &ServiceSettings::id);
    file->read("branch.services", ids);
    std::vector<ServiceSettings> services;
    for (const auto& id : ids) {
        const auto* known = branch.service(id);
        services.push_back(readService(*file, id, known ? *known : ServiceSettings{}));
    }
    branch.services = std::move(services);
    branch.profiles = {{"default", {ids}}};
    std::vector<std::string> terminals;
    file->read("terminals.names", terminals);
    for (const auto& name : terminals) {
        std::string hash;
        file->read("terminals." + name, hash);
        const auto bytes = fromHex(hash);
        if (!bytes || bytes->size() != kSha256Size) {
            return fail(Errc::Invalid, path.string() + ": terminals." + name +
                                           ": want the bearer's SHA-256, 64 hexadecimal digits");
        }
        outlet.terminals[toHex(*bytes)] = name;
    }
    readLimits(*file, outlet.newcomers);
    file->read("server.workers", outlet.workers, 1, 64);
    file->read("server.connections_per_peer", outlet.connectionsPerPeer, 1, 20'000);
    file->read("server.names", outlet.serverNames);
    std::vector<std::string> secondFactor;
    file->read("staff.second_factor", secondFactor);
    for (const auto& word : secondFactor) {
        const auto role = queue::api::staffRole(word);
        if (!role) {
            return fail(Errc::Invalid,
                        path.string() + ": staff.second_factor: \"" + word +
                            "\" is not teller, supervisor, engineer, agent or auditor");
        }
        outlet.secondFactor.insert(*role);
    }
    readRouting(*file, outlet.routing);
    readSeats(*file, outlet.seats);
    readApprovals(*file, outlet.approvals);
    if (auto read = readTurn(*file, path, outlet.turn); !read) {
        return tl::unexpected(read.error());
    }
    if (auto read = readScripts(*file, path, outlet.scripts); !read) {
        return tl::unexpected(read.error());
    }
    std::int64_t keepFree = static_cast<std::int64_t>(outlet.evidence.keepFree >> 20);
    file->read("evidence.keep_free_mib", keepFree, 0, 1 << 24);
    outlet.evidence.keepFree = static_cast<std::uint64_t>(keepFree) << 20;
    readRules(*file, branch);
    if (auto checked = file->finish(); !checked) {
        return tl::unexpected(checked.error());
    }
    const auto nameless = std::ranges::any_of(
        branch.services, [](const auto& service) { return service.series.empty(); });
    if (branch.id.empty() || branch.services.empty() || nameless) {
        return fail(Errc::Invalid,
                    path.string() +
                        ": branch.id, branch.services and each service's series are needed");
    }
    if (branch.leastCallsForNoShow > branch.mostCalls) {
        return fail(Errc::Invalid, path.string() + ": rules.least_calls_for_no_show is above "
                                                   "rules.most_calls: nobody could be given up");
    }
    if (!zoneOffset(branch.timeZone, Instant())) {
        return fail(Errc::Invalid, path.string() + ": branch.time_zone: unknown zone");
    }
    return outlet;
}

} // namespace guichet::hub
