// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/ccid_model.h"

#include <stdexcept>

namespace guichet::lab {
namespace {

constexpr std::size_t kMessageHeader = 10;
constexpr std::uint8_t kSetParameters = 0x61, kPowerOn = 0x62, kPowerOff = 0x63, kSlotStatus = 0x65,
                       kGetParameters = 0x6C, kResetParameters = 0x6D, kTransfer = 0x6F;
constexpr std::uint8_t kDataBlock = 0x80, kSlotState = 0x81, kParameters = 0x82;
constexpr std::uint8_t kFailed = 0x40, kMute = 0xFE, kNotSupported = 0x00;
constexpr unsigned kBulkIn = 1;

std::uint8_t at(ByteView bytes, std::size_t index)
{
    return std::to_integer<std::uint8_t>(bytes[index]);
}

std::size_t lengthOf(ByteView header)
{
    return at(header, 1) | std::size_t{at(header, 2)} << 8U | std::size_t{at(header, 3)} << 16U;
}

Bytes slotChange(bool present)
{
    return {std::byte{0x50}, present ? std::byte{0x03} : std::byte{0x02}};
}

} // namespace

Bytes CcidReader::insert(std::string_view card)
{
    auto made = virtualdevices::makeSlotCard(card);
    if (!made) {
        throw std::invalid_argument("no such card");
    }
    const std::lock_guard guard(m_lock);
    m_card = std::move(made);
    m_dead = m_powered = m_torn = false;
    m_apdus = m_tearAt = 0;
    return slotChange(true);
}

Bytes CcidReader::insertDead()
{
    auto change = insert("visa");
    const std::lock_guard guard(m_lock);
    m_dead = true;
    return change;
}

Bytes CcidReader::remove()
{
    const std::lock_guard guard(m_lock);
    m_card.reset();
    m_powered = false;
    return slotChange(false);
}

void CcidReader::tearInApdu(unsigned number)
{
    const std::lock_guard guard(m_lock);
    m_tearAt = number;
}

void CcidReader::onApdu(std::function<void(unsigned number)> call)
{
    const std::lock_guard guard(m_lock);
    m_onApdu = std::move(call);
}

unsigned CcidReader::apdus() const
{
    const std::lock_guard guard(m_lock);
    return m_apdus;
}

void CcidReader::losePower()
{
    const std::lock_guard guard(m_lock);
    m_powered = false;
    m_apdus = 0;
    m_received.clear();
}

std::map<unsigned, Bytes> CcidReader::take(ByteView bytes)
{
    const std::lock_guard guard(m_lock);
    m_received.insert(m_received.end(), bytes.begin(), bytes.end());
    std::map<unsigned, Bytes> said;
    if (m_received.size() >= kMessageHeader &&
        m_received.size() >= kMessageHeader + lengthOf(m_received)) {
        const auto message = std::exchange(m_received, {});
        said[kBulkIn] = answer(message);
    }
    if (std::exchange(m_torn, false)) {
        said[kInterruptPipe] = slotChange(false);
    }
    return said;
}

Bytes CcidReader::answer(ByteView message)
{
    const auto header = message.first(kMessageHeader);
    const auto data = message.subspan(kMessageHeader, lengthOf(header));
    switch (at(header, 0)) {
    case kPowerOn:
        return powerOn(header);
    case kPowerOff:
        m_powered = false;
        return says(kSlotState, header);
    case kSlotStatus:
        return says(kSlotState, header);
    case kTransfer:
        return exchange(header, data);
    case kSetParameters:
        return says(kParameters, header, at(header, 7), data);
    case kGetParameters:
    case kResetParameters:
        return says(kParameters, header, 1, *fromHex("1110004500FE00"));
    default:
        return failed(kSlotState, header, kNotSupported);
    }
}

Bytes CcidReader::powerOn(ByteView header)
{
    if (!m_card || m_dead) {
        return failed(kDataBlock, header, kMute);
    }
    m_powered = true;
    m_card->chip->reset();
    return says(kDataBlock, header, 0, m_card->chip->atr());
}

Bytes CcidReader::exchange(ByteView header, ByteView command)
{
    if (!m_card || !m_powered) {
        return failed(kDataBlock, header, kMute);
    }
    ++m_apdus;
    if (m_onApdu) {
        m_onApdu(m_apdus);
    }
    if (m_apdus == m_tearAt) {
        m_card.reset();
        m_powered = false;
        m_torn = true;
        return failed(kDataBlock, header, kMute);
    }
    return says(kDataBlock, header, 0, m_card->chip->answer(command));
}

/// Type, length, slot and sequence number, the card's state, no error, the byte that ends a header.
Bytes CcidReader::says(std::uint8_t type, ByteView header, std::uint8_t last, ByteView data) const
{
    Bytes message{std::byte{type},
                  static_cast<std::byte>(data.size() & 0xFFU),
                  static_cast<std::byte>(data.size() >> 8U),
                  std::byte{},
                  std::byte{},
                  header[5],
                  header[6],
                  std::byte{cardStatus()},
                  std::byte{},
                  std::byte{last}};
    message.insert(message.end(), data.begin(), data.end());
    return message;
}

Bytes CcidReader::failed(std::uint8_t type, ByteView header, std::uint8_t why) const
{
    auto message = says(type, header);
    message[7] |= std::byte{kFailed};
    message[8] = std::byte{why};
    return message;
}

std::uint8_t CcidReader::cardStatus() const
{
    constexpr std::uint8_t kActive = 0, kInactive = 1, kAbsent = 2;
    return !m_card ? kAbsent : m_powered ? kActive : kInactive;
}

UsbModel ccidModel(const std::shared_ptr<CcidReader>& reader)
{
    // The ids are in libccid's list; it exchanges short APDUs and does all else by itself.
    return {*fromHex("1201000200000040E6083734000100000301"),
            *fromHex("09025D00010100803209040000030B000000"
                     "36211001000703000000A00F0000A00F000000002A00000040050000FE00"
                     "000000000000000000007A0002000F010000FFFF00000001"
                     "07058102000200"
                     "07050202000200"
                     "0705830308000A"),
            "C-1",
            [reader](unsigned, ByteView bytes) { return reader->take(bytes); },
            {}};
}

} // namespace guichet::lab
