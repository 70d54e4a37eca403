// SPDX-License-Identifier: Apache-2.0
#include "drivers/modbus/modbus_protocol.h"

#include <algorithm>

namespace guichet::modbus {

namespace {

constexpr std::size_t kTcpHeader = 6; ///< transaction, protocol, length; the unit follows
constexpr std::size_t kMostPdu = 253;
constexpr std::uint8_t kRefused = 0x80;

void put(Bytes& bytes, std::size_t value)
{
    bytes.push_back(static_cast<std::byte>(value >> 8U & 0xFFU));
    bytes.push_back(static_cast<std::byte>(value & 0xFFU));
}

std::size_t wordAt(ByteView bytes, std::size_t at)
{
    return std::to_integer<std::size_t>(bytes[at]) << 8U |
           std::to_integer<std::size_t>(bytes[at + 1]);
}

std::size_t packedSize(std::size_t bits)
{
    return (bits + 7) / 8;
}

/// Function and what belongs to it.
Bytes pduOf(const Request& request)
{
    Bytes pdu{static_cast<std::byte>(request.function)};
    put(pdu, request.first);
    put(pdu, request.bits.size());
    if (request.function != Function::WriteMultipleCoils) {
        return pdu;
    }
    pdu.push_back(static_cast<std::byte>(packedSize(request.bits.size())));
    const auto data = pdu.size();
    pdu.resize(data + packedSize(request.bits.size()));
    for (std::size_t i = 0; i < request.bits.size(); ++i) {
        if (request.bits[i]) {
            pdu[data + i / 8] |= std::byte{1} << static_cast<unsigned>(i % 8);
        }
    }
    return pdu;
}

/// How long the answer's PDU is; nothing: its first two bytes are not there, or it is none of ours.
std::optional<std::size_t> pduSize(ByteView pdu, const Request& request)
{
    if (pdu.size() < 2) {
        return std::nullopt;
    }
    if (std::to_integer<std::uint8_t>(pdu[0]) & kRefused) {
        return 2;
    }
    return request.function == Function::WriteMultipleCoils ? 5
                                                            : 2 + packedSize(request.bits.size());
}

tl::unexpected<Error> wrong(const char* what)
{
    return fail(Errc::Protocol, std::string("modbus: ") + what, Remedy::CallStaff);
}

Refusal refusalOf(std::byte code)
{
    const auto number = std::to_integer<std::uint8_t>(code);
    return number >= 1 && number <= 6 && number != 5 ? static_cast<Refusal>(number)
                                                     : Refusal::Other;
}

Result<std::optional<Answer>> answerOf(ByteView pdu, const Request& request)
{
    const auto function = static_cast<std::uint8_t>(request.function);
    if (pdu[0] == static_cast<std::byte>(function | kRefused)) {
        return Answer{.refusal = refusalOf(pdu[1])};
    }
    if (pdu[0] != static_cast<std::byte>(function)) {
        return wrong("the answer is to another function");
    }
    Answer answer;
    if (request.function == Function::WriteMultipleCoils) {
        if (wordAt(pdu, 1) != request.first || wordAt(pdu, 3) != request.bits.size()) {
            return wrong("other coils were written than asked for");
        }
        return answer;
    }
    if (std::to_integer<std::size_t>(pdu[1]) != packedSize(request.bits.size())) {
        return wrong("another number of bits than asked for");
    }
    for (std::size_t i = 0; i < request.bits.size(); ++i) {
        answer.bits.push_back((pdu[2 + i / 8] >> static_cast<unsigned>(i % 8) & std::byte{1}) !=
                              std::byte{0});
    }
    return answer;
}

Result<std::optional<Answer>> decodeTcp(ByteView came, const Request& request, std::size_t& used)
{
    for (;;) {
        const auto rest = came.subspan(used);
        if (rest.size() < kTcpHeader + 3) {
            return std::optional<Answer>();
        }
        const auto length = wordAt(rest, 4);
        if (wordAt(rest, 2) != 0 || length < 3 || length > kMostPdu + 1) {
            return wrong("no header of Modbus on TCP");
        }
        if (rest.size() < kTcpHeader + length) {
            return std::optional<Answer>();
        }
        used += kTcpHeader + length;
        if (wordAt(rest, 0) != request.transaction) {
            continue; // late, of a request that was given up
        }
        if (rest[kTcpHeader] != static_cast<std::byte>(request.unit)) {
            return wrong("the answer is of another unit");
        }
        const auto pdu = rest.subspan(kTcpHeader + 1, length - 1);
        if (pduSize(pdu, request) != pdu.size()) {
            return wrong("an answer of another length");
        }
        return answerOf(pdu, request);
    }
}

Result<std::optional<Answer>> decodeRtu(ByteView came, const Request& request, std::size_t& used)
{
    constexpr std::size_t kUnit = 1, kCrc = 2;
    if (came.size() < kUnit + 2) {
        return std::optional<Answer>();
    }
    const auto size = *pduSize(came.subspan(kUnit), request);
    if (came.size() < kUnit + size + kCrc) {
        return std::optional<Answer>();
    }
    used = kUnit + size + kCrc;
    const auto sum = crc(came.first(kUnit + size));
    if (came[kUnit + size] != static_cast<std::byte>(sum & 0xFFU) ||
        came[kUnit + size + 1] != static_cast<std::byte>(sum >> 8U)) {
        return wrong("the sum at the end is not right");
    }
    if (came[0] != static_cast<std::byte>(request.unit)) {
        return wrong("the answer is of another unit");
    }
    return answerOf(came.subspan(kUnit, size), request);
}

} // namespace

std::uint16_t crc(ByteView bytes)
{
    unsigned sum = 0xFFFF;
    for (const auto byte : bytes) {
        sum ^= std::to_integer<unsigned>(byte);
        for (int bit = 0; bit < 8; ++bit) {
            sum = (sum & 1U) != 0 ? sum >> 1U ^ 0xA001U : sum >> 1U;
        }
    }
    return static_cast<std::uint16_t>(sum);
}

Bytes encode(const Request& request, Framing framing)
{
    const auto pdu = pduOf(request);
    Bytes bytes;
    if (framing == Framing::Tcp) {
        put(bytes, request.transaction);
        put(bytes, 0);
        put(bytes, pdu.size() + 1);
    }
    bytes.push_back(static_cast<std::byte>(request.unit));
    bytes.insert(bytes.end(), pdu.begin(), pdu.end());
    if (framing == Framing::Rtu) {
        const auto sum = crc(bytes);
        bytes.push_back(static_cast<std::byte>(sum & 0xFFU));
        bytes.push_back(static_cast<std::byte>(sum >> 8U));
    }
    return bytes;
}

Result<std::optional<Answer>> decode(ByteView came, const Request& request, Framing framing,
                                     std::size_t& used)
{
    used = 0;
    return framing == Framing::Tcp ? decodeTcp(came, request, used)
                                   : decodeRtu(came, request, used);
}

} // namespace guichet::modbus
