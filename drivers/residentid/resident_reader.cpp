// SPDX-License-Identifier: Apache-2.0
#include "drivers/residentid/resident_reader.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace guichet::residentid {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr std::size_t kMostAtOnce = 4096;

} // namespace

ResidentReader::ResidentReader(ChannelOpener open, const Clock& clock, ReaderPace pace)
    : m_open(std::move(open))
    , m_clock(clock)
    , m_pace(pace)
{
}

ResidentReader::~ResidentReader() = default;

Result<std::string> ResidentReader::samNumber()
{
    if (auto status = demand(SdtCommand::Status, "security module", m_pace.read); !status) {
        return tl::unexpected(status.error());
    }
    return demand(SdtCommand::SamNumber, "number of the security module", m_pace.read)
        .and_then([](const SdtAnswer& answer) { return parseSamNumber(answer.data.reveal()); });
}

Result<ResidentCard> ResidentReader::read(const std::stop_token& stop, Milliseconds timeout,
                                          const std::function<void()>& found)
{
    const auto end = m_clock.ticks() + timeout;
    bool told = false;
    for (int attempt = 1;; ++attempt) {
        if (auto here = waitForCard(stop, end); !here) {
            return tl::unexpected(here.error());
        }
        if (!std::exchange(told, true) && found) {
            found();
        }
        auto card = readFound();
        const bool again = !card && (card.error().remedy == Remedy::ReinsertCard ||
                                     card.error().remedy == Remedy::Retry);
        if (!again || attempt >= m_pace.attempts) {
            return card;
        }
    }
}

Result<void> ResidentReader::waitForCard(const std::stop_token& stop, Ticks end)
{
    for (;;) {
        if (stop.stop_requested()) {
            return fail(Errc::Cancelled, "resident card: cancelled");
        }
        const auto answer = exchange(SdtCommand::Find, "find", m_pace.find);
        if (!answer) {
            return tl::unexpected(answer.error());
        }
        if (answer->status == SdtStatus::Found) {
            return {};
        }
        if (answer->status != SdtStatus::NoCard) {
            return tl::unexpected(errorOf(answer->status, "find"));
        }
        const auto left = std::chrono::duration_cast<Milliseconds>(end - m_clock.ticks());
        if (left <= Milliseconds(0)) {
            return fail(Errc::Timeout, "resident card: none came", Remedy::InsertCard);
        }
        if (auto waited = drain(std::min(left, m_pace.poll)); !waited) {
            return waited;
        }
    }
}

Result<ResidentCard> ResidentReader::readFound()
{
    if (auto selected = demand(SdtCommand::Select, "select", m_pace.select); !selected) {
        return tl::unexpected(selected.error());
    }
    auto answer = demand(SdtCommand::ReadCard, "read", m_pace.read);
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    auto content = parseCardContent(answer->data.reveal());
    if (!content) {
        return tl::unexpected(content.error());
    }
    auto identity = parseIdentityText(content->text.reveal());
    if (!identity) {
        return tl::unexpected(identity.error());
    }
    ResidentCard card{std::move(*identity), {}, std::move(content->photo)};
    const auto address = exchange(SdtCommand::ReadAddress, "new address", m_pace.read);
    if (!address) {
        return tl::unexpected(address.error());
    }
    if (address->status == SdtStatus::Ok) {
        auto text = parseNewAddress(address->data.reveal());
        if (!text) {
            return tl::unexpected(text.error());
        }
        card.newAddress = std::move(*text);
    } else if (address->status != SdtStatus::NoContent && address->status != SdtStatus::Command) {
        return tl::unexpected(errorOf(address->status, "new address"));
    }
    return card;
}

Result<SdtAnswer> ResidentReader::demand(SdtCommand command, std::string_view step,
                                         Milliseconds timeout)
{
    auto answer = exchange(command, step, timeout);
    if (answer && answer->status != SdtStatus::Ok) {
        return tl::unexpected(errorOf(answer->status, step));
    }
    return answer;
}

Result<SdtAnswer> ResidentReader::exchange(SdtCommand command, std::string_view step,
                                           Milliseconds timeout)
{
    auto sent = ready();
    if (!sent && !m_channel) {
        return tl::unexpected(sent.error());
    }
    const auto frame = encodeCommand(command);
    for (std::size_t at = 0; sent && at < frame.size();) {
        const auto written = m_channel->write(ByteView(frame).subspan(at), timeout);
        if (!written) {
            sent = tl::unexpected(written.error());
        } else {
            at += *written;
        }
    }
    auto heard = sent ? answer(step, timeout) : Result<SdtAnswer>(tl::unexpected(sent.error()));
    if (!heard && heard.error().code != Errc::Protocol) {
        m_channel.reset(); // opened anew by the next command
        return fail(Error{heard.error().code, Remedy::ReconnectCable, heard.error().detail}, step);
    }
    return heard;
}

/// Open, and nothing under way. That the reader was pulled while it was idle says nothing about
/// now.
Result<void> ResidentReader::ready()
{
    if (m_channel) {
        auto quiet = drain(Milliseconds(0));
        if (quiet || quiet.error().code != Errc::Disconnected) {
            return quiet;
        }
        m_channel.reset();
    }
    auto opened = m_open();
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    m_channel = std::move(*opened);
    return drain(Milliseconds(0));
}

Result<SdtAnswer> ResidentReader::answer(std::string_view step, Milliseconds timeout)
{
    const auto end = m_clock.ticks() + timeout;
    for (;;) {
        if (auto whole = m_decoder.next()) {
            return std::move(*whole);
        }
        const auto left = std::chrono::duration_cast<Milliseconds>(end - m_clock.ticks());
        if (left <= Milliseconds(0)) {
            return fail(Errc::Timeout, fmt::format("no answer in {} ms", timeout.count()));
        }
        auto bytes = m_channel->read(kMostAtOnce, left);
        if (!bytes) {
            return fail(std::move(bytes.error()), step);
        }
        m_decoder.feed(*bytes);
        Secret<Bytes> wiped(std::move(*bytes));
    }
}

Result<void> ResidentReader::drain(Milliseconds time)
{
    const auto end = m_clock.ticks() + time;
    m_decoder.clear();
    for (;;) {
        const auto left = std::max(Milliseconds(0),
                                   std::chrono::duration_cast<Milliseconds>(end - m_clock.ticks()));
        auto bytes = m_channel->read(kMostAtOnce, left);
        if (!bytes) {
            return bytes.error().code == Errc::Timeout ? Result<void>()
                                                       : tl::unexpected(bytes.error());
        }
        Secret<Bytes> wiped(std::move(*bytes));
    }
}

} // namespace guichet::residentid
