// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcess>
#include <QString>

#include <nlohmann/json.hpp>

namespace guichet::test {

/// Debian's Chromium as one customer's telephone, one counter and one lobby display: a program of
/// tests/e2e/web that does a step for each line it is given.
class Browser {
public:
    /// Starts the program against the hub at `url`.
    explicit Browser(const QString& url);
    ~Browser();
    Browser(const Browser&) = delete;
    Browser& operator=(const Browser&) = delete;

    /// False where node, playwright-core or Chromium is missing, and says which.
    [[nodiscard]] static bool available();
    /// Does one step and answers what it saw; the kiosk's window goes on meanwhile.
    nlohmann::json step(const nlohmann::json& what);

private:
    QProcess m_process;
};

} // namespace guichet::test
