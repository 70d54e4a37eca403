// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/card_link.h"

#include <fmt/format.h>

#include "drivers/mrtd/tlv.h"

namespace guichet::mrtd {
namespace {

constexpr std::size_t kSparePieces = 8, kHeaderBytes = 5;
constexpr unsigned kMoreWaiting = 0x61, kOtherLength = 0x6C;

bool isShortWithoutData(ByteView command)
{
    return command.size() == kHeaderBytes;
}

bool isShortWithBoth(ByteView command)
{
    return command.size() > kHeaderBytes && command[4] != std::byte{0} &&
           command.size() == kHeaderBytes + std::to_integer<std::size_t>(command[4]) + 1;
}

} // namespace

CardLink::CardLink(CardChannel& channel, std::chrono::milliseconds timeout, std::stop_token stop)
    : m_channel(channel)
    , m_timeout(timeout)
    , m_stop(std::move(stop))
{
}

void CardLink::secure(SecureMessaging session)
{
    m_session.emplace(std::move(session));
}

Result<SecretBytes> CardLink::once(ByteView command)
{
    if (m_stop.stop_requested()) {
        return fail(Errc::Cancelled, "stopped between two commands");
    }
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
    return SecretBytes(std::move(*answer));
}

Result<SecretBytes> CardLink::whole(Bytes command, std::size_t most)
{
    const auto pieces = kSparePieces + 2 * (most / kShortAnswer);
    const auto group = command[0] & std::byte{0x03};
    SecretBytes collected;
    for (std::size_t piece = 0; piece < pieces; ++piece) {
        auto answer = once(command);
        if (!answer) {
            return answer;
        }
        const ByteView bytes(answer->reveal());
        const auto first = std::to_integer<unsigned>(bytes[bytes.size() - 2]);
        const auto last = bytes.back();
        if (first == kOtherLength && bytes.size() == 2 &&
            (isShortWithoutData(command) || isShortWithBoth(command))) {
            command.back() = last;
            continue;
        }
        if (first != kMoreWaiting) {
            return collected.empty()
                       ? std::move(answer)
                       : Result<SecretBytes>(SecretBytes(joined({collected.reveal(), bytes})));
        }
        collected = SecretBytes(joined({collected.reveal(), bytes.first(bytes.size() - 2)}));
        if (collected.reveal().size() > most + kShortAnswer) {
            break;
        }
        command = {group, std::byte{0xC0}, std::byte{0}, std::byte{0}, last};
    }
    return fail(Errc::Protocol,
                fmt::format("the chip has more to say without an end: {} bytes so far",
                            collected.reveal().size()),
                Remedy::ReinsertCard);
}

Result<CardAnswer> CardLink::exchange(const Command& command)
{
    if (m_broken) {
        return fail(Errc::Denied, "the secured session is over", Remedy::ReinsertCard);
    }
    const auto most = command.expected.value_or(0) > kShortAnswer ? kLongestAnswer : kShortAnswer;
    if (!m_session) {
        const auto answer = whole(encode(command), most);
        return answer ? parseAnswer(answer->reveal()) : tl::unexpected(answer.error());
    }
    auto wrapped = m_session->wrap(command);
    auto answer = wrapped ? whole(std::move(*wrapped), most)
                          : Result<SecretBytes>(tl::unexpected(wrapped.error()));
    auto plain = answer ? m_session->unwrap(answer->reveal())
                        : Result<CardAnswer>(tl::unexpected(answer.error()));
    if (!plain) {
        m_session.reset();
        m_broken = true;
        if (plain.error().code == Errc::Denied) {
            plain.error().remedy = Remedy::ReinsertCard;
        }
    }
    return plain;
}

} // namespace guichet::mrtd
