// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/error.h"
#include "peripherals/net/http.h"

/// WebSocket (RFC 6455) as bytes: no I/O, no randomness.
namespace guichet::net {

/// Sec-WebSocket-Accept for a Sec-WebSocket-Key.
[[nodiscard]] std::string webSocketAccept(std::string_view key);
/// The problem with a handshake (400, 405, 426), or nothing.
[[nodiscard]] std::optional<Response> refuseHandshake(const Request& request);

enum class Opcode : std::uint8_t {
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
};

/// One final frame, masked when a mask is given (a client must).
[[nodiscard]] std::string encodeFrame(Opcode opcode, std::string_view payload,
                                      std::optional<std::array<std::uint8_t, 4>> mask = {});
/// Payload of a close frame; a reason too long for a control frame is cut.
[[nodiscard]] std::string encodeClose(std::uint16_t code, std::string_view reason);
/// 1005 when the payload names none.
[[nodiscard]] std::uint16_t closeCode(std::string_view payload);

struct Message {
    Opcode opcode = Opcode::Text; ///< never Continuation
    std::string payload = {};
};

/// Why a connection must be closed: 1002, 1003, 1007 or 1009.
struct FrameFault {
    std::uint16_t closeCode;
    std::string_view detail;
};

/// Takes frames apart, however they arrive, and joins fragments.
class FrameReader {
public:
    /// `masked`: frames must be masked (the server's side) or must not be (the client's).
    FrameReader(bool masked, std::size_t maxMessage)
        : m_masked(masked)
        , m_maxMessage(maxMessage)
    {
    }

    /// The messages that `bytes` complete; nothing may be fed after a fault. Binary messages are a
    /// fault, and so is text that is not UTF-8.
    [[nodiscard]] tl::expected<std::vector<Message>, FrameFault> feed(std::string_view bytes);

private:
    struct Header;

    [[nodiscard]] tl::expected<std::optional<Header>, FrameFault> header(std::string_view in) const;
    [[nodiscard]] std::optional<FrameFault> take(const Header& header, std::string payload,
                                                 std::vector<Message>& messages);

    bool m_masked;
    std::size_t m_maxMessage;
    std::string m_buffer;
    std::string m_text;
    bool m_inText = false;
};

[[nodiscard]] bool isUtf8(std::string_view text);

} // namespace guichet::net
