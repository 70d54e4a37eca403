// SPDX-License-Identifier: Apache-2.0
// OpenSC's tool, which shares no code with us, before the virtual cards and the real pcscd.
#include <catch2/catch.hpp>

#include "tests/e2e/cards/inserted_card.h"
#include "tests/support/shell.h"

using namespace guichet;
using namespace guichet::test;
using Catch::Contains;

namespace {

std::string openscTool(const std::string& arguments)
{
    INFO("opensc-tool is missing: packaging/install-depends test");
    REQUIRE(run("command -v opensc-tool").status == 0);
    const auto ran = run("timeout 60 opensc-tool " + arguments);
    INFO(ran.output);
    REQUIRE(ran.status == 0);
    return ran.output;
}

} // namespace

TEST_CASE("opensc: the reader is listed with the card that is in it", "[e2e]")
{
    const InsertedCard card("unionpay");
    CHECK_THAT(openscTool("--atr"), Contains("3b:65:00:00:20:63:cb:66:00"));
    CHECK_THAT(openscTool("--list-readers"),
               Catch::Matches("[^]*\n0 +Yes +Guichet Virtual Reader 00 00\n[^]*"));
}

TEST_CASE("opensc: a bank card names its application in the contactless directory", "[e2e]")
{
    const InsertedCard card("unionpay");
    const auto answer =
        openscTool("-s 00:A4:04:00:0E:32:50:41:59:2E:53:59:53:2E:44:44:46:30:31:00");
    CHECK_THAT(answer, Contains("(SW1=0x90, SW2=0x00)"));
    CHECK_THAT(answer,
               Contains("6F 34 84 0E 32 50 41 59 2E 53 59 53 2E 44 44 46 o4..2PAY.SYS.DDF\n"
                        "30 31 A5 22 BF 0C 1F 61 1D 4F 08 A0 00 00 03 33 01.\"...a.O.....3\n"
                        "01 01 01 50 0E 55 6E 69 6F 6E 50 61 79 20 44 65 ...P.UnionPay De\n"
                        "62 69 74 87 01 01                               bit...\n"));
}

TEST_CASE("opensc: a bank card says which file its contact directory is", "[e2e]")
{
    const InsertedCard card("unionpay");
    const auto answers =
        openscTool("-s 00:A4:04:00:0E:31:50:41:59:2E:53:59:53:2E:44:44:46:30:31:00 "
                   "-s 00:B2:01:0C:00");
    CHECK_THAT(answers,
               Contains("6F 1C 84 0E 31 50 41 59 2E 53 59 53 2E 44 44 46 o...1PAY.SYS.DDF\n"
                        "30 31 A5 0A 88 01 01 5F 2D 04 7A 68 65 6E       01....._-.zhen\n"));
    CHECK_THAT(answers, Contains("70 1F 61 1D 4F 08 A0 00 00 03 33 01 01 01 50 0E p.a.O"));
}
