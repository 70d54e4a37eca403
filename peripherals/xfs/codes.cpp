// SPDX-License-Identifier: Apache-2.0
#include "peripherals/xfs/codes.h"

#include <array>
#include <utility>

namespace guichet::xfs {

namespace {

template <typename Enum> using Row = std::pair<Enum, std::string_view>;

constexpr std::array<Row<MessageType>, 5> kTypes{{
    {MessageType::Command, "command"},
    {MessageType::Acknowledge, "acknowledge"},
    {MessageType::Event, "event"},
    {MessageType::Completion, "completion"},
    {MessageType::Unsolicited, "unsolicited"},
}};

constexpr std::array<Row<Refusal>, 3> kRefusals{{
    {Refusal::InvalidMessage, "invalidMessage"},
    {Refusal::InvalidRequestId, "invalidRequestID"},
    {Refusal::TooManyRequests, "tooManyRequests"},
}};

constexpr std::array<Row<CompletionCode>, 24> kCodes{{
    {CompletionCode::Success, "success"},
    {CompletionCode::CommandErrorCode, "commandErrorCode"},
    {CompletionCode::Canceled, "canceled"},
    {CompletionCode::DeviceNotReady, "deviceNotReady"},
    {CompletionCode::HardwareError, "hardwareError"},
    {CompletionCode::InternalError, "internalError"},
    {CompletionCode::InvalidCommand, "invalidCommand"},
    {CompletionCode::InvalidRequestId, "invalidRequestID"},
    {CompletionCode::TimeOut, "timeOut"},
    {CompletionCode::UnsupportedCommand, "unsupportedCommand"},
    {CompletionCode::InvalidData, "invalidData"},
    {CompletionCode::UserError, "userError"},
    {CompletionCode::UnsupportedData, "unsupportedData"},
    {CompletionCode::FraudAttempt, "fraudAttempt"},
    {CompletionCode::SequenceError, "sequenceError"},
    {CompletionCode::AuthorisationRequired, "authorisationRequired"},
    {CompletionCode::NoCommandNonce, "noCommandNonce"},
    {CompletionCode::InvalidToken, "invalidToken"},
    {CompletionCode::InvalidTokenNonce, "invalidTokenNonce"},
    {CompletionCode::InvalidTokenHmac, "invalidTokenHMAC"},
    {CompletionCode::InvalidTokenFormat, "invalidTokenFormat"},
    {CompletionCode::InvalidTokenKeyNoValue, "invalidTokenKeyNoValue"},
    {CompletionCode::NotEnoughSpace, "notEnoughSpace"},
    {CompletionCode::AuthorisationRequired, "authorizationRequired"}, // 2021-1
}};

template <typename Table, typename Enum> std::string_view nameIn(const Table& table, Enum value)
{
    for (const auto& [member, text] : table) {
        if (member == value) {
            return text;
        }
    }
    return {};
}

template <typename Table>
auto memberIn(const Table& table, std::string_view text)
    -> std::optional<typename Table::value_type::first_type>
{
    for (const auto& [member, name] : table) {
        if (name == text) {
            return member;
        }
    }
    return std::nullopt;
}

constexpr std::string_view kRemedyMark = " (remedy: ";

} // namespace

std::string_view wireName(MessageType type)
{
    return nameIn(kTypes, type);
}
std::string_view wireName(Refusal refusal)
{
    return nameIn(kRefusals, refusal);
}
std::string_view wireName(CompletionCode code)
{
    return nameIn(kCodes, code);
}

std::optional<MessageType> messageTypeFromWire(std::string_view text)
{
    return memberIn(kTypes, text);
}

std::optional<Refusal> refusalFromWire(std::string_view text)
{
    return memberIn(kRefusals, text);
}

std::optional<CompletionCode> completionCodeFromWire(std::string_view text)
{
    return memberIn(kCodes, text);
}

std::string describe(const Error& error)
{
    if (error.remedy == Remedy::None) {
        return error.detail;
    }
    return error.detail + std::string(kRemedyMark) + std::string(name(error.remedy)) + ")";
}

Remedy remedyIn(std::string_view errorDescription)
{
    const auto mark = errorDescription.rfind(kRemedyMark);
    if (mark == std::string_view::npos || errorDescription.back() != ')') {
        return Remedy::None;
    }
    errorDescription.remove_suffix(1);
    return remedyFromName(errorDescription.substr(mark + kRemedyMark.size()));
}

CompletionCode codeFor(Errc code)
{
    switch (code) {
    case Errc::NotFound:
    case Errc::Busy:
    case Errc::Disconnected:
        return CompletionCode::DeviceNotReady;
    case Errc::Timeout:
        return CompletionCode::TimeOut;
    case Errc::Cancelled:
        return CompletionCode::Canceled;
    case Errc::Protocol:
        return CompletionCode::HardwareError;
    case Errc::Unsupported:
        return CompletionCode::UnsupportedData;
    case Errc::Denied:
        return CompletionCode::AuthorisationRequired;
    case Errc::Conflict:
        return CompletionCode::SequenceError;
    case Errc::Invalid:
        return CompletionCode::InvalidData;
    case Errc::Internal:
        break;
    }
    return CompletionCode::InternalError;
}

Errc errcFor(CompletionCode code)
{
    switch (code) {
    case CompletionCode::Canceled:
        return Errc::Cancelled;
    case CompletionCode::DeviceNotReady:
        return Errc::Disconnected;
    case CompletionCode::HardwareError:
    case CompletionCode::CommandErrorCode:
        return Errc::Protocol;
    case CompletionCode::TimeOut:
        return Errc::Timeout;
    case CompletionCode::UnsupportedCommand:
    case CompletionCode::UnsupportedData:
    case CompletionCode::InvalidCommand:
        return Errc::Unsupported;
    case CompletionCode::InvalidData:
    case CompletionCode::InvalidRequestId:
    case CompletionCode::UserError:
        return Errc::Invalid;
    case CompletionCode::SequenceError:
        return Errc::Conflict;
    case CompletionCode::FraudAttempt:
    case CompletionCode::AuthorisationRequired:
    case CompletionCode::NoCommandNonce:
    case CompletionCode::InvalidToken:
    case CompletionCode::InvalidTokenNonce:
    case CompletionCode::InvalidTokenHmac:
    case CompletionCode::InvalidTokenFormat:
    case CompletionCode::InvalidTokenKeyNoValue:
        return Errc::Denied;
    case CompletionCode::Success:
    case CompletionCode::InternalError:
    case CompletionCode::NotEnoughSpace:
        break;
    }
    return Errc::Internal;
}

} // namespace guichet::xfs
