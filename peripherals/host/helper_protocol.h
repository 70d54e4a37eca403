// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "peripherals/base/error.h"

/// What guichet-devices and its helper processes say to each other: one JSON object a line.
/// Pure: bytes to values and back.
namespace guichet::host {

struct HelperMessage {
    enum class Kind {
        Do,     ///< to the helper: perform operation `name` with `data`
        Stop,   ///< to the helper: end operation `id` soon
        Ping,   ///< to the helper, answered by its I/O thread
        Answer, ///< to the helper: reply to its question `id`; data.error if refused
        Event,  ///< from here on from the helper: something happened in operation `id`
        Ask,    ///< question `id`; data.operation is the operation that waits for the answer
        Done,   ///< operation `id` succeeded with `data`
        Failed, ///< operation `id` failed with the Error in `data`
        Status, ///< `data` are the device's status members that may have changed
        Signal, ///< something happened that belongs to no operation
        Pong,   ///< data.step and data.overdue (ms) if a step of the device takes too long
    };
    Kind kind = Kind::Ping;
    std::uint64_t id = 0;
    std::string name = {};
    nlohmann::json data = nlohmann::json::object();
};

/// With the newline.
[[nodiscard]] std::string encode(const HelperMessage& message);
/// One line without its newline. Fails with Errc::Protocol.
[[nodiscard]] Result<HelperMessage> decodeHelperMessage(std::string_view line);

[[nodiscard]] nlohmann::json errorToJson(const Error& error);
[[nodiscard]] Error errorFromJson(const nlohmann::json& data);

/// Cuts a stream into lines.
class LineBuffer {
public:
    static constexpr std::size_t kMaxLine = 4 * 1024 * 1024;
    /// Returns the lines that are complete now. Fails with Errc::Protocol once a line is too long.
    [[nodiscard]] Result<std::vector<std::string>> feed(std::string_view bytes);

private:
    std::string m_rest;
};

} // namespace guichet::host
