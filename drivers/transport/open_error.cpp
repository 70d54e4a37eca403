// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/open_error.h"

#include <cerrno>

#include <fmt/format.h>

namespace guichet::transport {

tl::unexpected<Error> notOpened(const std::string& name, int problem)
{
    const auto detail = fmt::format("{}: {}", name, systemMessage(problem));
    switch (problem) {
    case EACCES:
    case EPERM:
        return fail(Errc::Denied, detail, Remedy::CallStaff);
    case EBUSY:
        return fail(Errc::Busy, detail, Remedy::CallStaff);
    case ENOTTY:
    case EINVAL:
        return fail(Errc::Invalid, detail);
    default:
        return fail(Errc::Disconnected, detail, Remedy::ReconnectCable);
    }
}

} // namespace guichet::transport
