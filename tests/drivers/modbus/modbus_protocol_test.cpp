// SPDX-License-Identifier: Apache-2.0
#include "drivers/modbus/modbus_protocol.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::modbus;

namespace {

Request inputs(std::size_t count)
{
    return {.transaction = 7,
            .unit = 1,
            .function = Function::ReadDiscreteInputs,
            .bits = std::vector<bool>(count)};
}

Result<std::optional<Answer>> decoded(const char* hex, const Request& request, Framing framing)
{
    std::size_t used = 0;
    return decode(*fromHex(hex), request, framing, used);
}

} // namespace

TEST_CASE("modbus: the examples of the specification come out byte for byte")
{
    // Application Protocol 6.2: inputs 197 to 218; 6.11: coils 20 to 29.
    auto read = inputs(22);
    read.first = 0xC4;
    CHECK(toHex(encode(read, Framing::Tcp)) == "0007000000060102"
                                               "00C40016");
    const Request write{.transaction = 1,
                        .unit = 0x11,
                        .function = Function::WriteMultipleCoils,
                        .first = 0x13,
                        .bits = {true, false, true, true, false, false, true, true, true, false}};
    CHECK(toHex(encode(write, Framing::Tcp)) == "000100000009110F0013000A02CD01");
    CHECK(toHex(encode(write, Framing::Rtu)) == "110F0013000A02CD01BF0B");
    const auto answer = decoded("000700000006010203ACDB35", read, Framing::Tcp);
    REQUIRE(answer);
    REQUIRE(*answer);
    const std::vector<bool> expected{false, false, true,  true,  false, true,  false, true,
                                     true,  true,  false, true,  true,  false, true,  true,
                                     true,  false, true,  false, true,  true};
    CHECK((*answer)->bits == expected);
}

TEST_CASE("modbus: an answer in pieces is waited for, a late one is passed over")
{
    const std::string late = "00060000000401020101", whole = "00070000000401020102";
    const auto request = inputs(2);
    const auto all = late + whole;
    for (std::size_t size = 0; size < all.size(); size += 2) {
        const auto part = decoded(all.substr(0, size).c_str(), request, Framing::Tcp);
        REQUIRE(part);
        CHECK_FALSE(*part);
    }
    const auto answer = decoded(all.c_str(), request, Framing::Tcp);
    REQUIRE(answer);
    REQUIRE(*answer);
    CHECK((*answer)->bits == std::vector<bool>{false, true});
}

TEST_CASE("modbus: a refusal is told from an answer, on either line")
{
    const auto [framing, hex] = GENERATE(std::pair(Framing::Tcp, "0007000000030182"
                                                                 "02"),
                                         std::pair(Framing::Rtu, "018202C161"));
    const auto answer = decoded(hex, inputs(2), framing);
    REQUIRE(answer);
    REQUIRE(*answer);
    CHECK((*answer)->refusal == Refusal::IllegalAddress);
}

TEST_CASE("modbus: what is no answer to the question is refused")
{
    const auto [framing, hex] =
        GENERATE(std::pair(Framing::Tcp, "00070001000401020102"),   // another protocol
                 std::pair(Framing::Tcp, "000700000000010201"),     // no length
                 std::pair(Framing::Tcp, "0007FFFFFFFF010201"),     // too long
                 std::pair(Framing::Tcp, "00070000000402020102"),   // another unit
                 std::pair(Framing::Tcp, "00070000000401010102"),   // another function
                 std::pair(Framing::Tcp, "0007000000050102020201"), // more bits
                 std::pair(Framing::Tcp, "00070000000401020202"),   // a count that lies
                 std::pair(Framing::Rtu, "010201020000"),           // the sum
                 std::pair(Framing::Rtu, "0202010261B9"));          // another unit
    const auto answer = decoded(hex, inputs(2), framing);
    INFO(hex);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::Protocol);
}

TEST_CASE("modbus: written coils are confirmed, others are not taken for them")
{
    Request write{.transaction = 7, .function = Function::WriteMultipleCoils, .bits = {true, true}};
    const auto good = decoded("00070000000601"
                              "0F00000002",
                              write, Framing::Tcp);
    REQUIRE(good);
    REQUIRE(*good);
    CHECK((*good)->bits.empty());
    CHECK_FALSE(decoded("00070000000601"
                        "0F00010002",
                        write, Framing::Tcp));
}

TEST_CASE("modbus: the sum is the one of the serial line's specification")
{
    CHECK(crc(*fromHex("0207")) == 0x1241); // Serial Line 1.02, appendix B
}
