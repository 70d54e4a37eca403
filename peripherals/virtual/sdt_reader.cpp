// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/sdt_reader.h"

#include <algorithm>
#include <array>

namespace guichet::virtualdevices {
namespace {

constexpr std::array<unsigned char, 5> kPreamble{0xAA, 0xAA, 0xAA, 0x96, 0x69};
constexpr std::size_t kHead = kPreamble.size() + 2;
constexpr std::size_t kPhotoSize = 1024;

constexpr unsigned char kOk = 0x90, kNoContent = 0x91, kFound = 0x9F, kNoCard = 0x80,
                        kSelectFailed = 0x81, kReadFailed = 0x41, kWrongCard = 0x40,
                        kExpired = 0x66, kBadCheck = 0x10, kBadCommand = 0x21;

unsigned at(ByteView bytes, std::size_t index)
{
    return std::to_integer<unsigned>(bytes[index]);
}

std::byte checkOf(ByteView bytes)
{
    std::byte sum{};
    for (const auto byte : bytes) {
        sum ^= byte;
    }
    return sum;
}

void append(Bytes& bytes, std::size_t number)
{
    bytes.push_back(static_cast<std::byte>(number >> 8U));
    bytes.push_back(static_cast<std::byte>(number & 0xFFU));
}

} // namespace

void SdtReader::place(ResidentCardProfile card)
{
    remove();
    m_card = std::move(card);
}

void SdtReader::remove()
{
    m_card.reset();
    m_found = m_selected = m_read = false;
}

Bytes SdtReader::take(ByteView bytes)
{
    m_pending.insert(m_pending.end(), bytes.begin(), bytes.end());
    Bytes answers;
    for (;;) {
        const auto start = std::search(m_pending.begin(), m_pending.end(), kPreamble.begin(),
                                       kPreamble.end(), [](std::byte have, unsigned char want) {
                                           return have == static_cast<std::byte>(want);
                                       });
        if (start == m_pending.end()) {
            return answers; // the beginning of a frame may stand at the end
        }
        m_pending.erase(m_pending.begin(), start);
        if (m_pending.size() < kHead) {
            return answers;
        }
        const auto length = at(m_pending, 5) << 8U | at(m_pending, 6);
        if (m_pending.size() < kHead + length) {
            return answers;
        }
        const auto whole = ByteView(m_pending).subspan(kPreamble.size(), 2 + length);
        const bool sound = length >= 3 && checkOf(whole) == std::byte{};
        const auto reply =
            sound ? answer(whole.subspan(2, length - 1)) : frameOf({.verdict = kBadCheck});
        answers.insert(answers.end(), reply.begin(), reply.end());
        m_pending.erase(m_pending.begin(),
                        m_pending.begin() + static_cast<std::ptrdiff_t>(kHead + length));
    }
}

Bytes SdtReader::answer(ByteView body)
{
    if (m_fault == Fault::Mute) {
        return {};
    }
    auto frame = frameOf(obey(at(body, 0), at(body, 1)));
    if (m_fault == Fault::Damaged) {
        m_fault = Fault::None;
        frame.back() ^= std::byte{0x55};
    }
    return frame;
}

Bytes SdtReader::frameOf(const Reply& reply)
{
    Bytes frame;
    for (const auto byte : kPreamble) {
        frame.push_back(static_cast<std::byte>(byte));
    }
    append(frame, 3 + reply.data.size() + 1);
    frame.insert(frame.end(), 2, std::byte{}); // the card's own words
    frame.push_back(static_cast<std::byte>(reply.verdict));
    frame.insert(frame.end(), reply.data.begin(), reply.data.end());
    frame.push_back(checkOf(ByteView(frame).subspan(kPreamble.size())));
    return frame;
}

SdtReader::Reply SdtReader::obey(unsigned command, unsigned parameter)
{
    if (m_fault == Fault::Expired) {
        return {kExpired};
    }
    switch (command << 8U | parameter) {
    case 0x10FF:
        m_found = m_selected = false;
        return {kOk};
    case 0x11FF:
        return {kOk};
    case 0x12FF:
        return {kOk, *fromHex("050003000CB1340140E20100B168DE3A")};
    case 0x2001:
        m_found = m_card && !m_read;
        m_selected = false;
        return m_found ? Reply{kFound, Bytes(4)} : Reply{kNoCard};
    case 0x2002:
        m_selected = m_found && m_fault != Fault::OtherCard;
        return m_selected                    ? Reply{kOk, Bytes(8)}
               : m_fault == Fault::OtherCard ? Reply{kWrongCard}
                                             : Reply{kSelectFailed};
    case 0x3001:
        return readCard();
    case 0x3003: {
        const auto address = m_read ? newAddressOf(*m_card) : Bytes();
        return address.empty() ? Reply{m_read ? kNoContent : kReadFailed} : Reply{kOk, address};
    }
    default:
        return {kBadCommand};
    }
}

SdtReader::Reply SdtReader::readCard()
{
    ++m_readings;
    if (!m_selected || m_fault == Fault::CardMoves || m_fault == Fault::CardMovesOnce) {
        if (m_selected && m_fault == Fault::CardMovesOnce) {
            m_fault = Fault::None;
        }
        m_found = m_selected = false;
        return {kReadFailed};
    }
    m_read = true;
    const auto text = textOf(*m_card);
    Bytes data;
    append(data, text.size());
    append(data, kPhotoSize);
    data.insert(data.end(), text.begin(), text.end());
    data.insert(data.end(), kPhotoSize,
                std::byte{0x57}); // of no meaning: only decoders' makers know
    return {kOk, std::move(data)};
}

} // namespace guichet::virtualdevices
