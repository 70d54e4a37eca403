// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/commands.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "queue/api/body.h"
#include "queue/api/totp.h"

namespace guichet::hub {
namespace {

using nlohmann::ordered_json;
using queue::api::Body;

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestPassword = 200;
constexpr std::size_t kShortestPassword = 10;

ordered_json commandRefused(const std::string& why)
{
    return {{"error", why}};
}

ordered_json commandRefused(const Error& error)
{
    return commandRefused(error.detail);
}

/// What was wrong with the command's own members.
std::optional<ordered_json> wrongMembers(Body& body)
{
    const auto problem = body.refused();
    if (!problem) {
        return std::nullopt;
    }
    std::string why = "the command is not understood";
    const auto document = ordered_json::parse(problem->body);
    for (const auto& field : document.value("fields", ordered_json::array())) {
        why += "; " + field.value("field", "") + " " + field.value("reason", "");
    }
    return commandRefused(why);
}

ordered_json enrolCode(const CommandAccess& access, const std::string& terminal)
{
    const auto code = access.terminals->newCode(terminal);
    if (!code) {
        return commandRefused(code.error());
    }
    return {{"code", code->text}, {"expires", toRfc3339(code->expires, access.zone)}};
}

ordered_json terminalList(const CommandAccess& access)
{
    const auto shown = [&](const std::optional<Instant>& instant) {
        return instant ? ordered_json(toRfc3339(*instant, access.zone)) : ordered_json();
    };
    auto entries = ordered_json::array();
    for (const auto& terminal : access.terminals->list()) {
        entries.push_back({{"name", terminal.name},
                           {"expires", toRfc3339(terminal.expires, access.zone)},
                           {"lastSeen", shown(terminal.seen)},
                           {"revoked", shown(terminal.revoked)}});
    }
    return {{"terminals", entries}};
}

ordered_json ofTerminals(const CommandAccess& access, Body& body, const std::string& word)
{
    const auto terminal = word == "terminals" ? std::string() : body.text("terminal", kLongestName);
    if (auto wrong = wrongMembers(body)) {
        return *wrong;
    }
    if (access.terminals == nullptr) {
        return commandRefused("this outlet has no authority; guichet-hub init makes one");
    }
    if (word == "terminals") {
        return terminalList(access);
    }
    if (word == "enrol-code") {
        return enrolCode(access, terminal);
    }
    const auto done = access.terminals->revoke(terminal);
    return done ? ordered_json::object() : commandRefused(done.error());
}

std::optional<ordered_json> weak(const std::string& password)
{
    return password.size() < kShortestPassword
               ? std::optional(commandRefused("a password has at least 10 characters"))
               : std::nullopt;
}

ordered_json addMember(const CommandAccess& access, Body& body)
{
    const auto user = body.text("user", kLongestName);
    const auto role = queue::api::staffRole(body.text("role", kLongestName));
    const auto password = body.text("password", kLongestPassword);
    if (auto wrong = wrongMembers(body)) {
        return *wrong;
    }
    if (!role) {
        return commandRefused("the role is teller, supervisor, engineer, agent or auditor");
    }
    if (auto refusal = weak(password)) {
        return *refusal;
    }
    const auto members = access.staff.list();
    if (std::ranges::find(members, user, &queue::api::Member::name) != members.end()) {
        return commandRefused("somebody of that name works here already");
    }
    const auto done = access.staff.add(user, *role, password);
    return done ? ordered_json::object() : commandRefused(done.error());
}

ordered_json setPassword(const CommandAccess& access, Body& body)
{
    const auto user = body.text("user", kLongestName);
    const auto password = body.text("password", kLongestPassword);
    if (auto wrong = wrongMembers(body)) {
        return *wrong;
    }
    if (auto refusal = weak(password)) {
        return *refusal;
    }
    const auto done = access.staff.setPassword(user, password);
    return done ? ordered_json::object() : commandRefused(done.error());
}

ordered_json secondFactor(const CommandAccess& access, Body& body)
{
    const auto user = body.text("user", kLongestName);
    if (auto wrong = wrongMembers(body)) {
        return *wrong;
    }
    const auto secret = access.staff.newSecondFactor(user);
    if (!secret) {
        return commandRefused(secret.error());
    }
    return {{"uri", queue::api::totpUri(access.branch, user, *secret)}};
}

ordered_json staffList(const CommandAccess& access, Body& body)
{
    if (auto wrong = wrongMembers(body)) {
        return *wrong;
    }
    auto entries = ordered_json::array();
    for (const auto& member : access.staff.list()) {
        entries.push_back({{"name", member.name},
                           {"role", name(member.role)},
                           {"secondFactor", member.secondFactor}});
    }
    return {{"staff", entries}};
}

ordered_json perform(const CommandAccess& access, std::string_view line)
{
    Body body(line);
    const auto word = body.text("do", 32);
    if (word.empty()) {
        return wrongMembers(body).value_or(commandRefused("there is no such command"));
    }
    if (word == "enrol-code" || word == "revoke" || word == "terminals") {
        return ofTerminals(access, body, word);
    }
    if (word == "staff-add") {
        return addMember(access, body);
    }
    if (word == "staff-password") {
        return setPassword(access, body);
    }
    if (word == "staff-totp") {
        return secondFactor(access, body);
    }
    if (word == "staff-list") {
        return staffList(access, body);
    }
    return commandRefused("there is no such command");
}

} // namespace

std::string performCommand(const CommandAccess& access, std::string_view line)
{
    return perform(access, line).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace guichet::hub
