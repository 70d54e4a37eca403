// SPDX-License-Identifier: Apache-2.0
#include "kiosk/bank/sandbox/mask.h"

#include <catch2/catch.hpp>

using namespace guichet::bank;

TEST_CASE("mask: a phone number keeps its first three and last four digits")
{
    CHECK(maskedPhone("13800005621") == "138****5621");
}

TEST_CASE("mask: a number too short to hide anything in shows nothing")
{
    CHECK(maskedPhone("1380000") == "*******");
    CHECK(maskedPhone("").empty());
}

TEST_CASE("mask: a name keeps its last character, however many bytes that has")
{
    CHECK(maskedName("王小明") == "**明");
    CHECK(maskedName("王\U00020BB7") == "*\U00020BB7");
    CHECK(maskedName("Jane Doe") == "*******e");
    CHECK(maskedName("").empty());
}
