// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "peripherals/base/clock.h"
#include "peripherals/net/client.h"
#include "queue/client/terminal_identity.h"
#include "tests/cloudbranch/server/hub_caller.h"

namespace guichet::hub::test {

/// A real outlet, made by initOutlet() and reached by https. Its clock starts now and is moved by
/// hand; the callers' is the system's.
class OutletWorld {
public:
    OutletWorld();
    ~OutletWorld();

    void restart();
    /// The outlet without its hub.
    void stop();
    [[nodiscard]] std::string url() const;
    [[nodiscard]] Hub& hub() { return *m_hub; }

    /// A command at the hub's own machine.
    json command(const json& line) const;
    [[nodiscard]] std::string code(const std::string& terminal) const;
    /// A terminal with a folder of its own.
    [[nodiscard]] queue::TerminalIdentity enrol(const std::string& name) const;
    [[nodiscard]] std::filesystem::path folderOf(const std::string& name) const;

    /// Without certificate.
    [[nodiscard]] net::ClientTls browser() const;
    [[nodiscard]] Result<net::Response> trySend(const net::ClientTls& tls,
                                                const net::Request& request) const;
    /// Checked against the OpenAPI document, as HubCaller::send().
    [[nodiscard]] net::Response send(const net::ClientTls& tls, const net::Request& request) const;
    [[nodiscard]] net::Response post(const net::ClientTls& tls, const std::string& path,
                                     const json& body, const std::string& bearer = {}) const;
    /// The present code of the supervisor's second factor.
    [[nodiscard]] std::string secondFactor() const;
    /// The supervisor "anna" logs in; the clock goes on to the next code.
    [[nodiscard]] std::string supervisor();
    [[nodiscard]] std::string login(const std::string& user);
    void addStaff(const std::string& user, const std::string& role) const;

    static constexpr auto kPassword = "correct horse";
    Folder folder;
    std::filesystem::path data;
    ManualClock clock;

private:
    Options m_options;
    std::string m_totp;
    std::unique_ptr<Hub> m_hub;
};

[[nodiscard]] net::ClientTls tlsOf(const queue::TerminalIdentity& identity);

/// A PKCS#10 request in PEM, for a new key on `curve`, that claims to be `name`; its key too.
struct MadeRequest {
    std::string request;
    std::string key;
};
[[nodiscard]] MadeRequest certificateRequest(const std::string& name = "anybody",
                                             const char* curve = "P-256");
[[nodiscard]] net::Request numberRequest(const std::string& branch);

} // namespace guichet::hub::test
