// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/security_infos.h"

#include <catch2/catch.hpp>

#include "tests/drivers/support/hex_text.h"

using namespace guichet;
using namespace guichet::mrtd;
using test::bytes;

TEST_CASE("mrtd: the card access file of Doc 9303-11 appendix G is understood")
{
    const auto infos =
        parseSecurityInfos(bytes("31 14 30 12 060A 04007F00070202040202 020102 02010D"));
    REQUIRE(infos);
    REQUIRE(infos->pace.size() == 1);
    const auto& pace = infos->pace[0];
    CHECK(toHex(pace.protocol) == "04007F00070202040202");
    CHECK(pace.agreement == PaceInfo::Agreement::Ecdh);
    CHECK(pace.mapping == PaceInfo::Mapping::Generic);
    CHECK(pace.cipher == Cipher::Aes128);
    CHECK(pace.parameterId == 13U);
}

TEST_CASE("mrtd: each protocol of key agreement is told apart")
{
    struct Sample {
        const char* end;
        PaceInfo::Agreement agreement;
        PaceInfo::Mapping mapping;
        Cipher cipher;
    };
    using enum PaceInfo::Agreement;
    using enum PaceInfo::Mapping;
    const auto sample = GENERATE(Sample{"0101", Dh, Generic, Cipher::TripleDes},
                                 Sample{"0104", Dh, Generic, Cipher::Aes256},
                                 Sample{"0302", Dh, Integrated, Cipher::Aes128},
                                 Sample{"0403", Ecdh, Integrated, Cipher::Aes192},
                                 Sample{"0602", Ecdh, ChipAuthentication, Cipher::Aes128});
    const auto infos = parseSecurityInfos(
        bytes("31 11 30 0F 060A 04007F0007020204" + std::string(sample.end) + "020102"));
    REQUIRE(infos);
    REQUIRE(infos->pace.size() == 1);
    CHECK(infos->pace[0].agreement == sample.agreement);
    CHECK(infos->pace[0].mapping == sample.mapping);
    CHECK(infos->pace[0].cipher == sample.cipher);
    CHECK_FALSE(infos->pace[0].parameterId);
}

TEST_CASE("mrtd: protocols that nobody knows are passed over")
{
    const auto infos = parseSecurityInfos(
        bytes("31 24 300F 060A 04007F00070202040902 020102 3011 060A 04007F00070202040202 "
              "020102 0400 0000"));
    REQUIRE(infos);
    CHECK(infos->pace.size() == 1);
}

TEST_CASE("mrtd: the security options name the chip's keys and the hash of its signatures")
{
    // A key of another size than real ones: here it is only carried.
    const auto file = bytes("6E 4A 31 48"
                            "3012 060A 04007F00070202030202 020101 020107"
                            "3017 0609 04007F000702020102 3007 3003 060100 0400 020107"
                            "3019 0606 678108010105 020101 060A 04007F00070101040103 0400");
    const auto infos = parseSecurityOptions(file);
    REQUIRE(infos);
    REQUIRE(infos->chipAuthentication.size() == 1);
    CHECK(infos->chipAuthentication[0].cipher == Cipher::Aes128);
    CHECK(infos->chipAuthentication[0].keyId == 7U);
    REQUIRE(infos->chipKeys.size() == 1);
    CHECK(infos->chipKeys[0].ecdh);
    CHECK(toHex(infos->chipKeys[0].key) == "300730030601000400");
    CHECK(infos->chipKeys[0].keyId == 7U);
    CHECK(infos->activeHash == PlainHash::Sha256);
}

TEST_CASE("mrtd: what is no set of security infos is refused")
{
    const auto* text = GENERATE("", "30 00", "31 05 3003", "31 05 3003 020101", "31 02 0500",
                                "31 04 3002 0600", "31 82 FFFF 00");
    INFO(text);
    const auto infos = parseSecurityInfos(bytes(text));
    REQUIRE_FALSE(infos);
    CHECK(infos.error().code == Errc::Protocol);
}
