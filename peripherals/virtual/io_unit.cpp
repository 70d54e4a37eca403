// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/io_unit.h"

#include <algorithm>

namespace guichet::virtualdevices {

namespace {

constexpr std::size_t kHeader = 7; ///< transaction, protocol, length, unit
constexpr std::size_t kLargest = 260;

enum Exception : unsigned char { kIllegalFunction = 1, kIllegalAddress = 2, kIllegalValue = 3 };

unsigned word(ByteView bytes, std::size_t at)
{
    return std::to_integer<unsigned>(bytes[at]) * 256U + std::to_integer<unsigned>(bytes[at + 1]);
}

Bytes refuse(ByteView pdu, Exception why)
{
    return {pdu[0] | std::byte{0x80}, static_cast<std::byte>(why)};
}

bool within(unsigned first, unsigned count)
{
    return first + count <= IoUnit::kCount;
}

} // namespace

Result<Bytes> IoUnit::answer(ByteView came, std::size_t& used)
{
    used = 0;
    if (came.size() < kHeader + 1) {
        return Bytes();
    }
    const auto length = word(came, 4);
    if (word(came, 2) != 0 || length < 2 || length + 6 > kLargest) {
        return fail(Errc::Protocol, "io unit: no Modbus");
    }
    if (came.size() < length + 6) {
        return Bytes();
    }
    used = length + 6;
    const auto pdu = perform(came.subspan(kHeader, length - 1));
    Bytes answer(came.begin(), came.begin() + kHeader);
    answer[4] = std::byte{0};
    answer[5] = static_cast<std::byte>(pdu.size() + 1);
    answer.insert(answer.end(), pdu.begin(), pdu.end());
    return answer;
}

Bytes IoUnit::perform(ByteView pdu)
{
    switch (std::to_integer<int>(pdu[0])) {
    case 1:
        return read(pdu, m_coils);
    case 2:
        return read(pdu, m_inputs);
    case 5:
        return writeOne(pdu);
    case 15:
        return writeMany(pdu);
    default:
        return refuse(pdu, kIllegalFunction);
    }
}

Bytes IoUnit::read(ByteView pdu, const Bits& bits) const
{
    if (pdu.size() != 5) {
        return refuse(pdu, kIllegalValue);
    }
    const auto first = word(pdu, 1);
    const auto count = word(pdu, 3);
    if (count == 0 || count > 2000) {
        return refuse(pdu, kIllegalValue);
    }
    if (!within(first, count)) {
        return refuse(pdu, kIllegalAddress);
    }
    Bytes answer{pdu[0], static_cast<std::byte>((count + 7) / 8)};
    answer.resize(2 + (count + 7) / 8);
    for (unsigned i = 0; i < count; ++i) {
        if (bits.at(first + i)) {
            answer[2 + i / 8] |= std::byte{1} << i % 8;
        }
    }
    return answer;
}

Bytes IoUnit::writeOne(ByteView pdu)
{
    if (pdu.size() != 5 || (word(pdu, 3) != 0 && word(pdu, 3) != 0xFF00)) {
        return refuse(pdu, kIllegalValue);
    }
    if (!within(word(pdu, 1), 1)) {
        return refuse(pdu, kIllegalAddress);
    }
    m_coils.at(word(pdu, 1)) = word(pdu, 3) != 0;
    return {pdu.begin(), pdu.end()};
}

Bytes IoUnit::writeMany(ByteView pdu)
{
    const auto count = pdu.size() > 5 ? word(pdu, 3) : 0;
    const auto size = (count + 7) / 8;
    if (count == 0 || std::to_integer<std::size_t>(pdu[5]) != size || pdu.size() != 6 + size) {
        return refuse(pdu, kIllegalValue);
    }
    const auto first = word(pdu, 1);
    if (!within(first, count)) {
        return refuse(pdu, kIllegalAddress);
    }
    for (unsigned i = 0; i < count; ++i) {
        m_coils.at(first + i) = (pdu[6 + i / 8] >> i % 8 & std::byte{1}) != std::byte{0};
    }
    return {pdu.begin(), pdu.begin() + 5};
}

} // namespace guichet::virtualdevices
