// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/control_body.h"

#include <algorithm>

namespace guichet::virtualdevices {

using nlohmann::json;

ControlBody::ControlBody(const net::Request& request)
    : m_body(request.body.empty() ? json::object() : json::parse(request.body, nullptr, false))
    , m_notAnObject(!m_body.is_object())
{
}

const json* ControlBody::find(const std::string& field, bool required)
{
    m_known.push_back(field);
    if (m_notAnObject) {
        return nullptr;
    }
    const auto found = m_body.find(field);
    if (found == m_body.end()) {
        if (required) {
            wrong(field, "is missing");
        }
        return nullptr;
    }
    return &*found;
}

std::optional<std::string> ControlBody::text(const std::string& field, bool required)
{
    const auto* value = find(field, required);
    if (!value) {
        return std::nullopt;
    }
    if (!value->is_string()) {
        wrong(field, "want a string");
        return std::nullopt;
    }
    return value->get<std::string>();
}

std::optional<std::string> ControlBody::oneOf(const std::string& field,
                                              const std::vector<std::string>& legal, bool required)
{
    auto value = text(field, required);
    if (value && std::find(legal.begin(), legal.end(), *value) == legal.end()) {
        std::string reason = "want one of";
        for (const auto& each : legal) {
            reason += ' ' + each;
        }
        wrong(field, std::move(reason));
        return std::nullopt;
    }
    return value;
}

std::optional<bool> ControlBody::boolean(const std::string& field, bool required)
{
    const auto* value = find(field, required);
    if (!value) {
        return std::nullopt;
    }
    if (!value->is_boolean()) {
        wrong(field, "want true or false");
        return std::nullopt;
    }
    return value->get<bool>();
}

std::optional<std::uint64_t> ControlBody::number(const std::string& field, std::uint64_t most,
                                                 bool required)
{
    const auto* value = find(field, required);
    if (!value) {
        return std::nullopt;
    }
    if (!value->is_number_unsigned() || value->get<std::uint64_t>() > most) {
        wrong(field, "want a whole number from 0 to " + std::to_string(most));
        return std::nullopt;
    }
    return value->get<std::uint64_t>();
}

void ControlBody::wrong(const std::string& field, std::string reason)
{
    m_problems.push_back({field, std::move(reason)});
}

std::optional<net::Response> ControlBody::refusal()
{
    if (m_notAnObject) {
        return net::problem(400, "not-json", "the body is not a JSON object");
    }
    for (const auto& [field, value] : m_body.items()) {
        if (std::find(m_known.begin(), m_known.end(), field) == m_known.end()) {
            wrong(field, "is not known here");
        }
    }
    if (m_problems.empty()) {
        return std::nullopt;
    }
    return net::problem(400, "invalid-field",
                        m_problems.front().field + ": " + m_problems.front().reason, m_problems);
}

net::Response asJson(const nlohmann::json& document)
{
    return net::json(200, document.dump(-1, ' ', false, json::error_handler_t::replace));
}

} // namespace guichet::virtualdevices
