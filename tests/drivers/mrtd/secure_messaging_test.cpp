// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/secure_messaging.h"

#include <catch2/catch.hpp>

#include "drivers/mrtd/tlv.h"
#include "tests/drivers/support/hex_text.h"

using namespace guichet;
using namespace guichet::mrtd;
using test::bytes;

namespace {

/// The session of Doc 9303-11 appendix D.4.
SecureMessaging printedSession()
{
    return {Cipher::TripleDes, SecretBytes(bytes("979EC13B1CBFE9DCD01AB0FED307EAE5")),
            SecretBytes(bytes("F1CB1F1FB5ADF208806B89DC579DC1F8")), bytes("887022120C06C226")};
}

constexpr auto kSelectAnswer = "990290008E08FA855A5D4C50A8ED9000";

Command selectCommon()
{
    return {0x00, 0xA4, 0x02, 0x0C, bytes("011E")};
}

/// An answer sealed apart from the driver's session: counter, body, seal, status.
Bytes sealedAnswer(Cipher cipher, const Bytes& mac, const Bytes& counter, const Bytes& body,
                   std::string_view status = "9000")
{
    const auto seal = macOf(cipher, mac, padded(joined({counter, body}), blockBytes(cipher)));
    REQUIRE(seal);
    return joined({body, makeObject(0x8E, *seal), bytes(status)});
}

} // namespace

TEST_CASE("mrtd: a secured session runs byte for byte as in Doc 9303-11 appendix D")
{
    auto session = printedSession();
    const auto select = session.wrap(selectCommon());
    REQUIRE(select);
    CHECK(toHex(*select) == "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800");
    REQUIRE(session.unwrap(bytes(kSelectAnswer)));

    const auto start = session.wrap({0x00, 0xB0, 0x00, 0x00, {}, 4});
    REQUIRE(start);
    CHECK(toHex(*start) == "0CB000000D9701048E08ED6705417E96BA5500");
    const auto header =
        session.unwrap(bytes("8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000"));
    REQUIRE(header);
    CHECK(toHex(header->data.reveal()) == "60145F01");

    const auto rest = session.wrap({0x00, 0xB0, 0x00, 0x04, {}, 18});
    REQUIRE(rest);
    CHECK(toHex(*rest) == "0CB000040D9701128E082EA28A70F3C7B53500");
    const auto data = session.unwrap(
        bytes("871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D74"
              "9000"));
    REQUIRE(data);
    CHECK(toHex(data->data.reveal()) == "04303130365F36063034303030305C026175");
    CHECK(data->ok());
}

TEST_CASE("mrtd: no bit of a sealed answer can be turned")
{
    const auto whole = bytes(kSelectAnswer);
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        INFO(bit);
        auto session = printedSession();
        REQUIRE(session.wrap(selectCommon()));
        auto turned = whole;
        turned[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
        CHECK_FALSE(session.unwrap(turned));
    }
}

TEST_CASE("mrtd: an answer is believed once, in its turn")
{
    auto session = printedSession();
    REQUIRE(session.wrap(selectCommon()));
    REQUIRE(session.unwrap(bytes(kSelectAnswer)));
    REQUIRE(session.wrap(selectCommon()));
    const auto again = session.unwrap(bytes(kSelectAnswer));
    REQUIRE_FALSE(again);
    CHECK(again.error().code == Errc::Denied);
}

TEST_CASE("mrtd: a plain answer inside a secured session ends it")
{
    const auto* answer = GENERATE("9000", "6988", "990290009000", "8701019000");
    auto session = printedSession();
    REQUIRE(session.wrap(selectCommon()));
    const auto plain = session.unwrap(bytes(answer));
    REQUIRE_FALSE(plain);
    CHECK(plain.error().code == Errc::Denied);
}

TEST_CASE("mrtd: what is secured with AES is whole and not readable on the wire")
{
    const auto cipher = GENERATE(Cipher::Aes128, Cipher::Aes192, Cipher::Aes256);
    const Bytes encryption(keyBytes(cipher), std::byte{0x11});
    const Bytes mac(keyBytes(cipher), std::byte{0x22});
    SecureMessaging session(cipher, SecretBytes(Bytes(encryption)), SecretBytes(Bytes(mac)));
    const auto command = session.wrap({0x00, 0xB0, 0x81, 0x00, {}, 16});
    REQUIRE(command);
    CHECK(toHex(ByteView(*command).first(8)) == "0CB081000D970110");

    const auto counter = bytes("00000000000000000000000000000002");
    const auto vector = encrypt(cipher, encryption, {}, counter);
    const auto cryptogram =
        encrypt(cipher, encryption, *vector, padded(bytes("61 05 5F1F 02 4142"), 16));
    REQUIRE(cryptogram);
    const auto answer = sealedAnswer(
        cipher, mac, counter,
        joined({makeObject(0x87, joined({bytes("01"), *cryptogram})), bytes("99026282")}), "6282");
    const auto data = session.unwrap(answer);
    REQUIRE(data);
    CHECK(toHex(data->data.reveal()) == "61055F1F024142");
    CHECK(data->status == 0x6282);
}

TEST_CASE("mrtd: sealed answers of wrong build are refused though their seal is right")
{
    const Bytes key(16, std::byte{0x22});
    const auto* body = GENERATE("8700 99029000",     // a cryptogram without its indicator
                                "870102 99029000",   // of another padding
                                "87020111 99029000", // of half a block
                                "87110100112233445566778899AABBCCDDEEFF 99029000", // unpadded
                                "99029000 99029000", "A1020000 99029000", "9903009000", "99016A");
    INFO(body);
    SecureMessaging session(Cipher::Aes128, SecretBytes(Bytes(key)), SecretBytes(Bytes(key)));
    REQUIRE(session.wrap(selectCommon()));
    CHECK_FALSE(session.unwrap(
        sealedAnswer(Cipher::Aes128, key, bytes("00000000000000000000000000000002"), bytes(body))));
}

TEST_CASE("mrtd: commands grow beyond short lengths only where they must")
{
    const Bytes key(16, std::byte{0x22});
    SecureMessaging session(Cipher::Aes128, SecretBytes(Bytes(key)), SecretBytes(Bytes(key)));
    const auto shortOne = session.wrap({0x00, 0xB0, 0x81, 0x00, {}, 223});
    REQUIRE(shortOne);
    CHECK(shortOne->size() == 5 + 3 + 10 + 1);
    const auto longAnswer = session.wrap({0x00, 0xB0, 0x81, 0x00, {}, 4'000});
    REQUIRE(longAnswer);
    CHECK(toHex(ByteView(*longAnswer).first(11)) == "0CB0810000000E97020FA0");
    CHECK(toHex(ByteView(*longAnswer).last(2)) == "0000");
    const auto longData = session.wrap({0x00, 0x86, 0x00, 0x00, Bytes(300), 256});
    REQUIRE(longData);
    CHECK(toHex(ByteView(*longData).first(5)) == "0C86000000");
}

TEST_CASE("mrtd: data under an odd instruction has no padding indicator")
{
    const Bytes key(16, std::byte{0x22});
    SecureMessaging session(Cipher::Aes128, SecretBytes(Bytes(key)), SecretBytes(Bytes(key)));
    const auto command = session.wrap({0x00, 0xB1, 0x00, 0x00, bytes("54028000"), 223});
    REQUIRE(command);
    CHECK(toHex(ByteView(*command).subspan(5, 2)) == "8510");
}

TEST_CASE("mrtd: lengths of plain commands are short or extended as a whole")
{
    CHECK(toHex(encode({0x00, 0x84, 0x00, 0x00, {}, 8})) == "0084000008");
    CHECK(toHex(encode({0x00, 0xA4, 0x02, 0x0C, bytes("011E")})) == "00A4020C02011E");
    CHECK(toHex(encode({0x00, 0xB0, 0x00, 0x00, {}, 256})) == "00B0000000");
    CHECK(toHex(encode({0x00, 0xB0, 0x00, 0x00, {}, 65'536})) == "00B00000000000");
    CHECK(toHex(encode({0x10, 0x86, 0x00, 0x00, bytes("7C00"), 4'000})) == "10860000000002"
                                                                           "7C000FA0");
}
