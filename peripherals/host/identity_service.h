// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "peripherals/host/helper_process.h"
#include "peripherals/net/server.h"

namespace guichet::host {

inline constexpr const char* kIdentityPath = "/guichet/v1/identity";

/// A device that can say who somebody is.
struct IdentityReader {
    std::string device;    ///< as in devices.toml
    std::string operation; ///< of its helper, and of ours: "readCard", "readPassport",
                           ///< "readResident", "readMrz", "takeFace", "checkFace"
    HelperProcess* helper = nullptr;
};

/// Reads who a card belongs to: names, dates, masked numbers and verdicts, and the rest sealed to
/// the bank. One read at a time a connection; closing the connection cancels it. The time for a
/// card counts from receipt, whatever the reader is busy with. The handle of a zone opens the chip
/// of its document, on the same connection: see ZoneHandles. Thread-safe.
class IdentityService {
public:
    IdentityService();
    ~IdentityService();
    IdentityService(const IdentityService&) = delete;
    IdentityService& operator=(const IdentityService&) = delete;

    /// Before the first connection. The helper must outlive every connection, and the service until
    /// it is stopped. Of the readers of one operation the first that is online is asked.
    void add(IdentityReader reader);
    [[nodiscard]] net::SocketHandler handler();
    /// These tell every connection.
    void cardRemoved(const std::string& device);
    /// Zones that are read from now on are sealed to this key too, for readPassport by handle.
    void zoneRecipient(const std::string& device, const std::string& publicKey);
    /// As XFS4IoT's common.device; a device is offline until it says something else.
    void deviceState(const std::string& device, const std::string& state);
    /// Once the connections are closed, from one thread; later calls do nothing.
    void stop();

private:
    class Core;
    std::shared_ptr<Core> m_core; ///< shared with connections, which may end later
};

} // namespace guichet::host
