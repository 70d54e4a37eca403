// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/apdu_link.h"

#include <fmt/format.h>

namespace guichet::emv {
namespace {

constexpr int kMaxTurns = 8;
constexpr std::size_t kHeaderBytes = 5;
constexpr std::uint16_t kWrongLength = 0x6700;

bool hasDataAndLength(ByteView command)
{
    return command.size() > kHeaderBytes &&
           command.size() == kHeaderBytes + std::to_integer<std::size_t>(command[4]) + 1;
}

bool asksForLength(ByteView command)
{
    return command.size() == kHeaderBytes || hasDataAndLength(command);
}

SecretBytes joined(const SecretBytes& one, const SecretBytes& other)
{
    Bytes all;
    all.reserve(one.reveal().size() + other.reveal().size());
    all.insert(all.end(), one.reveal().begin(), one.reveal().end());
    all.insert(all.end(), other.reveal().begin(), other.reveal().end());
    return SecretBytes(std::move(all));
}

} // namespace

Result<CardAnswer> ApduLink::once(ByteView command)
{
    auto answer = m_channel.transmit(command, m_timeout);
    if (!answer) {
        auto error = answer.error();
        if (error.code == Errc::Disconnected && error.remedy == Remedy::None) {
            error.remedy = Remedy::ReinsertCard;
        }
        return tl::unexpected(std::move(error));
    }
    if (answer->size() < 2) {
        return fail(Errc::Protocol, fmt::format("answer of {} bytes", answer->size()),
                    Remedy::ReinsertCard);
    }
    const auto end = answer->size();
    const auto status = std::to_integer<unsigned>((*answer)[end - 2]) << 8 |
                        std::to_integer<unsigned>((*answer)[end - 1]);
    answer->resize(end - 2);
    return CardAnswer{SecretBytes(std::move(*answer)), static_cast<std::uint16_t>(status)};
}

Result<CardAnswer> ApduLink::exchange(ByteView command)
{
    Bytes next(command.begin(), command.end());
    SecretBytes collected;
    bool shortened = false;
    for (int turn = 0; turn < kMaxTurns; ++turn) {
        auto answer = once(next);
        if (!answer) {
            return answer;
        }
        const auto low = static_cast<std::byte>(answer->status & 0xff);
        switch (answer->status >> 8) {
        case 0x61:
            collected = joined(collected, answer->data);
            next = {command[0] & std::byte{0x03}, std::byte{0xc0}, std::byte{0}, std::byte{0}, low};
            continue;
        case 0x6c:
            if (asksForLength(next)) {
                next.back() = low;
            } else {
                next.push_back(low);
            }
            continue;
        default:
            break;
        }
        if (answer->status == kWrongLength && !shortened && collected.empty() &&
            hasDataAndLength(next)) {
            shortened = true;
            next.pop_back();
            continue;
        }
        answer->data = joined(collected, answer->data);
        return answer;
    }
    return fail(Errc::Protocol, fmt::format("no end after {} turns", kMaxTurns),
                Remedy::ReinsertCard);
}

} // namespace guichet::emv
