// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "cloudbranch/server/assists/turn_credentials.h"
#include "tests/cloudbranch/server/hub_caller.h"

namespace guichet::hub::test {

/// Debian's coturn on loopback with the configuration of packaging/coturn: addresses, ports and
/// files apart it is the bank's. Ends with the test.
class Relay {
public:
    static constexpr auto kSecret = "throw-away-secret-of-a-test";

    /// `more`: lines behind those of the configuration; `without`: keys that are left out of it.
    explicit Relay(const std::vector<std::string>& more = {},
                   const std::set<std::string>& without = {});
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    /// What coturn's own client says that sends a packet to `peer` through the relay and gets it
    /// back. "" as peer: another end at the relay.
    [[nodiscard]] std::string allocate(const TurnCredentials& credentials,
                                       const std::string& peer = {}) const;
    /// The same inside TLS. That client begins with TLS 1.0 and waits for ever where nobody answers
    /// that: the relay must do without `no-tlsv1` and `no-tlsv1_1`.
    [[nodiscard]] std::string allocateOverTls(const TurnCredentials& credentials) const;
    /// What openssl says of the relay's TLS.
    [[nodiscard]] std::string greetByTls() const;

private:
    [[nodiscard]] std::string client(const std::string& how,
                                     const TurnCredentials& credentials) const;
    void start();

    Folder m_folder;
    std::filesystem::path m_certificate;
    int m_port = 0;
    int m_tlsPort = 0;
    pid_t m_pid = -1;
};

} // namespace guichet::hub::test
