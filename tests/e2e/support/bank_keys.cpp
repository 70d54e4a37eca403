// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/support/bank_keys.h"

#include <QProcess>

#include <catch2/catch.hpp>

namespace guichet::test {

int runProgram(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.start(program, arguments);
    return process.waitForFinished() && process.exitStatus() == QProcess::NormalExit
               ? process.exitCode()
               : 127;
}

void makeBankKeys(const QString& folder)
{
    const QString key = folder + QStringLiteral("/bank.pem");
    REQUIRE(runProgram(QStringLiteral("openssl"),
                       {QStringLiteral("genpkey"), QStringLiteral("-algorithm"),
                        QStringLiteral("EC"), QStringLiteral("-pkeyopt"),
                        QStringLiteral("ec_paramgen_curve:P-256"), QStringLiteral("-out"), key}) ==
            0);
    REQUIRE(
        runProgram(QStringLiteral("openssl"),
                   {QStringLiteral("pkey"), QStringLiteral("-in"), key, QStringLiteral("-pubout"),
                    QStringLiteral("-out"), folder + QStringLiteral("/bank-public.pem")}) == 0);
}

} // namespace guichet::test
