// SPDX-License-Identifier: Apache-2.0
#include "drivers/residentid/sdt_protocol.h"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace guichet::residentid {
namespace {

constexpr std::array kPreamble{std::byte{0xAA}, std::byte{0xAA}, std::byte{0xAA}, std::byte{0x96},
                               std::byte{0x69}};
constexpr std::size_t kLength = 2, kCheck = 1, kStatus = 3;
constexpr std::size_t kLongest = 4096; ///< of body and check byte

std::byte checkOf(ByteView bytes)
{
    return std::accumulate(bytes.begin(), bytes.end(), std::byte{0}, std::bit_xor<>());
}

Secret<Bytes> copyOf(ByteView bytes)
{
    return Secret<Bytes>(Bytes(bytes.begin(), bytes.end()));
}

std::uint32_t littleEndian(ByteView bytes)
{
    std::uint32_t value = 0;
    for (std::size_t i = bytes.size(); i > 0; --i) {
        value = value << 8U | std::to_integer<std::uint32_t>(bytes[i - 1]);
    }
    return value;
}

} // namespace

Bytes encodeCommand(SdtCommand command)
{
    const auto value = static_cast<std::uint16_t>(command);
    Bytes frame(kPreamble.begin(), kPreamble.end());
    const std::array body{std::byte{0}, std::byte{3}, static_cast<std::byte>(value >> 8U),
                          static_cast<std::byte>(value & 0xFFU)};
    frame.insert(frame.end(), body.begin(), body.end());
    frame.push_back(checkOf(body));
    return frame;
}

Error errorOf(SdtStatus status, std::string_view step)
{
    const auto error = [&](Errc code, Remedy remedy, std::string_view what) {
        return Error{code, remedy,
                     fmt::format("{}: {} (SW3 {:02X})", step, what, static_cast<unsigned>(status))};
    };
    switch (status) {
    case SdtStatus::NoCard:
        return error(Errc::NotFound, Remedy::InsertCard, "no card, or one that was read already");
    case SdtStatus::CardRefused:
    case SdtStatus::SamRefused:
    case SdtStatus::SelectFailed:
    case SdtStatus::ReadFailed:
        return error(Errc::Disconnected, Remedy::ReinsertCard, "the card moved");
    case SdtStatus::NotVerified:
        return error(Errc::Denied, Remedy::CallStaff, "the card's data does not verify");
    case SdtStatus::WrongCard:
        return error(Errc::Unsupported, Remedy::RemoveCard, "not a resident card");
    case SdtStatus::NoContent:
        return error(Errc::NotFound, Remedy::None, "the card does not hold this");
    case SdtStatus::SamBroken:
        return error(Errc::Denied, Remedy::CallStaff, "the security module failed its self-test");
    case SdtStatus::SamExpired:
        return error(Errc::Denied, Remedy::CallStaff,
                     "the security module is not authorised, or no longer");
    case SdtStatus::CheckSum:
    case SdtStatus::Length:
    case SdtStatus::Command:
    case SdtStatus::Ok:
    case SdtStatus::Found:
        break;
    }
    return error(Errc::Protocol, Remedy::Retry, "the reader refuses or answers something else");
}

void SdtDecoder::feed(ByteView bytes)
{
    Bytes all;
    all.reserve(m_pending.reveal().size() + bytes.size());
    all.insert(all.end(), m_pending.reveal().begin(), m_pending.reveal().end());
    all.insert(all.end(), bytes.begin(), bytes.end());
    m_pending = Secret<Bytes>(std::move(all));
}

void SdtDecoder::clear()
{
    m_pending = {};
}

std::optional<Result<SdtAnswer>> SdtDecoder::next()
{
    const ByteView all = m_pending.reveal();
    const auto start = std::search(all.begin(), all.end(), kPreamble.begin(), kPreamble.end());
    if (start == all.end()) { // its beginning may stand at the end
        m_pending = copyOf(all.last(std::min(all.size(), kPreamble.size() - 1)));
        return std::nullopt;
    }
    const auto frame = all.subspan(static_cast<std::size_t>(start - all.begin()));
    const auto rest = frame.subspan(kPreamble.size());
    if (rest.size() < kLength) {
        m_pending = copyOf(frame);
        return std::nullopt;
    }
    const std::size_t length =
        std::to_integer<std::size_t>(rest[0]) << 8U | std::to_integer<std::size_t>(rest[1]);
    if (length < kStatus + kCheck || length > kLongest) {
        m_pending = copyOf(rest);
        return fail(Errc::Protocol, "resident card reader: an answer of impossible length",
                    Remedy::Retry);
    }
    if (rest.size() < kLength + length) {
        m_pending = copyOf(frame);
        return std::nullopt;
    }
    const auto checked = rest.first(kLength + length - kCheck);
    if (checkOf(checked) != rest[checked.size()]) {
        m_pending = copyOf(rest); // an answer may begin inside
        return fail(Errc::Protocol, "resident card reader: an answer's check byte is wrong",
                    Remedy::Retry);
    }
    const auto body = checked.subspan(kLength);
    SdtAnswer answer{static_cast<SdtStatus>(body[kStatus - 1]), copyOf(body.subspan(kStatus))};
    m_pending = copyOf(rest.subspan(kLength + length));
    return answer;
}

Result<CardContent> parseCardContent(ByteView data)
{
    ByteReader reader(data);
    const auto text = reader.u16();
    const auto photo = reader.u16();
    if (!text || !photo || reader.left() != std::size_t{*text} + *photo) {
        return fail(Errc::Protocol, "resident card: the lengths of text and photo do not fit",
                    Remedy::Retry);
    }
    return CardContent{copyOf(reader.rest().first(*text)), copyOf(reader.rest().subspan(*text))};
}

Result<std::string> parseSamNumber(ByteView data)
{
    constexpr std::size_t kSize = 16;
    if (data.size() != kSize) {
        return fail(Errc::Protocol, "resident card reader: its number is not 16 bytes");
    }
    const auto number = [&](std::size_t at, std::size_t size) {
        return littleEndian(data.subspan(at, size));
    };
    return fmt::format("{:02}.{:02}-{:08}-{:010}-{:010}", number(0, 2), number(2, 2), number(4, 4),
                       number(8, 4), number(12, 4));
}

} // namespace guichet::residentid
