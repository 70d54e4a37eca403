// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/reader_names.h"

#include <catch2/catch.hpp>

using namespace guichet;

TEST_CASE("pcsc: a reader is found whatever its index is", "[drivers][transport]")
{
    const std::vector<std::string> present{"ACME CL 00 00", "ACME 01 00", "Other 02 00",
                                           "Test Reader 00 00", "Test Reader 00 01"};
    CHECK(transport::chooseReader(present, "ACME") == "ACME 01 00");
    CHECK(transport::chooseReader(present, "Test Reader 00 01") == "Test Reader 00 01");
    CHECK(transport::chooseReader(present, "Test Reader") == "Test Reader 00 00");
    CHECK(transport::chooseReader(present, "Oth") == "Other 02 00");
    CHECK(transport::chooseReader(present, "") == "ACME CL 00 00");
    CHECK_FALSE(transport::chooseReader(present, "Missing"));
    CHECK_FALSE(transport::chooseReader({}, ""));
}
