// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/sub_commands.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "cloudbranch/server/hub.h"
#include "cloudbranch/server/init.h"
#include "cloudbranch/server/terminal_qr.h"
#include "peripherals/base/clock.h"
#include "peripherals/base/secret.h"

namespace guichet::hub {
namespace {

using nlohmann::json;

constexpr int kRefused = 1;
constexpr int kUsage = 2;

constexpr auto kHelp =
    "usage: guichet-hub init --data DIR [--config FILE] [--branch ID] [--time-zone ZONE]\n"
    "                        [--host NAME]... [--supervisor NAME]\n"
    "       guichet-hub enrol-code --data DIR --terminal NAME\n"
    "       guichet-hub revoke --data DIR --terminal NAME\n"
    "       guichet-hub terminals --data DIR\n"
    "       guichet-hub staff add --data DIR --user NAME --role "
    "teller|supervisor|engineer|agent|auditor\n"
    "       guichet-hub staff password|totp --data DIR --user NAME\n"
    "       guichet-hub staff list --data DIR\n"
    "each with [--config FILE] if the outlet's file is not outlet.toml in DIR, [--clock RFC3339]\n";

int usage(const std::string& why)
{
    fmt::print(stderr, "guichet-hub: {}\n{}", why, kHelp);
    return kUsage;
}

int refused(const std::string& why)
{
    fmt::print(stderr, "guichet-hub: {}\n", why);
    return kRefused;
}

/// `--name value` pairs.
struct CommandWords {
    std::multimap<std::string, std::string> values;
    std::string wrong;

    [[nodiscard]] std::string value(const std::string& name) const
    {
        const auto found = values.find(name);
        return found == values.end() ? std::string() : found->second;
    }
};

CommandWords readWords(const std::vector<std::string>& words, std::size_t from,
                       const std::set<std::string>& needed, std::set<std::string> known)
{
    CommandWords result;
    known.insert(needed.begin(), needed.end());
    known.insert({"--data", "--config", "--clock"});
    for (auto at = from; at < words.size(); at += 2) {
        const auto& name = words[at];
        if (!known.contains(name)) {
            result.wrong = "unknown argument " + name;
            return result;
        }
        if (at + 1 == words.size() || words[at + 1].empty()) {
            result.wrong = name + " wants a value";
            return result;
        }
        if (name != "--host" && result.values.contains(name)) {
            result.wrong = name + " is given twice";
            return result;
        }
        result.values.emplace(name, words[at + 1]);
    }
    for (const auto& name : needed) {
        if (result.value(name).empty()) {
            result.wrong = name + " is needed";
        }
    }
    return result;
}

/// From the terminal without echo, or one line of what is piped in.
Secret<std::string> readPassword(const std::string& prompt)
{
    if (::isatty(STDIN_FILENO) == 1) {
        char* typed = ::getpass(prompt.c_str()); // NOLINT(concurrency-mt-unsafe): one thread here
        std::string text(typed != nullptr ? typed : "");
        if (typed != nullptr) {
            ::explicit_bzero(typed, text.size());
        }
        return Secret<std::string>(std::move(text));
    }
    std::string line;
    std::getline(std::cin, line);
    if (!line.empty() && line.back() == '\r') {
        line.pop_back();
    }
    return Secret<std::string>(std::move(line));
}

/// Twice from a terminal; nothing if the two differ.
std::optional<Secret<std::string>> choosePassword(const std::string& user)
{
    auto first = readPassword("New password of " + user + ": ");
    if (::isatty(STDIN_FILENO) == 1 && readPassword("Again: ").reveal() != first.reveal()) {
        return std::nullopt;
    }
    return first;
}

Result<std::unique_ptr<Clock>> clockOf(const CommandWords& words)
{
    const auto text = words.value("--clock");
    if (text.empty()) {
        return std::make_unique<SystemClock>();
    }
    const auto start = fromRfc3339(text);
    if (!start) {
        return fail(Errc::Invalid, "--clock wants an RFC 3339 time");
    }
    return std::make_unique<OffsetClock>(*start);
}

/// Performs one command; nothing (and said) if it was refused.
tl::expected<json, int> perform(const CommandWords& words, const json& command)
{
    const auto clock = clockOf(words);
    if (!clock) {
        return tl::unexpected(usage(clock.error().detail));
    }
    const auto answer =
        Hub::command({.data = words.value("--data"), .config = words.value("--config")}, **clock,
                     command.dump());
    if (!answer) {
        return tl::unexpected(refused(answer.error().detail));
    }
    auto document = json::parse(*answer, nullptr, false);
    if (!document.is_object()) {
        return tl::unexpected(refused("the hub's answer is not understood"));
    }
    if (document.contains("error")) {
        return tl::unexpected(refused(document.at("error").get<std::string>()));
    }
    return document;
}

void showSecondFactor(const std::string& user, const std::string& uri)
{
    fmt::print("\nSecond factor of {}: read this with an authenticator app. It is shown only now."
               "\n\n{}\n{}\n",
               user, qrForTerminal(uri), uri);
}

int init(const std::vector<std::string>& words)
{
    const auto given =
        readWords(words, 1, {"--data"}, {"--branch", "--time-zone", "--host", "--supervisor"});
    if (!given.wrong.empty()) {
        return usage(given.wrong);
    }
    InitWishes wishes{.data = given.value("--data"), .config = given.value("--config")};
    const auto take = [&](const char* name, std::string& target) {
        if (auto value = given.value(name); !value.empty()) {
            target = std::move(value);
        }
    };
    take("--branch", wishes.branch);
    take("--time-zone", wishes.timeZone);
    wishes.supervisor = given.value("--supervisor");
    const auto [first, last] = given.values.equal_range("--host");
    std::transform(first, last, std::back_inserter(wishes.hosts),
                   [](const auto& entry) { return entry.second; });
    const auto clock = clockOf(given);
    if (!clock) {
        return usage(clock.error().detail);
    }
    if (wishes.supervisor.empty()) {
        if (::isatty(STDIN_FILENO) != 1) {
            return usage("--supervisor is needed, and the password on standard input");
        }
        fmt::print("Name of the first supervisor: ");
        std::fflush(stdout);
        std::getline(std::cin, wishes.supervisor);
    }
    auto password = choosePassword(wishes.supervisor);
    if (!password) {
        return refused("the two passwords differ");
    }
    wishes.password = std::move(*password);
    const auto done = initOutlet(wishes, **clock);
    if (!done) {
        return refused(done.error().detail);
    }
    const auto data = wishes.data.string();
    const auto config =
        wishes.config.empty() ? std::string() : " --config " + done->config.string();
    showSecondFactor(wishes.supervisor, done->supervisorUri);
    fmt::print("\nThe outlet is made. {} {}.\n"
               "Keep {}/authority safe and secret: who has it can let terminals in.\n\n"
               "Next:\n"
               "  1. Put the outlet's names, services and counters into {}.\n"
               "  2. Start the hub:      guichet-hub --listen 0.0.0.0:8443 --data {}{}\n"
               "  3. For each terminal:  guichet-hub enrol-code --data {}{} --terminal NAME\n"
               "  4. For each colleague: guichet-hub staff add --data {}{} --user NAME --role "
               "teller\n",
               done->config.string(),
               done->wroteConfig ? "says what it is" : "was there and stays as it is", data,
               done->config.string(), data, config, data, config, data, config);
    return 0;
}

int enrolCode(const std::vector<std::string>& words)
{
    const auto given = readWords(words, 1, {"--data", "--terminal"}, {});
    if (!given.wrong.empty()) {
        return usage(given.wrong);
    }
    const auto terminal = given.value("--terminal");
    const auto answer = perform(given, {{"do", "enrol-code"}, {"terminal", terminal}});
    if (!answer) {
        return answer.error();
    }
    const auto code = answer->at("code").get<std::string>();
    fmt::print("{}\n\nGood for one terminal, \"{}\", until {}. At that terminal:\n"
               "  guichet-kiosk --enrol {} --hub https://THIS-HUB:8443\n",
               code, terminal, answer->at("expires").get<std::string>(), code);
    return 0;
}

int revoke(const std::vector<std::string>& words)
{
    const auto given = readWords(words, 1, {"--data", "--terminal"}, {});
    if (!given.wrong.empty()) {
        return usage(given.wrong);
    }
    const auto terminal = given.value("--terminal");
    const auto answer = perform(given, {{"do", "revoke"}, {"terminal", terminal}});
    if (!answer) {
        return answer.error();
    }
    fmt::print("{} is revoked.\n", terminal);
    return 0;
}

int terminals(const std::vector<std::string>& words)
{
    const auto given = readWords(words, 1, {"--data"}, {});
    if (!given.wrong.empty()) {
        return usage(given.wrong);
    }
    const auto answer = perform(given, {{"do", "terminals"}});
    if (!answer) {
        return answer.error();
    }
    for (const auto& terminal : answer->at("terminals")) {
        const auto shown = [&](const char* key) {
            return terminal.at(key).is_string() ? terminal.at(key).get<std::string>() : "-";
        };
        fmt::print("{:<24} expires {:<25} last seen {:<25} revoked {}\n", shown("name"),
                   shown("expires"), shown("lastSeen"), shown("revoked"));
    }
    return 0;
}

int staffList(const CommandWords& given)
{
    const auto answer = perform(given, {{"do", "staff-list"}});
    if (!answer) {
        return answer.error();
    }
    for (const auto& member : answer->at("staff")) {
        fmt::print("{:<24} {:<12} {}\n", member.at("name").get<std::string>(),
                   member.at("role").get<std::string>(),
                   member.at("secondFactor").get<bool>() ? "second factor" : "");
    }
    return 0;
}

int staffWithPassword(const CommandWords& given, json command)
{
    const auto password = choosePassword(given.value("--user"));
    if (!password) {
        return refused("the two passwords differ");
    }
    command["password"] = password->reveal();
    const auto answer = perform(given, command);
    if (!answer) {
        return answer.error();
    }
    fmt::print("{} can log in with that password.\n", given.value("--user"));
    return 0;
}

int staff(const std::vector<std::string>& words)
{
    const auto what = words.size() > 1 ? words[1] : std::string();
    if (what != "add" && what != "password" && what != "totp" && what != "list") {
        return usage("staff wants add, password, totp or list");
    }
    std::set<std::string> needed{"--data"};
    if (what != "list") {
        needed.insert("--user");
    }
    if (what == "add") {
        needed.insert("--role");
    }
    const auto given = readWords(words, 2, needed, {});
    if (!given.wrong.empty()) {
        return usage(given.wrong);
    }
    const auto user = given.value("--user");
    if (what == "list") {
        return staffList(given);
    }
    if (what == "add") {
        return staffWithPassword(
            given, {{"do", "staff-add"}, {"user", user}, {"role", given.value("--role")}});
    }
    if (what == "password") {
        return staffWithPassword(given, {{"do", "staff-password"}, {"user", user}});
    }
    const auto answer = perform(given, {{"do", "staff-totp"}, {"user", user}});
    if (!answer) {
        return answer.error();
    }
    showSecondFactor(user, answer->at("uri").get<std::string>());
    return 0;
}

} // namespace

std::optional<int> runSubCommand(const std::vector<std::string>& words)
{
    static const std::map<std::string, int (*)(const std::vector<std::string>&)> commands{
        {"init", init},           {"enrol-code", enrolCode}, {"revoke", revoke},
        {"terminals", terminals}, {"staff", staff},
    };
    const auto found = words.empty() ? commands.end() : commands.find(words.front());
    return found == commands.end() ? std::nullopt : std::optional(found->second(words));
}

} // namespace guichet::hub
