// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/error.h"

#include <catch2/catch.hpp>

using namespace guichet;

TEST_CASE("error: each step it passes is put in front of the detail", "[base]")
{
    const Error inner{Errc::Timeout, Remedy::Retry, "no answer in 500 ms"};
    const auto outer = fail(Error(inner), "printer status").value();
    CHECK(outer.detail == "printer status: no answer in 500 ms");
    CHECK(outer.remedy == Remedy::Retry);
}

TEST_CASE("error: codes and remedies survive their wire names", "[base]")
{
    for (int i = 0; i <= static_cast<int>(Remedy::CallStaff); ++i) {
        CHECK(remedyFromName(name(static_cast<Remedy>(i))) == static_cast<Remedy>(i));
    }
    for (int i = 0; i <= static_cast<int>(Errc::Internal); ++i) {
        CHECK(errcFromName(name(static_cast<Errc>(i))) == static_cast<Errc>(i));
    }
    CHECK(remedyFromName("futureRemedy") == Remedy::None);
}
