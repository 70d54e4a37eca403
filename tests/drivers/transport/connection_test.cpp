// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/connection.h"

#include <catch2/catch.hpp>

using namespace guichet;
using transport::planConnection;

TEST_CASE("connection: what is configured is opened")
{
    // Nothing listens and no such line exists: the error names what was tried.
    SECTION("a network address")
    {
        const auto plan = planConnection("tcp:127.0.0.1:1");
        REQUIRE(plan);
        CHECK((*plan)().error().code == Errc::Disconnected);
    }
    SECTION("one of IPv6, in brackets")
    {
        REQUIRE(planConnection("tcp:[::1]:9100"));
    }
    SECTION("bulk pipes, found when they are opened")
    {
        for (const char* text : {"usb:0400:c35a", "usb:printer", "usb:0400:c35a+split@1-2.4"}) {
            CAPTURE(text);
            CHECK(planConnection(text));
        }
    }
    SECTION("a serial line at the usual speed, or at another")
    {
        for (const char* text : {"serial:/dev/ttyNONE", "serial:/dev/ttyNONE@9600"}) {
            const auto plan = planConnection(text);
            REQUIRE(plan);
            const auto opened = (*plan)();
            REQUIRE_FALSE(opened);
            CHECK(opened.error().code == Errc::Disconnected);
            CHECK(opened.error().detail.find("/dev/ttyNONE") != std::string::npos);
        }
    }
}

TEST_CASE("connection: what is none is refused with what is wanted")
{
    for (const char* text : {"", "tcp:", "tcp:127.0.0.1", "tcp:127.0.0.1:0", "tcp:127.0.0.1:65536",
                             "tcp::9100", "serial:", "serial:ttyS0", "serial:/dev/ttyS0@fast",
                             "/dev/ttyS0", "usb:", "usb:0400", "usb:0400:c35a+fast"}) {
        CAPTURE(text);
        const auto plan = planConnection(text);
        REQUIRE_FALSE(plan);
        CHECK(plan.error().code == Errc::Invalid);
        CHECK(plan.error().detail.starts_with("want "));
    }
}
