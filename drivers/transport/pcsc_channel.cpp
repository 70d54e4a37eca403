// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/pcsc_channel.h"

#include <array>
#include <cstring>
#include <thread>

#include "drivers/transport/pcsc_errors.h"

namespace guichet::transport {
namespace {

constexpr std::size_t kLongestAnswer = 65538;
constexpr int kSharingTries = 4;
constexpr auto kSharingPause = std::chrono::milliseconds(300);
/// What pcscd takes at most to see a pulled cable, if it says that the card is gone, or only that
/// the talk with the reader broke off.
constexpr std::chrono::milliseconds kUnplugSeen{300}, kUnplugSeenAfterBreak{1000};

void disconnectCard(SCARDHANDLE card)
{
    SCardEndTransaction(card, SCARD_LEAVE_CARD);
    SCardDisconnect(card, SCARD_UNPOWER_CARD);
}
using PcscCard = UniqueHandle<SCARDHANDLE, disconnectCard, 0>;

class PcscChannel final : public CardChannel {
public:
    PcscChannel(PcscContext context, PcscCard card, std::string reader, DWORD protocol, Bytes atr)
        : m_context(std::move(context))
        , m_reader(std::move(reader))
        , m_card(std::move(card))
        , m_protocol(protocol)
        , m_atr(std::move(atr))
        , m_answer(kLongestAnswer)
    {
    }

    Result<Bytes> transmit(ByteView command, std::chrono::milliseconds timeout) override;
    [[nodiscard]] ByteView atr() const override { return m_atr; }
    Result<void> reset() override;
    void powerOff() override { m_card.reset(); }

private:
    /// `size`: of what is in m_answer then.
    LONG send(ByteView command, DWORD& size);
    tl::unexpected<Error> lost(LONG code, std::string_view step);

    PcscContext m_context; ///< declared before the card, which needs it to disconnect
    std::string m_reader;
    PcscCard m_card;
    DWORD m_protocol;
    bool m_spoken = false; ///< the card has answered
    Bytes m_atr;
    Bytes m_answer; ///< wiped after each use
};

Result<Bytes> readAtr(SCARDHANDLE card)
{
    std::array<unsigned char, MAX_ATR_SIZE> atr{};
    DWORD size = atr.size(), nameSize = 0, state = 0, protocol = 0;
    const auto code = SCardStatus(card, nullptr, &nameSize, &state, &protocol, atr.data(), &size);
    if (code != SCARD_S_SUCCESS) {
        return pcscFailure(code, "answer to reset");
    }
    const auto bytes = std::as_bytes(std::span(atr)).first(std::min<std::size_t>(size, atr.size()));
    return Bytes(bytes.begin(), bytes.end());
}

LONG PcscChannel::send(ByteView command, DWORD& size)
{
    const auto* header = m_protocol == SCARD_PROTOCOL_T1 ? SCARD_PCI_T1 : SCARD_PCI_T0;
    size = m_answer.size();
    return SCardTransmit(m_card.get(), header,
                         reinterpret_cast<const unsigned char*>(command.data()), command.size(),
                         nullptr, reinterpret_cast<unsigned char*>(m_answer.data()), &size);
}

Result<Bytes> PcscChannel::transmit(ByteView command, std::chrono::milliseconds /*timeout*/)
{
    if (!m_card) {
        return fail(Errc::Disconnected, "transmit: card already gone", Remedy::ReinsertCard);
    }
    DWORD size = 0;
    auto code = send(command, size);
    if (code == SCARD_E_PROTO_MISMATCH && !m_spoken) {
        // pcscd, which sees a card come a moment after it let us connect, gave it power anew.
        if (auto again = reset(); !again) {
            return tl::unexpected(again.error());
        }
        code = send(command, size);
    }
    if (code != SCARD_S_SUCCESS) {
        return lost(code, "transmit");
    }
    m_spoken = true;
    Bytes answer(m_answer.begin(), m_answer.begin() + static_cast<std::ptrdiff_t>(size));
    explicit_bzero(m_answer.data(), size);
    if (answer.size() < 2) {
        return fail(Errc::Protocol, "transmit: answer without status words", Remedy::ReinsertCard);
    }
    return answer;
}

/// With its reader a card goes too, and pcscd may say that first.
tl::unexpected<Error> PcscChannel::lost(LONG code, std::string_view step)
{
    auto failure = pcscFailure(code, step);
    if (failure.value().code != Errc::Disconnected) {
        return failure;
    }
    m_card.reset();
    const auto patience = code == SCARD_E_NOT_TRANSACTED ? kUnplugSeenAfterBreak : kUnplugSeen;
    if (!isReaderLost(code) && readerGoes(m_context.get(), m_reader, patience)) {
        return pcscFailure(SCARD_E_READER_UNAVAILABLE, step);
    }
    return failure;
}

Result<void> PcscChannel::reset()
{
    if (!m_card) {
        return fail(Errc::Disconnected, "reset: card already gone", Remedy::ReinsertCard);
    }
    const auto code =
        SCardReconnect(m_card.get(), SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
                       SCARD_RESET_CARD, &m_protocol);
    if (code != SCARD_S_SUCCESS) {
        return lost(code, "reset");
    }
    auto atr = readAtr(m_card.get());
    if (!atr) {
        return tl::unexpected(atr.error());
    }
    m_atr = std::move(*atr);
    return {};
}

/// A card that vanished between detection and connecting was never in our hands.
tl::unexpected<Error> connectFailure(LONG code)
{
    if (code == SCARD_E_NO_SMARTCARD || code == SCARD_W_REMOVED_CARD) {
        return fail(Errc::NotFound, "connect: no card", Remedy::InsertCard);
    }
    if (code == SCARD_W_UNPOWERED_CARD) {
        return fail(Errc::Protocol, "connect: card takes no power", Remedy::ReinsertCard);
    }
    return pcscFailure(code, "connect");
}

} // namespace

Result<std::unique_ptr<CardChannel>> connectCard(const std::string& reader)
{
    auto context = establishContext();
    if (!context) {
        return tl::unexpected(context.error());
    }
    SCARDHANDLE handle = 0;
    DWORD protocol = 0;
    LONG code = SCARD_S_SUCCESS;
    for (int attempt = 1; attempt <= kSharingTries; ++attempt) {
        code = SCardConnect(context->get(), reader.c_str(), SCARD_SHARE_EXCLUSIVE,
                            SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &handle, &protocol);
        if (code != SCARD_E_SHARING_VIOLATION || attempt == kSharingTries) {
            break;
        }
        std::this_thread::sleep_for(kSharingPause);
    }
    if (code != SCARD_S_SUCCESS) {
        return connectFailure(code);
    }
    PcscCard card(handle);
    code = SCardBeginTransaction(card.get());
    if (code != SCARD_S_SUCCESS) {
        return connectFailure(code);
    }
    auto atr = readAtr(card.get());
    if (!atr) {
        return tl::unexpected(atr.error());
    }
    return std::make_unique<PcscChannel>(std::move(*context), std::move(card), reader, protocol,
                                         std::move(*atr));
}

} // namespace guichet::transport
