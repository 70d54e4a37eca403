// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/pcsc_reader.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "drivers/transport/pcsc_channel.h"
#include "drivers/transport/pcsc_errors.h"
#include "drivers/transport/reader_names.h"

namespace guichet::transport {
namespace {

using Milliseconds = std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr auto kNotification = "\\\\?PnP?\\Notification";
constexpr Milliseconds kRelistEvery{1000};
constexpr Milliseconds kLookAgainAfter{1000}, kArrivalBlindFor{2000};
constexpr Milliseconds kFirstBackOff{200}, kLongestBackOff{5000};

Result<std::vector<std::string>> listReaders(SCARDCONTEXT context)
{
    DWORD size = 0;
    auto code = SCardListReaders(context, nullptr, nullptr, &size);
    std::string names(size, '\0');
    if (code == SCARD_S_SUCCESS) {
        code = SCardListReaders(context, nullptr, names.data(), &size);
    }
    if (code == SCARD_E_NO_READERS_AVAILABLE || code == SCARD_E_INSUFFICIENT_BUFFER) {
        return std::vector<std::string>{}; // a reader that came between the calls is seen next time
    }
    if (code != SCARD_S_SUCCESS) {
        return pcscFailure(code, "list readers");
    }
    std::vector<std::string> list;
    for (const char* at = names.c_str(); *at != '\0'; at += list.back().size() + 1) {
        list.emplace_back(at);
    }
    return list;
}

/// A card that is put back at once is one change for a reader, which pcscd takes for the removal
/// alone, and what it says of a card that was let go too late it does not correct: either way it
/// sees no card for minutes. To reset the slot makes it look, and is nothing to an empty one.
bool findsCard(SCARDCONTEXT context, const std::string& reader)
{
    constexpr DWORD kProtocols = SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1;
    SCARDHANDLE slot = 0;
    DWORD protocol = 0;
    if (SCardConnect(context, reader.c_str(), SCARD_SHARE_DIRECT, kProtocols, &slot, &protocol) !=
        SCARD_S_SUCCESS) {
        return false;
    }
    const bool found = SCardReconnect(slot, SCARD_SHARE_SHARED, kProtocols, SCARD_RESET_CARD,
                                      &protocol) == SCARD_S_SUCCESS;
    SCardDisconnect(slot, found ? SCARD_UNPOWER_CARD : SCARD_LEAVE_CARD);
    return found;
}

/// After findsCard(): until pcscd has seen that card too, and given it power anew, which would
/// break off whoever talks to it by then.
void awaitPcscd(SCARDCONTEXT context, const std::string& reader)
{
    constexpr DWORD kItLooksWithinMs = 600; // every 400
    SCARD_READERSTATE entry{};
    entry.szReader = reader.c_str();
    entry.dwCurrentState = SCARD_STATE_UNAWARE;
    if (SCardGetStatusChange(context, 0, &entry, 1) == SCARD_S_SUCCESS) {
        entry.dwCurrentState = entry.dwEventState & ~static_cast<DWORD>(SCARD_STATE_CHANGED);
        SCardGetStatusChange(context, kItLooksWithinMs, &entry, 1);
    }
}

/// Returns early when stopped.
void pause(const std::stop_token& stop, Milliseconds duration)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, duration, [] { return false; });
}

class PcscReader final : public CardReader {
public:
    explicit PcscReader(std::string wanted)
        : m_wanted(std::move(wanted))
        , m_name(m_wanted)
    {
    }

    [[nodiscard]] std::string_view name() const override { return m_name; }
    Result<CardState> state() override;
    Result<CardState> waitForChange(CardState known, std::stop_token stop,
                                    Milliseconds timeout) override;
    Result<std::unique_ptr<CardChannel>> connect() override;

private:
    Result<void> find();
    Result<CardState> ask();
    void forget();
    [[nodiscard]] CardState understood(DWORD eventState) const;
    void lookAgain(CardPresence presence);
    [[nodiscard]] Error cause(Error seen);
    void block(const std::stop_token& stop, Milliseconds timeout);

    std::string m_wanted;
    std::string m_name;
    PcscContext m_context;
    bool m_found = false;
    DWORD m_eventState = SCARD_STATE_UNAWARE;
    std::uint32_t m_generation = 0; ///< one per service or reader that we have seen
    CardPresence m_presence = CardPresence::Absent;
    std::optional<SteadyClock::time_point> m_emptied; ///< and not looked again since
};

void PcscReader::forget()
{
    m_context.reset();
    m_found = false;
    m_eventState = SCARD_STATE_UNAWARE;
}

Result<void> PcscReader::find()
{
    if (!m_context) {
        auto context = establishContext();
        if (!context) {
            return tl::unexpected(context.error());
        }
        m_context = std::move(*context);
    }
    if (m_found) {
        return {};
    }
    const auto present = listReaders(m_context.get());
    if (!present) {
        forget();
        return fail(Errc::Disconnected, present.error().detail, Remedy::ReconnectCable);
    }
    const auto chosen = chooseReader(*present, m_wanted);
    if (!chosen) {
        return fail(Errc::Disconnected,
                    fmt::format("no reader \"{}\" among {}", m_wanted, present->size()),
                    Remedy::ReconnectCable);
    }
    m_name = *chosen;
    m_found = true;
    m_eventState = SCARD_STATE_UNAWARE;
    ++m_generation;
    return {};
}

CardState PcscReader::understood(DWORD eventState) const
{
    CardState state;
    if ((eventState & SCARD_STATE_MUTE) != 0) {
        state.presence = CardPresence::Mute;
    } else if ((eventState & SCARD_STATE_PRESENT) != 0) {
        state.presence = CardPresence::Present;
    }
    state.changes = m_generation << 16 | static_cast<std::uint32_t>(eventState >> 16 & 0xffff);
    return state;
}

Result<CardState> PcscReader::ask()
{
    if (auto found = find(); !found) {
        return tl::unexpected(found.error());
    }
    SCARD_READERSTATE entry{};
    entry.szReader = m_name.c_str();
    entry.dwCurrentState = SCARD_STATE_UNAWARE;
    const auto code = SCardGetStatusChange(m_context.get(), 0, &entry, 1);
    if (isReaderAway(code, entry.dwEventState)) {
        m_found = false;
        return fail(Errc::Disconnected, fmt::format("reader \"{}\" is away", m_name),
                    Remedy::ReconnectCable);
    }
    if (code != SCARD_S_SUCCESS) {
        forget();
        return fail(Errc::Disconnected,
                    fmt::format("reader state ({:08X})", static_cast<unsigned>(code)),
                    Remedy::ReconnectCable);
    }
    m_eventState = entry.dwEventState & ~static_cast<DWORD>(SCARD_STATE_CHANGED);
    const auto state = understood(entry.dwEventState);
    lookAgain(state.presence);
    return state;
}

/// A second after a card went, makes pcscd look whether the slot is empty.
void PcscReader::lookAgain(CardPresence presence)
{
    const auto now = SteadyClock::now();
    const auto before = std::exchange(m_presence, presence);
    if (presence != CardPresence::Absent) {
        m_emptied.reset();
    } else if (before != CardPresence::Absent) {
        m_emptied = now;
    } else if (m_emptied && now - *m_emptied >= kLookAgainAfter) {
        m_emptied.reset();
        if (findsCard(m_context.get(), m_name)) {
            ++m_generation; // pcscd may not have counted this card
            awaitPcscd(m_context.get(), m_name);
        }
    }
}

Result<CardState> PcscReader::state()
{
    return ask();
}

/// Sleeps until the reader or the list of readers changes, stop is requested or the time is up.
void PcscReader::block(const std::stop_token& stop, Milliseconds timeout)
{
    std::array<SCARD_READERSTATE, 2> entries{};
    entries[0].szReader = kNotification;
    entries[1].szReader = m_name.c_str();
    entries[1].dwCurrentState = m_eventState;
    const std::stop_callback cancel(stop, [this] { SCardCancel(m_context.get()); });
    if (stop.stop_requested()) {
        return;
    }
    const auto code = SCardGetStatusChange(m_context.get(), static_cast<DWORD>(timeout.count()),
                                           entries.data(), m_found ? 2 : 1);
    if (isServiceLost(code)) {
        m_eventState = SCARD_STATE_UNAWARE; // the next question meets the same error, and recovers
    } else if (isReaderLost(code)) {
        m_found = false;
    } else if (m_found && (entries[0].dwEventState & SCARD_STATE_CHANGED) != 0) {
        m_found = false;
        --m_generation; // found again unchanged, it is still the same reader
    }
}

Result<CardState> PcscReader::waitForChange(CardState known, std::stop_token stop,
                                            Milliseconds timeout)
{
    const auto end = SteadyClock::now() + timeout;
    auto backOff = kFirstBackOff;
    for (;;) {
        auto now = ask();
        if (now && *now != known) {
            return now;
        }
        if (stop.stop_requested()) {
            return fail(Errc::Cancelled, "waiting for a card: stopped");
        }
        const auto left = std::chrono::ceil<Milliseconds>(end - SteadyClock::now());
        if (left <= Milliseconds::zero()) {
            return now;
        }
        if (!m_context) {
            pause(stop, std::min(left, backOff));
            backOff = std::min(backOff * 2, kLongestBackOff);
            continue;
        }
        backOff = kFirstBackOff;
        block(stop, std::min(left, kRelistEvery));
    }
}

Result<std::unique_ptr<CardChannel>> PcscReader::connect()
{
    if (auto found = find(); !found) {
        return tl::unexpected(found.error());
    }
    auto channel = connectCard(m_name);
    if (!channel && channel.error().code == Errc::Protocol) {
        channel = tl::unexpected(cause(std::move(channel).error()));
    }
    if (!channel && channel.error().code == Errc::Disconnected) {
        forget();
    }
    return channel;
}

/// A reader that is gone seems to hold a dead card until pcscd has seen the cable.
Error PcscReader::cause(Error seen)
{
    const auto end = SteadyClock::now() + kArrivalBlindFor;
    for (auto left = kArrivalBlindFor; left > Milliseconds::zero();
         left = std::chrono::ceil<Milliseconds>(end - SteadyClock::now())) {
        const auto now = ask();
        if (!now) {
            return now.error();
        }
        if (now->presence == CardPresence::Mute) {
            break;
        }
        block({}, left);
    }
    return seen;
}

} // namespace

Result<std::vector<std::string>> pcscReaders()
{
    auto context = establishContext();
    if (!context) {
        return tl::unexpected(context.error());
    }
    return listReaders(context->get());
}

std::unique_ptr<CardReader> makePcscReader(std::string wanted)
{
    return std::make_unique<PcscReader>(std::move(wanted));
}

} // namespace guichet::transport
