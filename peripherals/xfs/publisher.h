// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "peripherals/base/error.h"
#include "peripherals/net/server.h"

namespace guichet::xfs {

class Service;

struct PublisherConfig {
    std::string host = "127.0.0.1";
    /// Tried in order; the first free one is taken.
    std::vector<std::uint16_t> ports = {5846, 5847, 5848, 5849, 5850, 5851,
                                        5852, 5853, 5854, 5855, 5856};
    std::string vendorName = "Guichet";
    /// User ids that may connect; empty: any.
    std::vector<std::uint32_t> allowedPeerUids = {};
};

/// The one port of this machine's services: the XFS4IoT publisher at /xfs4iot/v1.0, the services
/// below it (any case, with or without a final slash), and own services beside it. A browser's page
/// (a request with Origin) is refused.
class Publisher {
public:
    /// An own, non-standard service: exact path, accepts WebSockets.
    using OwnService = std::pair<std::string, net::SocketHandler>;

    /// The services must outlive the publisher. Fails with Errc::Busy (no port free) or
    /// Errc::Invalid.
    [[nodiscard]] static Result<std::unique_ptr<Publisher>>
    start(PublisherConfig config, std::vector<Service*> services,
          std::vector<OwnService> ownServices = {});
    ~Publisher();
    Publisher(const Publisher&) = delete;
    Publisher& operator=(const Publisher&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    /// As GetServices gives them.
    [[nodiscard]] std::vector<std::string> uris() const;

private:
    struct Directory;
    Publisher(std::shared_ptr<Directory> directory, std::unique_ptr<net::Server> server);
    std::shared_ptr<Directory> m_directory;
    std::unique_ptr<net::Server> m_server;
};

} // namespace guichet::xfs
