// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/offline_authentication.h"

#include <catch2/catch.hpp>

#include "tests/drivers/emv/emv_signer.h"

using namespace guichet;
using namespace guichet::emv;
using namespace std::chrono_literals;
using test::bytes;
using test::join;
using test::Signer;

namespace {

constexpr std::string_view kNumber = "6205500000000000004";
constexpr std::chrono::year_month_day kToday = 2026y / 11 / 26;

struct Certificate {
    Bytes certificate, remainder, exponent;
    [[nodiscard]] KeyCertificate view() const { return {certificate, remainder, exponent}; }
};

/// `head`: format, identifier, month and year, serial number, and the hash's algorithm.
Certificate certify(const Signer& signer, const Signer& whose, ByteView head, ByteView staticData)
{
    const auto key = whose.publicKey();
    const auto room = signer.size() - 22 - head.size() - 3;
    const auto inside = std::min(room, key.modulus.size());
    const ByteView modulus(key.modulus);
    const Bytes sizes{std::byte{1}, static_cast<std::byte>(key.modulus.size()),
                      static_cast<std::byte>(key.exponent.size())};
    Certificate made;
    made.remainder = join({modulus.subspan(inside)});
    made.exponent = key.exponent;
    made.certificate = signer.sign(join({head, sizes, modulus.first(inside)}),
                                   join({made.remainder, made.exponent, staticData}));
    return made;
}

/// A scheme, a bank and its card. RSA keys take long to make: once for all tests.
struct Bank {
    Signer scheme{1408};
    Signer issuer{1280};
    Signer card{1024};
    Bytes data = bytes("5A0A6205500000000000004F 5F2403311231");
    Certificate issuerCertificate =
        certify(scheme, issuer, bytes("02 620550FF 1228 000001 01"), {});
    Certificate cardCertificate =
        certify(issuer, card, bytes("04 6205500000000000004F 1228 000002 01"), data);
    Bytes staticSignature = issuer.sign(bytes("03 01 DAC0"), data);
    Bytes challenge = bytes("11223344");
    Bytes answer = card.sign(bytes("05 01 09 08 0102030405060708"), challenge);
};
const Bank& bank()
{
    static const Bank made;
    return made;
}

RsaKey issuerKey()
{
    auto key = recoverIssuerKey(bank().scheme.publicKey(), bank().issuerCertificate.view(),
                                {kNumber, kToday});
    REQUIRE(key);
    return *key;
}

Bytes changed(Bytes from, std::size_t at)
{
    from.at(at) ^= std::byte{1};
    return from;
}

void refuses(const Error& error, const char* why)
{
    INFO(error.detail);
    CHECK(error.code == Errc::Denied);
    CHECK(error.detail.find(why) != std::string::npos);
    CHECK(error.detail.find(kNumber) == std::string::npos);
}

} // namespace

TEST_CASE("emv authentication: keys are recovered from scheme to card, and signatures hold")
{
    const auto issuer = issuerKey();
    CHECK(issuer.modulus == bank().issuer.publicKey().modulus);
    CHECK(verifyStaticData(issuer, bank().staticSignature, bank().data));
    const auto card =
        recoverCardKey(issuer, bank().cardCertificate.view(), bank().data, {kNumber, kToday});
    REQUIRE(card);
    CHECK(card->modulus == bank().card.publicKey().modulus);
    CHECK(verifyDynamicData(*card, bank().answer, bank().challenge));
}

TEST_CASE("emv authentication: a short key stands in the certificate whole")
{
    const Signer small(768);
    const auto made = certify(bank().scheme, small, bytes("02 620550FF 1228 000003 01"), {});
    CHECK(made.remainder.empty());
    const auto key = recoverIssuerKey(bank().scheme.publicKey(), made.view(), {kNumber, kToday});
    REQUIRE(key);
    CHECK(key->modulus == small.publicKey().modulus);
}

TEST_CASE("emv authentication: changed data, and a copy without the card's key, are found out")
{
    const auto issuer = issuerKey();
    const auto other = changed(bank().data, 3);
    refuses(verifyStaticData(issuer, bank().staticSignature, other).error(), "hash");
    refuses(recoverCardKey(issuer, bank().cardCertificate.view(), other, {kNumber, kToday}).error(),
            "hash");
    const auto card = bank().card.publicKey();
    refuses(verifyDynamicData(card, bank().answer, bytes("11223345")).error(), "hash");
    refuses(verifyStaticData(issuer, changed(bank().staticSignature, 9), bank().data).error(),
            "another key");
    refuses(verifyDynamicData(card, bank().card.sign(bytes("03 01 DAC0"), bank().challenge),
                              bank().challenge)
                .error(),
            "another kind");
}

TEST_CASE("emv authentication: a certificate of another number or over is refused")
{
    const auto scheme = bank().scheme.publicKey();
    const auto refused = [&](const char* head) {
        const auto made = certify(bank().scheme, bank().issuer, bytes(head), {});
        const auto key = recoverIssuerKey(scheme, made.view(), {kNumber, kToday});
        REQUIRE_FALSE(key);
        return key.error();
    };
    refuses(refused("02 622848FF 1228 000001 01"), "another card number");
    refuses(refused("02 FFFFFFFF 1228 000001 01"), "another card number");
    refuses(refused("02 620550FF 1026 000001 01"), "over");
    refuses(refused("02 620550FF 1328 000001 01"), "over");
    refuses(refused("02 620550FF 1275 000001 01"), "over"); // of 1975
    CHECK(refused("02 620550FF 1228 000001 02").code == Errc::Unsupported);
    const auto thisMonth =
        certify(bank().scheme, bank().issuer, bytes("02 620550FF 1126 000001 01"), {});
    CHECK(recoverIssuerKey(scheme, thisMonth.view(), {kNumber, kToday}));
}

TEST_CASE("emv authentication: sizes that do not fit are refused before anything is computed")
{
    const auto scheme = bank().scheme.publicKey();
    const auto& made = bank().issuerCertificate;
    const auto refused = [&](const RsaKey& key, const KeyCertificate& certificate) {
        const auto recovered = recoverIssuerKey(key, certificate, {kNumber, kToday});
        REQUIRE_FALSE(recovered);
        return recovered.error();
    };
    refuses(refused(scheme, {ByteView(made.certificate).first(100), made.remainder, made.exponent}),
            "not as long");
    refuses(refused(scheme, {{}, {}, {}}), "not as long");
    refuses(refused({{}, {}}, made.view()), "not as long");
    refuses(refused({Bytes(scheme.modulus.size()), scheme.exponent}, made.view()), "");
    refuses(refused(scheme, {made.certificate, {}, made.exponent}), "hash");
}

TEST_CASE("emv authentication: records are signed with their template from the eleventh file on")
{
    const auto record = bytes("70 04 5A021234");
    CHECK(toHex(*staticDataOf({{1, record}}, {}, {})) == "5A021234");
    CHECK(toHex(*staticDataOf({{11, record}}, {}, {})) == "70045A021234");
    CHECK(toHex(*staticDataOf({{1, record}}, bytes("82"), bytes("1800"))) == "5A0212341800");
    CHECK(staticDataOf({{1, record}}, bytes("825A"), {}).error().code == Errc::Denied);
    CHECK(staticDataOf({{1, bytes("77 00")}}, {}, {}).error().code == Errc::Denied);
    CHECK(staticDataOf({{1, bytes("7005")}}, {}, {}).error().code == Errc::Denied);
}
