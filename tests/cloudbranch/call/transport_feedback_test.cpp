// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/transport_feedback.h"

#include <string>

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::call;
using namespace std::chrono_literals;

namespace {

/// Of hexadecimal digits in groups.
Bytes bytes(std::string digits)
{
    std::erase(digits, ' ');
    return fromHex(digits).value();
}

/// Feedback of packets from 0x1000 on, with reference time 0x000102 and feedback count 7.
Bytes feedback(const std::string& head, const std::string& count, const std::string& rest)
{
    return bytes(head + "11111111 22222222 1000" + count + "000102 07" + rest);
}

} // namespace

TEST_CASE("transport feedback: a lost packet is said to have come with the one before")
{
    SECTION("of a vector of one bit a packet")
    {
        // arrived, lost, arrived, and none of the other eleven; 4 and 8 quarters of a millisecond
        const auto said = feedback("8FCD0005", "0003", "A800 0408");
        CHECK(withoutLosses(said) == feedback("AFCD0006", "0003", "D500 040008 000003"));
    }
    SECTION("of a vector of two bits a packet, one of them late")
    {
        // arrived, lost, late, arrived: 01 00 10 01
        const auto said = feedback("8FCD0006", "0004", "D240 04 0123 08 0000");
        CHECK(withoutLosses(said) == feedback("AFCD0006", "0004", "D640 04 00 0123 08 01"));
    }
    SECTION("of runs")
    {
        // two arrived, nine lost, one arrived
        const auto said = feedback("8FCD0007", "000C", "2002 0009 2001 040408 000000");
        CHECK(withoutLosses(said) ==
              feedback("8FCD0008", "000C", "D555 D550 0404 000000000000000000 08"));
    }
}

TEST_CASE("transport feedback: what else RTCP says stays as it is, in its place")
{
    const auto report =
        bytes("81C90007 11111111 22222222 40000001 00001003 00000005 00000000 00000000");
    const auto said = feedback("8FCD0005", "0003", "A800 0408");
    auto compound = report;
    compound.insert(compound.end(), said.begin(), said.end());
    const auto told = withoutLosses(compound);
    REQUIRE(told);
    CHECK(Bytes(told->begin(), told->begin() + std::ptrdiff_t(report.size())) == report);
    CHECK(Bytes(told->begin() + std::ptrdiff_t(report.size()), told->end()) == withoutLosses(said));
    CHECK_FALSE(withoutLosses(report));
}

TEST_CASE("transport feedback: what is cut short or not understood is left alone")
{
    CHECK_FALSE(withoutLosses({}));
    CHECK_FALSE(withoutLosses(bytes("8FCD")));
    CHECK_FALSE(withoutLosses(bytes("8FCD0001 11111111")));
    CHECK_FALSE(withoutLosses(feedback("8FCD0009", "0003", "A800 0408")));
    CHECK_FALSE(withoutLosses(feedback("8FCD0004", "0003", "")));          // no chunk
    CHECK_FALSE(withoutLosses(feedback("8FCD0005", "0003", "2003 0408"))); // a delta less than said
    CHECK_FALSE(withoutLosses(feedback("8FCD0005", "0003", "6003 0408"))); // a reserved status
    CHECK_FALSE(withoutLosses(feedback("8FCD0005", "FFFF", "0000 0000"))); // runs of nothing
}

TEST_CASE("transport feedback: losses are kept from a seat that sends less than a picture needs")
{
    LossPatience patience;
    CHECK(patience.hides(0, 0ms));
    CHECK(patience.hides(5'000, 500ms));
    CHECK_FALSE(patience.hides(25'000, 1000ms)); // 320 kbit/s
    CHECK_FALSE(patience.hides(25'100, 1400ms)); // looks each half second
    CHECK(patience.hides(30'000, 1500ms));
}
