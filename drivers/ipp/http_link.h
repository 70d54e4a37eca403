// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "drivers/ipp/ipp_link.h"
#include "peripherals/base/clock.h"

namespace guichet::ipp {

/// IPP over HTTP (RFC 8010) by libcups: ipp://, or ipps:// with TLS. Connects when it is needed
/// and again after a disconnect. Borrows the clock. The certificate of ipps:// is not verified.
class HttpLink final : public IppLink {
public:
    /// Errc::Invalid names what is wrong with the address; nothing is connected yet.
    [[nodiscard]] static Result<std::unique_ptr<HttpLink>> open(const std::string& uri,
                                                                const Clock& clock);
    ~HttpLink() override;

    [[nodiscard]] Result<Bytes> exchange(ByteView request, Outgoing* document,
                                         std::chrono::milliseconds timeout,
                                         const std::stop_token& stop) override;

private:
    class Connection;
    struct Place;
    HttpLink(Place place, const Clock& clock);

    std::unique_ptr<Place> m_place;
    const Clock& m_clock;
    std::unique_ptr<Connection> m_connection;
};

} // namespace guichet::ipp
