// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/support/bank_keys.h"

#include <catch2/catch.hpp>

#include "tests/support/shell.h"

namespace guichet::test {

BankKeys::BankKeys(const QString& data)
    : m_place(data.toStdString() + "/call-bank")
{
    REQUIRE(
        run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " + privateKey())
            .status == 0);
    REQUIRE(run("openssl pkey -pubout -in " + privateKey() + " -out " + publicKey()).status == 0);
}

} // namespace guichet::test
