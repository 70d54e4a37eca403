// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/e2e/support/bank_keys.h"

namespace guichet::test {

/// The one record that the hub has, opened with the bank's key by guichet-evidence.
class OpenedCase {
public:
    /// True as soon as the kiosk has given the hub all that it recorded.
    [[nodiscard]] static bool isGiven(const QString& data);

    /// `data`: the world's folder.
    OpenedCase(const QString& data, const BankKeys& keys);

    /// The entries of that kind, in order.
    [[nodiscard]] std::vector<nlohmann::json> entries(const char* event) const;
    /// The one there is.
    [[nodiscard]] nlohmann::json only(const char* event) const;
    /// What is attached to an entry; its bytes.
    [[nodiscard]] QByteArray attached(const nlohmann::json& entry, const char* suffix) const;

    nlohmann::json retention;

private:
    QString m_folder;
    std::vector<nlohmann::json> m_lines;
};

} // namespace guichet::test
