// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "kiosk/bank/sandbox/ledger.h"
#include "peripherals/base/clock.h"
#include "peripherals/base/secret.h"
#include "peripherals/net/server.h"

namespace guichet::bank {

/// The stand-in for a bank's core system, as openapi.json describes it.
class Sandbox {
public:
    struct Options {
        std::string host = "127.0.0.1";
        std::uint16_t port = 8490; ///< 0: any free one
        std::filesystem::path data = {};
        std::filesystem::path key = {}; ///< private; read when it is first needed
        bool demo = false;
    };

    /// Listens when it returns. Fails with Errc::Busy (port or data folder taken), Denied or
    /// Invalid. The clock must outlive it.
    [[nodiscard]] static Result<std::unique_ptr<Sandbox>> start(const Options& options,
                                                                const Clock& clock);
    [[nodiscard]] std::uint16_t port() const { return m_server->port(); }

private:
    Sandbox(const Options& options, const Clock& clock, std::unique_ptr<Ledger> ledger);
    [[nodiscard]] net::Router routes();
    [[nodiscard]] net::Response identify(const net::Request& request);
    [[nodiscard]] net::Response store(const net::Request& request);
    [[nodiscard]] net::Response change(const net::Request& request);
    /// Card or identity number of whoever it is. Fails with Errc::Invalid (not readable with our
    /// key) or Busy (no key yet).
    [[nodiscard]] Result<Secret<std::string>> open(const SealedIdentity& identity) const;

    Options m_options;
    const Clock& m_clock;
    std::mutex m_mutex; ///< of the ledger
    std::unique_ptr<Ledger> m_ledger;
    std::unique_ptr<net::Server> m_server; ///< last: its handlers use all of the above
};

/// The customers whose cards and documents the virtual devices have.
[[nodiscard]] Result<void> addDemoCustomers(Ledger& ledger);

/// The document itself, as it is served at /v1/openapi.json.
[[nodiscard]] const std::string& openApiDocument();

} // namespace guichet::bank
