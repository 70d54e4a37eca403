// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/card_link.h"

namespace guichet::mrtd {

CardLink::CardLink(CardChannel& channel, std::chrono::milliseconds timeout, std::stop_token stop)
    : m_exchange(channel, {.timeout = timeout, .stop = std::move(stop)})
{
}

void CardLink::secure(SecureMessaging session)
{
    m_session.emplace(std::move(session));
}

Result<CardAnswer> CardLink::exchange(const Command& command)
{
    if (m_broken) {
        return fail(Errc::Denied, "the secured session is over", Remedy::ReinsertCard);
    }
    const auto most = command.expected.value_or(0) > kShortAnswer ? kLongestAnswer : kShortAnswer;
    if (!m_session) {
        const auto answer = m_exchange.perform(encode(command), most);
        return answer ? parseAnswer(answer->reveal()) : tl::unexpected(answer.error());
    }
    auto wrapped = m_session->wrap(command);
    auto answer = wrapped ? m_exchange.perform(*wrapped, most)
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
