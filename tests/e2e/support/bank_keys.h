// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <string>

namespace guichet::test {

/// The bank's pair of keys, with which calls are recorded and opened; made in a world's folder.
class BankKeys {
public:
    explicit BankKeys(const QString& data);
    [[nodiscard]] std::string publicKey() const { return m_place + "-public.pem"; }
    [[nodiscard]] std::string privateKey() const { return m_place + ".pem"; }

private:
    std::string m_place;
};

} // namespace guichet::test
