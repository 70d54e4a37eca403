// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "kiosk/bank/bank_host.h"

namespace guichet::bank {

/// A bank that speaks openapi.json over HTTP. Thread-safe.
class HttpBankHost final : public BankHost {
public:
    struct Config {
        std::string url = {}; ///< "http://127.0.0.1:8490"
        std::string bearer = {};
        std::chrono::milliseconds timeout{5'000}; ///< of one call
    };

    /// A wrong URL is told by each call, with Errc::Invalid.
    explicit HttpBankHost(Config config);
    ~HttpBankHost() override;

    [[nodiscard]] Result<Lookup> lookUp(const SealedIdentity& identity) override;
    [[nodiscard]] Result<void> store(const EvidenceContent& content) override;
    [[nodiscard]] Result<Change> changePhone(const PhoneChange& change,
                                             const std::string& key) override;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace guichet::bank
