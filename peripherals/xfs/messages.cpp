// SPDX-License-Identifier: Apache-2.0
#include "peripherals/xfs/messages.h"

#include <algorithm>
#include <utility>

#include <strings.h>

namespace guichet::xfs {

using nlohmann::json;

namespace {

constexpr std::int64_t kMaxTimeoutMs = 7LL * 24 * 3600 * 1000;

bool isWord(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    });
}

bool isMessageName(std::string_view text)
{
    const auto dot = text.find('.');
    return text.size() <= 100 && dot != std::string_view::npos && isWord(text.substr(0, dot)) &&
           isWord(text.substr(dot + 1));
}

bool isNumber(std::string_view text)
{
    return !text.empty() && text.size() <= 6 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool isVersion(std::string_view text)
{
    const auto dot = text.find('.');
    return dot != std::string_view::npos && text.front() != '0' && isNumber(text.substr(0, dot)) &&
           isNumber(text.substr(dot + 1));
}

/// The member if it is there and not null.
const json* member(const json& object, const char* key)
{
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string textMember(const json& object, const char* key)
{
    const json* value = member(object, key);
    return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<std::int64_t> wholeNumber(const json& value)
{
    if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        if (number > static_cast<std::uint64_t>(INT64_MAX)) {
            return std::nullopt;
        }
        return static_cast<std::int64_t>(number);
    }
    if (value.is_number_integer()) {
        return value.get<std::int64_t>();
    }
    return std::nullopt;
}

/// JSON of outside: an object that does not nest without end.
std::optional<json> parseObject(std::string_view text)
{
    if (text.size() > kMaxMessageBytes) {
        return std::nullopt;
    }
    constexpr int kMaxDepth = 32;
    bool tooDeep = false;
    auto parsed = json::parse(
        text,
        [&tooDeep](int depth, json::parse_event_t, json&) {
            tooDeep = tooDeep || depth > kMaxDepth;
            return !tooDeep;
        },
        false);
    if (tooDeep || !parsed.is_object()) {
        return std::nullopt;
    }
    return parsed;
}

json header(MessageType type, std::string_view name, std::string_view version)
{
    return {{"type", wireName(type)}, {"name", name}, {"version", version}};
}

/// Text from drivers may hold bytes that are no UTF-8; a message must still leave.
std::string write(json head, const json& payload, bool secret = false)
{
    json message = {{"header", std::move(head)},
                    {"payload", payload.is_object() ? payload : json::object()}};
    auto text = message.dump(-1, ' ', false, json::error_handler_t::replace);
    if (secret) {
        wipeTexts(message);
    }
    return text;
}

} // namespace

std::string Completion::errorCode() const
{
    return textMember(payload, "errorCode");
}

Error Completion::error() const
{
    const auto word = errorCode();
    std::string detail = std::string(wireName(code)) + (word.empty() ? "" : " " + word) +
                         (errorDescription.empty() ? "" : ": " + errorDescription);
    return {errcFor(code), remedyIn(errorDescription), std::move(detail)};
}

Completion success(json payload)
{
    return {CompletionCode::Success, {}, std::move(payload)};
}

Completion failure(CompletionCode code, std::string errorDescription)
{
    return {code, std::move(errorDescription), json::object()};
}

Completion failure(const Error& error)
{
    return {codeFor(error.code), describe(error), json::object()};
}

void wipeTexts(json& value)
{
    if (value.is_string()) {
        auto& text = value.get_ref<std::string&>();
        explicit_bzero(text.data(), text.size());
        text.clear();
    }
    if (value.is_structured()) {
        for (auto& each : value) {
            wipeTexts(each);
        }
    }
}

Completion commandError(std::string errorCode, const Error& error)
{
    return {
        CompletionCode::CommandErrorCode, describe(error), {{"errorCode", std::move(errorCode)}}};
}

tl::expected<Command, Refused> decodeCommand(std::string_view text)
{
    Refused refused;
    const auto no = [&refused](Refusal status, std::string detail) {
        refused.status = status;
        refused.detail = std::move(detail);
        return tl::unexpected(refused);
    };
    auto message = parseObject(text);
    if (!message) {
        return no(Refusal::InvalidMessage, "not a JSON object");
    }
    const json* head = member(*message, "header");
    if (!head || !head->is_object()) {
        return no(Refusal::InvalidMessage, "no header");
    }
    Command command;
    command.name = textMember(*head, "name");
    command.version = textMember(*head, "version");
    refused.name = isMessageName(command.name) ? command.name : "";
    refused.version = isVersion(command.version) ? command.version : "";
    const json* id = member(*head, "requestId");
    const auto number = id ? wholeNumber(*id) : std::nullopt;
    if (number && *number > 0) {
        refused.requestId = number;
    }
    if (textMember(*head, "type") != wireName(MessageType::Command)) {
        return no(Refusal::InvalidMessage, "header.type is not command");
    }
    if (refused.name.empty()) {
        return no(Refusal::InvalidMessage, "header.name is not Class.Message");
    }
    if (refused.version.empty()) {
        return no(Refusal::InvalidMessage, "header.version is not major.minor");
    }
    if (!refused.requestId) {
        return no(Refusal::InvalidRequestId, "header.requestId is not a whole number above 0");
    }
    command.requestId = *refused.requestId;
    if (const json* timeout = member(*head, "timeout")) {
        const auto milliseconds = wholeNumber(*timeout);
        if (!milliseconds || *milliseconds < 0) {
            return no(Refusal::InvalidMessage, "header.timeout is not a whole number of ms");
        }
        command.timeout = std::chrono::milliseconds(std::min(*milliseconds, kMaxTimeoutMs));
    }
    if (const json* payload = member(*message, "payload")) {
        if (!payload->is_object()) {
            return no(Refusal::InvalidMessage, "payload is not an object");
        }
        command.payload = *payload;
    }
    return command;
}

Result<ServiceMessage> decodeServiceMessage(std::string_view text)
{
    auto parsed = parseObject(text);
    if (!parsed) {
        return fail(Errc::Protocol, "service message: not a JSON object");
    }
    const json* head = member(*parsed, "header");
    if (!head || !head->is_object()) {
        return fail(Errc::Protocol, "service message: no header");
    }
    ServiceMessage message;
    const auto type = messageTypeFromWire(textMember(*head, "type"));
    message.name = textMember(*head, "name");
    message.version = textMember(*head, "version");
    if (!type || *type == MessageType::Command) {
        return fail(Errc::Protocol, "service message: unknown header.type");
    }
    message.type = *type;
    if (const json* id = member(*head, "requestId")) {
        message.requestId = wholeNumber(*id).value_or(0);
    }
    if (const json* payload = member(*parsed, "payload"); payload && payload->is_object()) {
        message.payload = *payload;
    }
    if (message.type == MessageType::Event && message.requestId == 0) {
        message.type = MessageType::Unsolicited;
    }
    if (message.type == MessageType::Acknowledge) {
        auto status = textMember(*head, "status");
        if (status.empty()) {
            status = textMember(message.payload, "status"); // 2021-1
        }
        if (!status.empty() && status != "ok") {
            message.refusal = refusalFromWire(status).value_or(Refusal::InvalidMessage);
        }
    }
    if (message.type == MessageType::Completion) {
        const json& place = head->contains("completionCode") ? *head : message.payload; // 2021-1
        const auto code = completionCodeFromWire(textMember(place, "completionCode"));
        if (!code) {
            return fail(Errc::Protocol, "service message: unknown completionCode");
        }
        message.code = *code;
        message.errorDescription = textMember(place, "errorDescription");
    }
    return message;
}

std::string encodeCommand(const Command& command)
{
    json head = header(MessageType::Command, command.name, command.version);
    head["requestId"] = command.requestId;
    if (command.timeout.count() > 0) {
        head["timeout"] = command.timeout.count();
    }
    return write(std::move(head), command.payload);
}

std::string encodeAcknowledge(const Command& command, std::optional<Refusal> refusal)
{
    json head = header(MessageType::Acknowledge, command.name, command.version);
    head["requestId"] = command.requestId;
    if (refusal) {
        head["status"] = wireName(*refusal);
    }
    return write(std::move(head), json::object());
}

std::string encodeRefusal(const Refused& refused)
{
    json head = {{"type", wireName(MessageType::Acknowledge)},
                 {"status", wireName(refused.status)}};
    if (!refused.name.empty()) {
        head["name"] = refused.name;
    }
    if (!refused.version.empty()) {
        head["version"] = refused.version;
    }
    if (refused.requestId) {
        head["requestId"] = *refused.requestId;
    }
    return write(std::move(head), json::object());
}

std::string encodeEvent(std::string_view name, std::string_view version, std::int64_t requestId,
                        const json& payload)
{
    json head = header(MessageType::Event, name, version);
    head["requestId"] = requestId;
    return write(std::move(head), payload);
}

std::string encodeUnsolicited(std::string_view name, std::string_view version, const json& payload)
{
    return write(header(MessageType::Unsolicited, name, version), payload);
}

std::string encodeCompletion(const Command& command, std::string_view version,
                             const Completion& completion)
{
    json head = header(MessageType::Completion, command.name, version);
    head["requestId"] = command.requestId;
    head["completionCode"] = wireName(completion.code);
    if (!completion.errorDescription.empty()) {
        head["errorDescription"] = completion.errorDescription;
    }
    return write(std::move(head), completion.payload, completion.secret);
}

} // namespace guichet::xfs
