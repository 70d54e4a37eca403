// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "cloudbranch/server/assists/turn_credentials.h"
#include "tests/support/folder.h"

namespace guichet::test {

/// Debian's coturn on loopback with the configuration of packaging/coturn: addresses, ports and
/// files apart it is the bank's. Ends with the test.
class Coturn {
public:
    using TurnCredentials = hub::TurnCredentials;
    static constexpr auto kSecret = "throw-away-secret-of-a-test";

    /// `more`: lines behind those of the configuration; `without`: keys that are left out of it.
    explicit Coturn(const std::vector<std::string>& more = {},
                    const std::set<std::string>& without = {});
    ~Coturn();
    Coturn(const Coturn&) = delete;
    Coturn& operator=(const Coturn&) = delete;

    /// Loopback stands for a branch's network, which a bank allows although it is private.
    [[nodiscard]] static std::vector<std::string> withBranches();

    /// For the hub's `turn.urls`.
    [[nodiscard]] std::string url() const;
    /// For the hub's `turn.secret_file`.
    [[nodiscard]] std::filesystem::path secretFile() const;
    /// How often coturn has, by its own log, given an end of a call ("seat", "terminal") a way
    /// through it, and how often it refused that end's credentials.
    [[nodiscard]] std::size_t allocations(std::string_view end) const;
    [[nodiscard]] std::size_t refusals(std::string_view end) const;
    /// kill -9, and start again at the same ports.
    void kill();
    void start();

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
    [[nodiscard]] std::size_t logged(std::string_view end, std::string_view words) const;

    Folder m_folder;
    std::filesystem::path m_certificate;
    int m_port = 0;
    int m_tlsPort = 0;
    pid_t m_pid = -1;
};

} // namespace guichet::test
