// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

namespace guichet::test {

/// Runs a program to its end; its exit status, 127 if it does not end.
[[nodiscard]] int runProgram(const QString& program, const QStringList& arguments);

/// The pair of keys that the bank opens records with: `bank.pem` and `bank-public.pem` in `folder`.
void makeBankKeys(const QString& folder);

} // namespace guichet::test
