// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/helper_protocol.h"

#include <array>
#include <utility>

namespace guichet::host {

using nlohmann::json;
using Kind = HelperMessage::Kind;

namespace {

constexpr std::array<std::pair<Kind, const char*>, 11> kKinds{{
    {Kind::Do, "do"},
    {Kind::Stop, "stop"},
    {Kind::Ping, "ping"},
    {Kind::Answer, "answer"},
    {Kind::Event, "event"},
    {Kind::Ask, "ask"},
    {Kind::Done, "done"},
    {Kind::Failed, "failed"},
    {Kind::Status, "status"},
    {Kind::Signal, "signal"},
    {Kind::Pong, "pong"},
}};

std::string messageText(const json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

} // namespace

std::string encode(const HelperMessage& message)
{
    json line = {{"id", message.id}, {"name", message.name}, {"data", message.data}};
    for (const auto& [kind, word] : kKinds) {
        if (kind == message.kind) {
            line["kind"] = word;
        }
    }
    return line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<HelperMessage> decodeHelperMessage(std::string_view line)
{
    auto parsed = json::parse(line, nullptr, false);
    if (!parsed.is_object()) {
        return fail(Errc::Protocol, "helper message: not a JSON object");
    }
    HelperMessage message;
    const auto word = messageText(parsed, "kind");
    bool known = false;
    for (const auto& [kind, name] : kKinds) {
        if (name == word) {
            message.kind = kind;
            known = true;
        }
    }
    if (!known) {
        return fail(Errc::Protocol, "helper message: unknown kind");
    }
    const auto id = parsed.find("id");
    if (id == parsed.end() || !id->is_number_unsigned()) {
        return fail(Errc::Protocol, "helper message: no id");
    }
    message.id = id->get<std::uint64_t>();
    message.name = messageText(parsed, "name");
    if (const auto data = parsed.find("data"); data != parsed.end() && data->is_object()) {
        message.data = std::move(*data);
    }
    return message;
}

json errorToJson(const Error& error)
{
    return {{"code", name(error.code)}, {"remedy", name(error.remedy)}, {"detail", error.detail}};
}

Error errorFromJson(const json& data)
{
    return {errcFromName(messageText(data, "code")), remedyFromName(messageText(data, "remedy")),
            messageText(data, "detail")};
}

Result<std::vector<std::string>> LineBuffer::feed(std::string_view bytes)
{
    std::vector<std::string> lines;
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        if (m_rest.size() + std::min(end, bytes.size()) > kMaxLine) {
            return fail(Errc::Protocol, "helper message: line too long");
        }
        m_rest.append(bytes.substr(0, end));
        if (end == std::string_view::npos) {
            break;
        }
        lines.push_back(std::exchange(m_rest, {}));
        bytes.remove_prefix(end + 1);
    }
    return lines;
}

} // namespace guichet::host
