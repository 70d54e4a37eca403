// SPDX-License-Identifier: Apache-2.0
#include "drivers/escpos/escpos_protocol.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace guichet::escpos {
namespace {

constexpr std::byte kDle{0x10}, kEsc{0x1b}, kGs{0x1d};
constexpr int kStripRows = 96;
/// With its head a strip stays below kResynchronisationZeros.
constexpr int kStripBytes = 8000;

constexpr unsigned kFixedMask = 0x93, kRealTimeBits = 0x12, kAutomaticBits = 0x10;
constexpr unsigned kFollowingMask = 0x90;
constexpr std::byte kProcessBlock{0x37}, kProcessMark{0x22}, kClearedMark{0x25};
constexpr std::array kBlockStarts{std::byte{0x5f}, kProcessBlock, std::byte{0x35}, std::byte{0x3b},
                                  std::byte{0x3d}};
constexpr std::byte kXon{0x11}, kXoff{0x13};
constexpr std::size_t kLongestBlock = 128;

Bytes sequence(std::initializer_list<unsigned> values)
{
    Bytes bytes;
    std::transform(values.begin(), values.end(), std::back_inserter(bytes),
                   [](unsigned value) { return static_cast<std::byte>(value); });
    return bytes;
}

void append(Bytes& to, ByteView bytes)
{
    to.insert(to.end(), bytes.begin(), bytes.end());
}

bool has(std::byte bits, unsigned mask)
{
    return (std::to_integer<unsigned>(bits) & mask) != 0;
}

bool matches(std::byte value, unsigned mask, unsigned bits)
{
    return (std::to_integer<unsigned>(value) & mask) == bits;
}

void keepRealTimeApart(std::span<std::byte> data)
{
    for (std::size_t i = 1; i < data.size(); ++i) {
        const auto second = data[i];
        if (data[i - 1] == kDle &&
            (second == std::byte{0x04} || second == std::byte{0x05} || second == std::byte{0x14})) {
            data[i] |= std::byte{0x02};
        }
    }
}

/// What the bytes begin with, and how long it is; nothing if more bytes are needed.
struct Token {
    std::optional<Reply> reply; ///< none for flow control
    std::size_t length;
};

Reply blockReply(ByteView block)
{
    const auto body = block.subspan(1, block.size() - 2);
    if (block[0] == kProcessBlock && body.size() == 5 && body[0] == kProcessMark) {
        ProcessId id{};
        std::transform(body.begin() + 1, body.end(), id.begin(),
                       [](std::byte byte) { return static_cast<char>(byte); });
        return ProcessIdReply{id};
    }
    if (block[0] == kProcessBlock && body.size() == 1 && body[0] == kClearedMark) {
        return Cleared{};
    }
    return TextBlock{block[0], std::string(asText(body))};
}

std::optional<Token> nextToken(ByteView bytes)
{
    const auto first = bytes[0];
    if (first == kXon || first == kXoff) {
        return Token{std::nullopt, 1};
    }
    if (matches(first, kFixedMask, kRealTimeBits)) {
        return Token{RealTimeStatus{first}, 1};
    }
    if (matches(first, kFixedMask, kAutomaticBits)) {
        const auto length = std::min<std::size_t>(bytes.size(), 4);
        for (std::size_t i = 1; i < length; ++i) {
            if (!matches(bytes[i], kFollowingMask, 0)) {
                return Token{Noise{first}, 1};
            }
        }
        if (length < 4) {
            return std::nullopt;
        }
        return Token{AutomaticStatus{{bytes[0], bytes[1], bytes[2], bytes[3]}}, 4};
    }
    if (std::find(kBlockStarts.begin(), kBlockStarts.end(), first) != kBlockStarts.end()) {
        const auto end = std::find(bytes.begin(), bytes.end(), std::byte{0});
        if (end != bytes.end()) {
            const auto length = static_cast<std::size_t>(end - bytes.begin()) + 1;
            if (length <= kLongestBlock) {
                return Token{blockReply(bytes.first(length)), length};
            }
        }
        if (bytes.size() < kLongestBlock) {
            return std::nullopt;
        }
        return Token{Noise{first}, 1};
    }
    if (matches(first, kFollowingMask, 0)) {
        return Token{InOrderReply{first}, 1};
    }
    return Token{Noise{first}, 1};
}

} // namespace

Bytes encodeStatusRequest(StatusPage page)
{
    return sequence({0x10, 0x04, static_cast<unsigned>(page)});
}

Bytes encodeResynchronisation()
{
    Bytes bytes(kResynchronisationZeros);
    append(bytes, encodeInitialise());
    return bytes;
}

Bytes encodeInitialise()
{
    return {kEsc, std::byte{0x40}, kGs, std::byte{0x61}, std::byte{0xff}};
}

Bytes encodeRaster(const Bitmap& bitmap)
{
    Bytes bytes;
    const auto rowBytes = static_cast<unsigned>(bitmap.bytesPerRow());
    const int most = std::clamp(kStripBytes / std::max(bitmap.bytesPerRow(), 1), 1, kStripRows);
    for (int first = 0; first < bitmap.height(); first += most) {
        const auto rows = std::min(most, bitmap.height() - first);
        const auto count = static_cast<unsigned>(rows);
        append(bytes, sequence({0x1d, 0x76, 0x30, 0x00, rowBytes & 0xff, rowBytes >> 8,
                                count & 0xff, count >> 8}));
        const auto start = bytes.size();
        append(bytes, bitmap.rows(first, rows));
        keepRealTimeApart(std::span(bytes).subspan(start));
    }
    return bytes;
}

Bytes encodeCut()
{
    return sequence({0x1d, 0x56, 0x42, 0x00});
}

Bytes encodeProcessId(const ProcessId& id)
{
    auto bytes = sequence({0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30});
    append(bytes, asBytes(std::string_view(id.data(), id.size())));
    return bytes;
}

Bytes encodeInOrderQuestion()
{
    return {kGs, std::byte{0x72}, std::byte{0x01}};
}

Bytes encodeClear()
{
    return sequence({0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08});
}

std::vector<Reply> ReplyTokenizer::feed(ByteView bytes)
{
    append(m_pending, bytes);
    std::vector<Reply> replies;
    std::size_t done = 0;
    while (done < m_pending.size()) {
        auto token = nextToken(ByteView(m_pending).subspan(done));
        if (!token) {
            break;
        }
        if (token->reply) {
            replies.push_back(std::move(*token->reply));
        }
        done += token->length;
    }
    m_pending.erase(m_pending.begin(), m_pending.begin() + static_cast<std::ptrdiff_t>(done));
    return replies;
}

Result<PrinterStatus> decodeStatus(StatusPage page, std::byte reply, PrinterStatus status)
{
    if (!matches(reply, kFixedMask, kRealTimeBits)) {
        return fail(Errc::Protocol,
                    fmt::format("status byte {:02X} is not ESC/POS", std::to_integer<int>(reply)),
                    Remedy::CallStaff);
    }
    switch (page) {
    case StatusPage::Printer:
        status.online = !has(reply, 0x08);
        break;
    case StatusPage::OfflineCause:
        status.coverOpen = has(reply, 0x04);
        status.paperOut = status.paperOut || has(reply, 0x20);
        status.otherError = status.otherError || has(reply, 0x40);
        break;
    case StatusPage::ErrorCause:
        status.cutterError = has(reply, 0x08);
        status.needsService = has(reply, 0x20);
        status.otherError = status.otherError || has(reply, 0x44);
        break;
    case StatusPage::Paper:
        status.paperNearEnd = has(reply, 0x0c);
        status.paperOut = status.paperOut || has(reply, 0x60);
        break;
    }
    return status;
}

PrinterStatus decodeStatus(const AutomaticStatus& reply)
{
    const auto& bits = reply.bits;
    PrinterStatus status;
    status.online = !has(bits[0], 0x08);
    status.coverOpen = has(bits[0], 0x20);
    status.otherError = has(bits[1], 0x44);
    status.cutterError = has(bits[1], 0x08);
    status.needsService = has(bits[1], 0x20);
    status.paperNearEnd = has(bits[2], 0x03);
    status.paperOut = has(bits[2], 0x0c);
    return status;
}

} // namespace guichet::escpos
