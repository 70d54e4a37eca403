// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "peripherals/base/error.h"
#include "peripherals/xfs/codes.h"

/// The envelope of XFS4IoT messages, bytes to values and back: no I/O, no clock. Safe to fuzz.
namespace guichet::xfs {

/// No message of ours is larger, and none that is larger is read: peers use one buffer of this
/// size.
inline constexpr std::size_t kMaxMessageBytes = 2 * 1024 * 1024;

struct Command {
    std::string name; ///< "CardReader.ReadRawData"
    std::string version = "2.0";
    std::int64_t requestId = 0;
    std::chrono::milliseconds timeout{0}; ///< 0: never
    nlohmann::json payload = nlohmann::json::object();
};

/// How a command ended.
struct Completion {
    CompletionCode code = CompletionCode::Success;
    std::string errorDescription;
    nlohmann::json payload = nlohmann::json::object();
    /// The payload's texts, and the message made of them, are wiped once it was given to the
    /// connection. What the connection has not sent yet is not.
    bool secret = false;

    [[nodiscard]] bool ok() const { return code == CompletionCode::Success; }
    /// payload.errorCode, "paperOut"; empty if there is none.
    [[nodiscard]] std::string errorCode() const;
    /// The failure as our Error, with the remedy of errorDescription if the service is ours.
    [[nodiscard]] Error error() const;
};

[[nodiscard]] Completion success(nlohmann::json payload = nlohmann::json::object());
[[nodiscard]] Completion failure(CompletionCode code, std::string errorDescription);
[[nodiscard]] Completion failure(const Error& error);
/// Overwrites every text in it, at any depth, and leaves it empty.
void wipeTexts(nlohmann::json& value);
/// CompletionCode::CommandErrorCode with payload.errorCode.
[[nodiscard]] Completion commandError(std::string errorCode, const Error& error);

/// A command that cannot be acknowledged well, with what could be read of it.
struct Refused {
    Refusal status = Refusal::InvalidMessage;
    std::string name;
    std::string version;
    std::optional<std::int64_t> requestId;
    std::string detail; ///< for the log; names the member, never repeats its value
};

/// Service side. Reads one text frame as a command; unknown members are ignored.
[[nodiscard]] tl::expected<Command, Refused> decodeCommand(std::string_view text);

/// Client side: one message of a service.
struct ServiceMessage {
    MessageType type = MessageType::Unsolicited;
    std::string name;
    std::string version;
    std::int64_t requestId = 0;     ///< 0 for unsolicited messages
    std::optional<Refusal> refusal; ///< of an acknowledge
    CompletionCode code = CompletionCode::Success;
    std::string errorDescription;
    nlohmann::json payload = nlohmann::json::object();
};
/// Reads the 2024-03 header and the older dialects (completion code in the payload, events without
/// requestId meant as unsolicited). Fails with Errc::Protocol.
[[nodiscard]] Result<ServiceMessage> decodeServiceMessage(std::string_view text);

[[nodiscard]] std::string encodeCommand(const Command& command);
[[nodiscard]] std::string encodeAcknowledge(const Command& command,
                                            std::optional<Refusal> refusal = {});
[[nodiscard]] std::string encodeRefusal(const Refused& refused);
[[nodiscard]] std::string encodeEvent(std::string_view name, std::string_view version,
                                      std::int64_t requestId, const nlohmann::json& payload);
[[nodiscard]] std::string encodeUnsolicited(std::string_view name, std::string_view version,
                                            const nlohmann::json& payload);
/// `version` is the completion's own, which may differ from the command's.
[[nodiscard]] std::string encodeCompletion(const Command& command, std::string_view version,
                                           const Completion& completion);

} // namespace guichet::xfs
