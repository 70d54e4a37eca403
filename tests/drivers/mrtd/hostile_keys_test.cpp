// SPDX-License-Identifier: Apache-2.0
// Keys and certificates that are made to keep a terminal busy. The lists of files and lengths that
// do are in bac_test and mrtd_reader_test.
#include <catch2/catch.hpp>

#include "drivers/mrtd/active_authentication.h"
#include "drivers/mrtd/chip_authentication.h"
#include "drivers/mrtd/passive_authentication.h"
#include "drivers/mrtd/tlv.h"
#include "tests/drivers/mrtd/passport_channel.h"
#include "tests/drivers/support/scripted_card_channel.h"

using namespace guichet;
using namespace guichet::mrtd;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kHuge = 7'500; ///< bytes of a number: 60,000 bits

/// INTEGER, odd and positive.
Bytes number(std::size_t size)
{
    Bytes digits(size, std::byte{0x5A});
    digits.back() = std::byte{0x5B};
    return makeObject(0x02, digits);
}

/// SubjectPublicKeyInfo (RFC 5280) of an algorithm's identifier and parameters.
Bytes keyInfo(std::string_view algorithm, ByteView parameters, ByteView key)
{
    const auto identifier =
        makeObject(0x30, joined({makeObject(0x06, *fromHex(algorithm)), parameters}));
    const Bytes noSpareBits{std::byte{0}};
    return makeObject(0x30, joined({identifier, makeObject(0x03, joined({noSpareBits, key}))}));
}

Bytes rsaKey(std::size_t modulus, std::size_t exponent)
{
    return keyInfo("2A864886F70D010101", makeObject(0x05, {}),
                   makeObject(0x30, joined({number(modulus), number(exponent)})));
}

/// PKCS #3
Bytes dhKey(std::size_t prime)
{
    return keyInfo("2A864886F70D010301", makeObject(0x30, joined({number(prime), number(1)})),
                   number(prime - 1));
}

} // namespace

TEST_CASE("mrtd: a key of DG15 that would take for ever proves nothing")
{
    const auto [modulus, exponent] =
        GENERATE(std::pair(kHuge, std::size_t{3}), std::pair(kHuge, kHuge - 1),
                 std::pair(std::size_t{512}, std::size_t{511}));
    const Bytes signature(modulus, std::byte{0x11});
    const auto check = verifyActive(rsaKey(modulus, exponent), {}, Bytes(8), signature);
    CHECK(check.verdict == Verdict::Failed);
}

TEST_CASE("mrtd: a key of DG14 that would take for ever is not used, and the chip is not asked")
{
    SecurityInfos infos;
    infos.chipKeys.push_back({.key = dhKey(kHuge), .ecdh = false});
    test::ScriptedCardChannel channel;
    CardLink link(channel, 1s);
    const auto check = authenticateChip(link, infos);
    REQUIRE(check);
    CHECK(check->verdict == Verdict::Failed);
    CHECK(channel.exchanges() == 0);
}

TEST_CASE("mrtd: a security object full of nested or endless objects is none")
{
    Bytes nested;
    while (nested.size() < 20'000) {
        nested = makeObject(0x30, nested);
    }
    const auto many = [] {
        Bytes empty;
        for (int i = 0; i < 30'000; ++i) {
            empty.push_back(std::byte{0x30});
            empty.push_back(std::byte{0x00});
        }
        return empty;
    }();
    for (const auto& inside : {nested, makeObject(0x30, many)}) {
        const auto file = makeObject(0x77, inside);
        const SignedFiles files{file, {}, {}};
        CHECK(authenticate(files, CountrySigners()).signature.verdict == Verdict::Failed);
    }
}
