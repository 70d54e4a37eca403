// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/error.h"

#include <array>
#include <system_error>
#include <utility>

namespace guichet {
namespace {

constexpr std::array<std::pair<Errc, std::string_view>, 11> kErrcs{{
    {Errc::NotFound, "notFound"},
    {Errc::Busy, "busy"},
    {Errc::Timeout, "timeout"},
    {Errc::Cancelled, "cancelled"},
    {Errc::Disconnected, "disconnected"},
    {Errc::Protocol, "protocol"},
    {Errc::Unsupported, "unsupported"},
    {Errc::Denied, "denied"},
    {Errc::Conflict, "conflict"},
    {Errc::Invalid, "invalid"},
    {Errc::Internal, "internal"},
}};

constexpr std::array<std::pair<Remedy, std::string_view>, 11> kRemedies{{
    {Remedy::None, "none"},
    {Remedy::Retry, "retry"},
    {Remedy::InsertCard, "insertCard"},
    {Remedy::ReinsertCard, "reinsertCard"},
    {Remedy::RemoveCard, "removeCard"},
    {Remedy::TakePaper, "takePaper"},
    {Remedy::CloseCover, "closeCover"},
    {Remedy::ReloadPaper, "reloadPaper"},
    {Remedy::ReconnectCable, "reconnectCable"},
    {Remedy::Wait, "wait"},
    {Remedy::CallStaff, "callStaff"},
}};

template <typename Table, typename Enum> std::string_view lookUp(const Table& table, Enum value)
{
    for (const auto& [key, text] : table) {
        if (key == value) {
            return text;
        }
    }
    return "?";
}

} // namespace

Error Error::during(std::string_view step) &&
{
    return Error{code, remedy, std::string(step) + ": " + detail};
}

tl::unexpected<Error> fail(Errc code, std::string detail, Remedy remedy)
{
    return tl::unexpected<Error>(Error{code, remedy, std::move(detail)});
}

std::string systemMessage(int number)
{
    return std::generic_category().message(number);
}

tl::unexpected<Error> fail(Error error, std::string_view step)
{
    return tl::unexpected<Error>(std::move(error).during(step));
}

std::string_view name(Errc code)
{
    return lookUp(kErrcs, code);
}
std::string_view name(Remedy remedy)
{
    return lookUp(kRemedies, remedy);
}

Errc errcFromName(std::string_view text)
{
    for (const auto& [key, known] : kErrcs) {
        if (known == text) {
            return key;
        }
    }
    return Errc::Internal;
}

Remedy remedyFromName(std::string_view text)
{
    for (const auto& [key, known] : kRemedies) {
        if (known == text) {
            return key;
        }
    }
    return Remedy::None;
}

} // namespace guichet
