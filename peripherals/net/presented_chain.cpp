// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/presented_chain.h"

#include "peripherals/net/client_connection.h"

namespace guichet::net {

Result<std::vector<Bytes>> presentedChain(const std::string& url, std::chrono::milliseconds timeout)
{
    auto parsed = parseUrl(url);
    if (!parsed) {
        return tl::make_unexpected(std::move(parsed.error()));
    }
    if (!parsed->secure) {
        return fail(Errc::Invalid, "only an https address presents certificates");
    }
    const Endpoint endpoint{std::move(*parsed), TlsContext::unverifiedClient(), {}};
    const std::stop_token never;
    const StopSignal signal(never);
    auto connection = ClientConnection::connect(
        endpoint, {std::chrono::steady_clock::now() + timeout, signal, never});
    if (!connection) {
        return tl::make_unexpected(std::move(connection.error()));
    }
    return (*connection)->transport().presentedChain();
}

} // namespace guichet::net
