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
    return code == SCARD_E_UNKNOWN_READER || code == SCARD_E_READER_UNAVAILABLE ||
           code == SCARD_E_NO_READERS_AVAILABLE;
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
