// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/pcsc_errors.h"

#include <fmt/format.h>

namespace guichet::transport {

bool isServiceLost(LONG code)
{
    return code == SCARD_E_NO_SERVICE || code == SCARD_F_COMM_ERROR ||
           code == SCARD_E_SERVICE_STOPPED || code == SCARD_E_INVALID_HANDLE;
}

bool isReaderLost(LONG code)
{
    // The last one: of a card whose reader pcscd has already forgotten.
    return code == SCARD_E_UNKNOWN_READER || code == SCARD_E_READER_UNAVAILABLE ||
           code == SCARD_E_NO_READERS_AVAILABLE || code == SCARD_E_INVALID_VALUE;
}

bool isReaderAway(LONG code, DWORD eventState)
{
    constexpr DWORD kAway = SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE | SCARD_STATE_IGNORE;
    return isReaderLost(code) || (code == SCARD_S_SUCCESS && (eventState & kAway) != 0);
}

bool readerGoes(SCARDCONTEXT context, const std::string& reader, std::chrono::milliseconds within)
{
    using std::chrono::milliseconds;
    const auto end = std::chrono::steady_clock::now() + within;
    SCARD_READERSTATE entry{};
    entry.szReader = reader.c_str();
    auto left = milliseconds::zero(); // what is so already is told at once
    for (bool first = true; first || left > milliseconds::zero(); first = false) {
        const auto code =
            SCardGetStatusChange(context, static_cast<DWORD>(left.count()), &entry, 1);
        if (isReaderAway(code, entry.dwEventState)) {
            return true;
        }
        if (code != SCARD_S_SUCCESS) {
            return false;
        }
        entry.dwCurrentState = entry.dwEventState & ~static_cast<DWORD>(SCARD_STATE_CHANGED);
        left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
    }
    return false;
}

tl::unexpected<Error> pcscFailure(LONG code, std::string_view step)
{
    const auto say = [code, step](Errc errc, std::string_view what, Remedy remedy) {
        return fail(errc, fmt::format("{}: {} ({:08X})", step, what, static_cast<unsigned>(code)),
                    remedy);
    };
    if (isServiceLost(code)) {
        return say(Errc::Disconnected, "card service away", Remedy::Retry);
    }
    if (isReaderLost(code)) {
        return say(Errc::Disconnected, "reader away", Remedy::ReconnectCable);
    }
    switch (code) {
    case SCARD_E_NO_SMARTCARD:
    case SCARD_W_REMOVED_CARD:
    case SCARD_E_NOT_TRANSACTED:
    case SCARD_W_UNPOWERED_CARD:
        return say(Errc::Disconnected, "card torn out", Remedy::ReinsertCard);
    case SCARD_W_RESET_CARD:
        return say(Errc::Disconnected, "card reset by somebody else", Remedy::Retry);
    case SCARD_W_UNRESPONSIVE_CARD:
    case SCARD_W_UNSUPPORTED_CARD:
    case SCARD_E_PROTO_MISMATCH:
        return say(Errc::Protocol, "card does not answer properly", Remedy::ReinsertCard);
    case SCARD_E_SHARING_VIOLATION:
        return say(Errc::Busy, "held by another program", Remedy::CallStaff);
    case SCARD_W_SECURITY_VIOLATION:
        return say(Errc::Denied, "this user may not use the reader", Remedy::CallStaff);
    default:
        return say(Errc::Internal, "unexpected answer", Remedy::CallStaff);
    }
}

Result<PcscContext> establishContext()
{
    SCARDCONTEXT context = 0;
    const auto code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context);
    if (code != SCARD_S_SUCCESS) {
        return fail(Errc::Disconnected,
                    fmt::format("card service away ({:08X})", static_cast<unsigned>(code)),
                    Remedy::ReconnectCable);
    }
    return PcscContext(context);
}

} // namespace guichet::transport
