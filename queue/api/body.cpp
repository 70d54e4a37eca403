// SPDX-License-Identifier: Apache-2.0
#include "queue/api/body.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

namespace guichet::queue::api {
namespace {

using nlohmann::json;

constexpr std::size_t kMostNamed = 16; ///< problems listed in one answer
constexpr std::size_t kLongestMember = 40;

bool printable(const std::string& text, bool breaks)
{
    return std::ranges::none_of(text, [breaks](unsigned char c) {
        return (c < 0x20 || c == 0x7f) && !(breaks && (c == '\n' || c == '\r'));
    });
}

/// A member's name comes from outside and is repeated in the answer only if it is harmless.
std::string shown(const std::string& name)
{
    const bool plain = !name.empty() && name.size() <= kLongestMember &&
                       std::ranges::all_of(name, [](unsigned char c) {
                           return std::isalnum(c) || c == '_' || c == '-';
                       });
    return plain ? name : "(unknown)";
}

} // namespace

struct Body::State {
    json document = json::object();
    bool malformed = false;
    std::set<std::string> known = {};
    std::vector<net::FieldProblem> problems = {};
};

Body::Body(std::string_view text)
    : m_state(std::make_unique<State>())
{
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        return;
    }
    std::set<std::string> names;
    const auto once = [&](int depth, json::parse_event_t event, json& parsed) {
        if (event == json::parse_event_t::key && depth == 1 &&
            !names.insert(parsed.get<std::string>()).second) {
            complain(shown(parsed.get<std::string>()), "occurs twice");
        }
        return true;
    };
    m_state->document = json::parse(text, once, false);
    m_state->malformed = !m_state->document.is_object();
}

Body::Body(Body&&) noexcept = default;
Body::~Body() = default;

std::optional<std::string> Body::read(std::string_view field, std::size_t most, Shape shape)
{
    const std::string name(field);
    m_state->known.insert(name);
    if (m_state->malformed || !m_state->document.contains(name)) {
        return std::nullopt;
    }
    const auto& member = m_state->document.at(name);
    if (!member.is_string()) {
        complain(field, "must be a string");
        return std::nullopt;
    }
    auto text = member.get<std::string>();
    if (text.empty() || text.size() > most) {
        complain(field, "must be 1 to " + std::to_string(most) + " bytes long");
        return std::nullopt;
    }
    if (!printable(text, shape == Shape::Lines)) {
        complain(field, "must not contain control characters");
        return std::nullopt;
    }
    return text;
}

std::optional<std::string> Body::optionalText(std::string_view field, std::size_t most)
{
    return read(field, most, Shape::Line);
}

std::string Body::text(std::string_view field, std::size_t most)
{
    return needed(field, most, Shape::Line);
}

std::string Body::lines(std::string_view field, std::size_t most)
{
    return needed(field, most, Shape::Lines);
}

std::string Body::needed(std::string_view field, std::size_t most, Shape shape)
{
    const auto before = m_state->problems.size();
    auto value = read(field, most, shape);
    if (!value && m_state->problems.size() == before) {
        complain(field, "is missing");
    }
    return value.value_or("");
}

std::optional<std::string> Body::optionalObject(std::string_view field, std::size_t most)
{
    const std::string name(field);
    m_state->known.insert(name);
    if (m_state->malformed || !m_state->document.contains(name)) {
        return std::nullopt;
    }
    const auto& member = m_state->document.at(name);
    if (!member.is_object()) {
        complain(field, "must be an object");
        return std::nullopt;
    }
    auto text = member.dump(-1, ' ', false, json::error_handler_t::replace);
    if (text.size() > most) {
        complain(field, "must be at most " + std::to_string(most) + " bytes long");
        return std::nullopt;
    }
    return text;
}

std::int64_t Body::number(std::string_view field, std::int64_t least, std::int64_t most)
{
    const std::string name(field);
    m_state->known.insert(name);
    if (m_state->malformed || !m_state->document.contains(name)) {
        complain(field, "is missing");
        return least;
    }
    const auto& member = m_state->document.at(name);
    const bool tooBig = member.is_number_unsigned() &&
                        member.get<std::uint64_t>() > static_cast<std::uint64_t>(most);
    if (!member.is_number_integer() || tooBig || member.get<std::int64_t>() < least ||
        member.get<std::int64_t>() > most) {
        complain(field, "must be a whole number from " + std::to_string(least) + " to " +
                            std::to_string(most));
        return least;
    }
    return member.get<std::int64_t>();
}

void Body::complain(std::string_view field, std::string_view reason)
{
    if (m_state->problems.size() < kMostNamed) {
        m_state->problems.push_back({std::string(field), std::string(reason)});
    }
}

std::optional<net::Response> Body::refused()
{
    if (m_state->malformed) {
        return net::problem(400, "malformed-body", "the body must be one JSON object",
                            {{"body", "is not one JSON object"}});
    }
    for (const auto& [name, value] : m_state->document.items()) {
        if (!m_state->known.contains(name)) {
            complain(shown(name), "is not known here");
        }
    }
    if (m_state->problems.empty()) {
        return std::nullopt;
    }
    return net::problem(422, "invalid-fields", "fields of the body are missing or wrong",
                        m_state->problems);
}

} // namespace guichet::queue::api
