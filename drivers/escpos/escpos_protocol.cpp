// SPDX-License-Identifier: Apache-2.0
#include "drivers/escpos/escpos_protocol.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace guichet::escpos {
namespace {

constexpr std::byte kDle{0x10}, kEsc{0x1b}, kFs{0x1c}, kGs{0x1d};
/// With its head a strip stays below kResynchronisationZeros.
constexpr int kStripBytes = 8000;

constexpr unsigned kFixedMask = 0x93, kRealTimeBits = 0x12, kAutomaticBits = 0x10;
constexpr unsigned kFollowingMask = 0x90;
constexpr std::byte kProcessBlock{0x37}, kProcessMark{0x22}, kClearedMark{0x25};
constexpr std::array kBlockStarts{std::byte{0x5f}, kProcessBlock, std::byte{0x35}, std::byte{0x3b},
                                  std::byte{0x3d}};
constexpr std::byte kTicketStart{0x10}, kTicketSecond{0x0f};
constexpr std::size_t kTicketLength = 6;
constexpr unsigned kTearBarDots = 120;
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

std::optional<Token> nextToken(ByteView bytes, bool ticketStatus)
{
    const auto first = bytes[0];
    if (ticketStatus && first == kTicketStart && (bytes.size() < 2 || bytes[1] == kTicketSecond)) {
        if (bytes.size() < kTicketLength) {
            return std::nullopt;
        }
        return Token{TicketStatus{{bytes[2], bytes[3], bytes[4], bytes[5]}}, kTicketLength};
    }
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

Bytes encodeResynchronisation(bool automaticStatus)
{
    Bytes bytes(kResynchronisationZeros);
    append(bytes, encodeInitialise(automaticStatus));
    return bytes;
}

Bytes encodeInitialise(bool automaticStatus)
{
    Bytes bytes{kEsc, std::byte{0x40}};
    if (automaticStatus) {
        append(bytes, sequence({0x1d, 0x61, 0xff}));
    }
    return bytes;
}

Bytes encodeRaster(const Bitmap& bitmap, RasterCommand command, int stripRows)
{
    Bytes bytes;
    const auto rowBytes = static_cast<unsigned>(bitmap.bytesPerRow());
    const auto width = static_cast<unsigned>(bitmap.width());
    const int most = std::clamp(kStripBytes / std::max(bitmap.bytesPerRow(), 1), 1, stripRows);
    for (int first = 0; first < bitmap.height(); first += most) {
        const auto rows = std::min(most, bitmap.height() - first);
        const auto count = static_cast<unsigned>(rows);
        if (command == RasterCommand::GsL) {
            const unsigned length = 10 + rowBytes * count;
            append(bytes,
                   sequence({0x1d, 0x28, 0x4c, length & 0xff, length >> 8, 0x30, 0x70, 0x30, 0x01,
                             0x01, 0x31, width & 0xff, width >> 8, count & 0xff, count >> 8}));
        } else {
            append(bytes, sequence({0x1d, 0x76, 0x30, 0x00, rowBytes & 0xff, rowBytes >> 8,
                                    count & 0xff, count >> 8}));
        }
        const auto start = bytes.size();
        append(bytes, bitmap.rows(first, rows));
        keepRealTimeApart(std::span(bytes).subspan(start));
        if (command == RasterCommand::GsL) {
            append(bytes, sequence({0x1d, 0x28, 0x4c, 0x02, 0x00, 0x30, 0x32}));
        }
    }
    return bytes;
}

Bytes encodeCut(CutKind kind)
{
    if (kind == CutKind::None) {
        return sequence({0x1b, 0x4a, kTearBarDots});
    }
    return sequence({0x1d, 0x56, kind == CutKind::Full ? 0x41U : 0x42U, 0x00});
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

Bytes encodeTicketRequest()
{
    return sequence({0x10, 0x04, 0x14});
}

std::optional<int> mostAnswers(ByteView raw)
{
    // One byte each: GS r, ESC u, ESC v, GS I 1 to 3. In blocks, which are told apart: GS (, FS (.
    // In ways of their makers, or as often as a macro says: all others that are known.
    constexpr std::string_view kNoTelling = "g:^\xE0\xE1";
    constexpr int kMost = 64;
    int count = 0;
    for (std::size_t i = 0; i + 1 < raw.size(); ++i) {
        const auto second = std::to_integer<unsigned>(raw[i + 1]);
        const auto third = i + 2 < raw.size() ? std::to_integer<unsigned>(raw[i + 2]) : 0U;
        if (raw[i] == kGs) {
            const bool identity = second == 'I';
            const bool shortOne = (third >= 1 && third <= 3) || (third >= '1' && third <= '3');
            if (kNoTelling.find(static_cast<char>(second)) != std::string_view::npos ||
                (identity && !shortOne)) {
                return std::nullopt;
            }
            count += second == 'r' || identity ? 1 : 0;
        } else if (raw[i] == kEsc) {
            count += second == 'u' || second == 'v' ? 1 : 0;
        } else if ((raw[i] == kFs && second == 'g') ||
                   (raw[i] == kDle && second == 0x04 && (third < 1 || third > 4))) {
            return std::nullopt;
        }
    }
    return count <= kMost ? std::optional(count) : std::nullopt;
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
        auto token = nextToken(ByteView(m_pending).subspan(done), m_ticketStatus);
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

bool paperAtOutlet(const TicketStatus& status)
{
    return has(status.bits[0], 0x20);
}

} // namespace guichet::escpos
