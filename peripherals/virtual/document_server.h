// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "peripherals/net/server.h"
#include "peripherals/virtual/office_printer.h"
#include "peripherals/virtual/sockets.h"

namespace guichet::virtualdevices {

/// The A4 printer on the network: IPP over HTTP at /ipp/print. Thread-safe.
class DocumentServer {
public:
    /// `folder`: documents are kept there as N.pdf; empty: nowhere. Fails with Errc::Busy (port
    /// taken), Errc::Invalid or Errc::Denied (folder).
    [[nodiscard]] static Result<std::unique_ptr<DocumentServer>>
    start(const Endpoint& listen, const std::filesystem::path& folder);

    [[nodiscard]] std::uint16_t port() const { return m_endpoint.port; }
    [[nodiscard]] OfficePrinter& printer() { return m_printer; }
    [[nodiscard]] bool plugged() const;
    /// Out: connections are broken off and refused; jobs wait. Fails with Errc::Busy when the
    /// system cannot open the port again.
    [[nodiscard]] Result<void> plug(bool in);

private:
    DocumentServer(Endpoint endpoint, const std::filesystem::path& folder);
    [[nodiscard]] Result<std::unique_ptr<net::Server>> listen();

    Endpoint m_endpoint; ///< with the port that it got
    OfficePrinter m_printer;
    mutable std::mutex m_mutex;
    std::unique_ptr<net::Server> m_server; ///< null: unplugged
};

} // namespace guichet::virtualdevices
