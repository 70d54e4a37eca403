// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/zone_check_digit.h"

#include <catch2/catch.hpp>

using guichet::zoneCheckDigit;

TEST_CASE("zone check digit: it is that of the standard's examples")
{
    CHECK(zoneCheckDigit("520727") == '3');
    CHECK(zoneCheckDigit("AB2134<<<") == '5');
    CHECK(zoneCheckDigit("D23145890734") == '9');
}

TEST_CASE("zone check digit: characters that no zone has give none")
{
    CHECK_FALSE(zoneCheckDigit("ab"));
    CHECK_FALSE(zoneCheckDigit("12 4"));
}
