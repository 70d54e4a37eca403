// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "peripherals/base/error.h"

/// XFS4IoT 2024-03: the words that messages are made of.
namespace guichet::xfs {

enum class MessageType { Command, Acknowledge, Event, Completion, Unsolicited };

/// Why a command was refused in its acknowledge; nothing follows such an acknowledge.
enum class Refusal { InvalidMessage, InvalidRequestId, TooManyRequests };

enum class CompletionCode {
    Success,
    CommandErrorCode,
    Canceled,
    DeviceNotReady,
    HardwareError,
    InternalError,
    InvalidCommand,
    InvalidRequestId,
    TimeOut,
    UnsupportedCommand,
    InvalidData,
    UserError,
    UnsupportedData,
    FraudAttempt,
    SequenceError,
    AuthorisationRequired,
    NoCommandNonce,
    InvalidToken,
    InvalidTokenNonce,
    InvalidTokenHmac,
    InvalidTokenFormat,
    InvalidTokenKeyNoValue,
    NotEnoughSpace,
};

/// Names on the wire ("commandErrorCode"), and back; nothing for a name that is not known.
/// Both spellings of authorisationRequired are read.
[[nodiscard]] std::string_view wireName(MessageType type);
[[nodiscard]] std::string_view wireName(Refusal refusal);
[[nodiscard]] std::string_view wireName(CompletionCode code);
[[nodiscard]] std::optional<MessageType> messageTypeFromWire(std::string_view text);
[[nodiscard]] std::optional<Refusal> refusalFromWire(std::string_view text);
[[nodiscard]] std::optional<CompletionCode> completionCodeFromWire(std::string_view text);

/// XFS4IoT has one free text for a failure; ours ends with the remedy: "no paper (remedy:
/// reloadPaper)".
[[nodiscard]] std::string describe(const Error& error);
/// The remedy that `describe` wrote, or None.
[[nodiscard]] Remedy remedyIn(std::string_view errorDescription);
/// The completion code that fits an error of a driver, and back.
[[nodiscard]] CompletionCode codeFor(Errc code);
[[nodiscard]] Errc errcFor(CompletionCode code);

} // namespace guichet::xfs
