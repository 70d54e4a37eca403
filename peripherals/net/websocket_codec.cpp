// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/websocket_codec.h"

#include <openssl/sha.h>

#include "peripherals/base/bytes.h"
#include "peripherals/net/http_codec.h"

namespace guichet::net {
namespace {

constexpr std::size_t kMaxControl = 125;

unsigned byteAt(std::string_view text, std::size_t at)
{
    return static_cast<unsigned char>(text[at]);
}

bool isControl(Opcode opcode)
{
    return (static_cast<unsigned>(opcode) & 8U) != 0;
}

bool isLegalCloseCode(unsigned code)
{
    return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
           (code >= 3000 && code <= 4999);
}

void applyMask(std::string& text, std::size_t from, const std::array<std::uint8_t, 4>& mask)
{
    for (std::size_t at = from; at < text.size(); ++at) {
        text[at] = static_cast<char>(byteAt(text, at) ^ mask[(at - from) % 4]);
    }
}

} // namespace

std::string webSocketAccept(std::string_view key)
{
    const auto text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return toBase64(std::as_bytes(std::span(digest)));
}

std::optional<Response> refuseHandshake(const Request& request)
{
    if (request.method != "GET") {
        auto response = problem(405, "method-not-allowed", "a WebSocket starts with GET");
        response.headers.set("Allow", "GET");
        return response;
    }
    if (!listContains(request.header("Upgrade"), "websocket") ||
        !listContains(request.header("Connection"), "upgrade")) {
        auto response = problem(426, "upgrade-required", "this address is a WebSocket");
        response.headers.set("Upgrade", "websocket");
        return response;
    }
    if (request.header("Sec-WebSocket-Version") != "13") {
        auto response = problem(426, "upgrade-required", "the WebSocket version is 13");
        response.headers.set("Sec-WebSocket-Version", "13");
        return response;
    }
    const auto key = fromBase64(request.header("Sec-WebSocket-Key"));
    if (!key || key->size() != 16 || request.headers.count("Sec-WebSocket-Key") != 1) {
        return problem(400, "bad-handshake", "Sec-WebSocket-Key is not 16 bytes in base64");
    }
    return std::nullopt;
}

std::string encodeFrame(Opcode opcode, std::string_view payload,
                        std::optional<std::array<std::uint8_t, 4>> mask)
{
    const unsigned maskBit = mask ? 0x80U : 0U;
    std::string out;
    out.reserve(payload.size() + 14);
    out += static_cast<char>(0x80U | static_cast<unsigned>(opcode));
    const auto appendLength = [&out, &payload](int bytes) {
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
            out += static_cast<char>((payload.size() >> shift) & 0xffU);
        }
    };
    if (payload.size() < 126) {
        out += static_cast<char>(maskBit | payload.size());
    } else if (payload.size() <= 0xffff) {
        out += static_cast<char>(maskBit | 126U);
        appendLength(2);
    } else {
        out += static_cast<char>(maskBit | 127U);
        appendLength(8);
    }
    if (mask) {
        out.append(reinterpret_cast<const char*>(mask->data()), mask->size());
    }
    const auto start = out.size();
    out.append(payload);
    if (mask) {
        applyMask(out, start, *mask);
    }
    return out;
}

std::string encodeClose(std::uint16_t code, std::string_view reason)
{
    std::string out;
    out += static_cast<char>(code >> 8U);
    out += static_cast<char>(code & 0xffU);
    auto text = reason.substr(0, kMaxControl - 2);
    while (!isUtf8(text)) {
        text.remove_suffix(1);
    }
    return out.append(text);
}

std::uint16_t closeCode(std::string_view payload)
{
    return payload.size() < 2
               ? std::uint16_t{1005}
               : static_cast<std::uint16_t>(byteAt(payload, 0) << 8U | byteAt(payload, 1));
}

struct FrameReader::Header {
    Opcode opcode;
    bool final;
    std::size_t size;
    std::size_t length;
    std::array<std::uint8_t, 4> mask;
};

tl::expected<std::optional<FrameReader::Header>, FrameFault>
FrameReader::header(std::string_view in) const
{
    const auto fault = [](std::uint16_t code, std::string_view detail) {
        return tl::make_unexpected(FrameFault{code, detail});
    };
    if (in.size() < 2) {
        return std::optional<Header>();
    }
    const auto first = byteAt(in, 0);
    const auto opcode = static_cast<Opcode>(first & 0xfU);
    Header header{opcode, (first & 0x80U) != 0, 2, byteAt(in, 1) & 0x7fU, {}};
    if ((first & 0x70U) != 0) {
        return fault(1002, "reserved bits are set");
    }
    switch (opcode) {
    case Opcode::Continuation:
    case Opcode::Text:
    case Opcode::Close:
    case Opcode::Ping:
    case Opcode::Pong:
        break;
    case Opcode::Binary:
        return fault(1003, "binary messages are not taken");
    default:
        return fault(1002, "unknown opcode");
    }
    if (((byteAt(in, 1) & 0x80U) != 0) != m_masked) {
        return fault(1002, m_masked ? "a frame is not masked" : "a frame is masked");
    }
    if (isControl(opcode) && (!header.final || header.length > kMaxControl)) {
        return fault(1002, "a control frame is long or in fragments");
    }
    const std::size_t extra = header.length == 126 ? 2 : header.length == 127 ? 8 : 0;
    const std::size_t maskSize = m_masked ? 4 : 0;
    if (in.size() < 2 + extra + maskSize) {
        return std::optional<Header>();
    }
    if (extra > 0) {
        std::uint64_t length = 0;
        for (std::size_t at = 2; at < 2 + extra; ++at) {
            length = length << 8U | byteAt(in, at);
        }
        header.length = length;
    }
    header.size += extra + maskSize;
    for (std::size_t at = 0; at < maskSize; ++at) {
        header.mask[at] = static_cast<std::uint8_t>(byteAt(in, 2 + extra + at));
    }
    if (header.length > m_maxMessage ||
        (!isControl(opcode) && m_text.size() > m_maxMessage - header.length)) {
        return fault(1009, "a message is too large");
    }
    return header;
}

std::optional<FrameFault> FrameReader::take(const Header& header, std::string payload,
                                            std::vector<Message>& messages)
{
    if (isControl(header.opcode)) {
        if (header.opcode == Opcode::Close && !payload.empty() &&
            (payload.size() == 1 || !isLegalCloseCode(closeCode(payload)) ||
             !isUtf8(std::string_view(payload).substr(2)))) {
            return FrameFault{1002, "a close frame is malformed"};
        }
        messages.push_back({header.opcode, std::move(payload)});
        return std::nullopt;
    }
    if ((header.opcode == Opcode::Continuation) != m_inText) {
        return FrameFault{1002, "fragments are out of order"};
    }
    if (m_text.empty()) {
        m_text = std::move(payload);
    } else {
        m_text.append(payload);
    }
    m_inText = !header.final;
    if (header.final) {
        if (!isUtf8(m_text)) {
            return FrameFault{1007, "text is not UTF-8"};
        }
        messages.push_back({Opcode::Text, std::exchange(m_text, {})});
    }
    return std::nullopt;
}

tl::expected<std::vector<Message>, FrameFault> FrameReader::feed(std::string_view bytes)
{
    std::vector<Message> messages;
    m_buffer.append(bytes);
    std::size_t used = 0;
    for (;;) {
        const auto rest = std::string_view(m_buffer).substr(used);
        const auto next = header(rest);
        if (!next) {
            return tl::make_unexpected(next.error());
        }
        if (!*next || rest.size() - (*next)->size < (*next)->length) {
            m_buffer.erase(0, used);
            return messages;
        }
        const auto& frame = **next;
        std::string payload(rest.substr(frame.size, frame.length));
        if (m_masked) {
            applyMask(payload, 0, frame.mask);
        }
        used += frame.size + frame.length;
        if (const auto fault = take(frame, std::move(payload), messages)) {
            return tl::make_unexpected(*fault);
        }
    }
}

bool isUtf8(std::string_view text)
{
    std::size_t at = 0;
    while (at < text.size()) {
        const auto first = byteAt(text, at);
        if (first < 0x80) {
            ++at;
            continue;
        }
        const std::size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
        if (first < 0xc2 || first > 0xf4 || text.size() - at <= more) {
            return false;
        }
        const auto second = byteAt(text, at + 1);
        const unsigned low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        const unsigned high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < low || second > high) {
            return false;
        }
        for (std::size_t next = at + 2; next <= at + more; ++next) {
            if ((byteAt(text, next) & 0xc0U) != 0x80) {
                return false;
            }
        }
        at += more + 1;
    }
    return true;
}

} // namespace guichet::net
