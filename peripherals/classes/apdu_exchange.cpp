// SPDX-License-Identifier: Apache-2.0
#include "peripherals/classes/apdu_exchange.h"

#include <fmt/format.h>

namespace guichet {

namespace {

constexpr std::size_t kShortAnswer = 256, kHeaderBytes = 5, kStatusBytes = 2;
constexpr std::size_t kLeastTurns = 8;
constexpr std::uint16_t kWrongLength = 0x6700;
constexpr unsigned kMoreWaiting = 0x61, kOtherLength = 0x6c;

/// Short, with data and Le.
bool hasDataAndLength(ByteView command)
{
    return command.size() > kHeaderBytes && command[4] != std::byte{0} &&
           command.size() == kHeaderBytes + std::to_integer<std::size_t>(command[4]) + 1;
}

bool isExtended(ByteView command)
{
    return command.size() > kHeaderBytes && command[4] == std::byte{0};
}

RawAnswer joined(ByteView one, ByteView other)
{
    Bytes all;
    all.reserve(one.size() + other.size()); // no copy is left behind by growing
    all.insert(all.end(), one.begin(), one.end());
    all.insert(all.end(), other.begin(), other.end());
    return RawAnswer(std::move(all));
}

} // namespace

std::uint16_t statusOf(const RawAnswer& answer)
{
    const ByteView bytes(answer.reveal());
    return static_cast<std::uint16_t>(std::to_integer<unsigned>(bytes[bytes.size() - 2]) << 8 |
                                      std::to_integer<unsigned>(bytes.back()));
}

ByteView dataOf(const RawAnswer& answer)
{
    return ByteView(answer.reveal()).first(answer.reveal().size() - kStatusBytes);
}

ApduExchange::ApduExchange(CardChannel& channel, ExchangeRules rules)
    : m_channel(channel)
    , m_rules(std::move(rules))
{
}

Result<RawAnswer> ApduExchange::once(ByteView command)
{
    if (m_rules.stop.stop_requested()) {
        return fail(Errc::Cancelled, "stopped between two commands");
    }
    auto answer = m_channel.transmit(command, m_rules.timeout);
    if (!answer) {
        auto error = answer.error();
        if (error.code == Errc::Disconnected && error.remedy == Remedy::None) {
            error.remedy = Remedy::ReinsertCard;
        }
        return tl::unexpected(std::move(error));
    }
    if (answer->size() < kStatusBytes) {
        return fail(Errc::Protocol, fmt::format("answer of {} bytes", answer->size()),
                    Remedy::ReinsertCard);
    }
    return RawAnswer(std::move(*answer));
}

Result<RawAnswer> ApduExchange::perform(ByteView command, std::size_t most)
{
    const auto turns = kLeastTurns + 2 * ((most - 1) / kShortAnswer);
    Bytes next(command.begin(), command.end());
    RawAnswer collected;
    bool shortened = false;
    for (std::size_t turn = 0; turn < turns; ++turn) {
        auto answer = once(next);
        if (!answer) {
            return answer;
        }
        const auto data = dataOf(*answer);
        const auto low = answer->reveal().back();
        const auto status = statusOf(*answer);
        if (status >> 8 == kOtherLength && data.empty() && !isExtended(next)) {
            if (next.size() == kHeaderBytes || hasDataAndLength(next)) {
                next.back() = low;
            } else {
                next.push_back(low);
            }
            continue;
        }
        if (status >> 8 == kMoreWaiting) {
            collected = joined(collected.reveal(), data);
            if (collected.reveal().size() > most + kShortAnswer) {
                break;
            }
            next = {command[0] & std::byte{0x03}, std::byte{0xc0}, std::byte{0}, std::byte{0}, low};
            continue;
        }
        if (status == kWrongLength && m_rules.retryWithoutLength && !shortened &&
            collected.empty() && hasDataAndLength(next)) {
            shortened = true;
            next.pop_back();
            continue;
        }
        if (collected.empty()) {
            return answer;
        }
        return joined(collected.reveal(), answer->reveal());
    }
    return fail(Errc::Protocol,
                fmt::format("the card has more to say without an end: {} bytes so far",
                            collected.reveal().size()),
                Remedy::ReinsertCard);
}

} // namespace guichet
