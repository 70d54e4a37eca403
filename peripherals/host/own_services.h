// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "peripherals/host/helper_process.h"
#include "peripherals/host/print_journal.h"
#include "peripherals/net/server.h"

/// What XFS4IoT has no word for, as JSON over WebSocket beside it (schemas/ has the messages).
namespace guichet::host {

inline constexpr const char* kIdentityPath = "/guichet/v1/identity";
inline constexpr const char* kPrintingPath = "/guichet/v1/printing";

/// Reads who a bank card belongs to: masked number, label, expiry, and the number itself sealed to
/// the bank. One read at a time a connection; closing the connection cancels it. The time for a
/// card counts from receipt, whatever the reader is busy with. Thread-safe.
class IdentityService {
public:
    /// The helper must outlive every connection, and the service until it is stopped.
    explicit IdentityService(HelperProcess& cardReader);
    ~IdentityService();
    IdentityService(const IdentityService&) = delete;
    IdentityService& operator=(const IdentityService&) = delete;

    [[nodiscard]] net::SocketHandler handler();
    /// Tells every connection.
    void cardRemoved();
    /// Once the connections are closed, from one thread; later calls do nothing.
    void stop();

private:
    class Core;
    std::shared_ptr<Core> m_core; ///< shared with connections, which may end later
};

/// Answers what became of an attempt to print. The journal must outlive the handler.
[[nodiscard]] net::SocketHandler printingHandler(const PrintJournal& journal);

} // namespace guichet::host
