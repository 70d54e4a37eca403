// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/combined_authentication.h"

#include <catch2/catch.hpp>

#include "tests/drivers/emv/emv_signer.h"

using namespace guichet;
using namespace guichet::emv;
using test::bytes;
using test::join;
using test::Signer;

namespace {

const Signer& cardSigner()
{
    static const Signer signer(1024);
    return signer;
}

Bytes digest(ByteView data)
{
    Bytes hash(20);
    REQUIRE(EVP_Digest(data.data(), data.size(), reinterpret_cast<unsigned char*>(hash.data()),
                       nullptr, EVP_sha1(), nullptr) == 1);
    return hash;
}

/// A transaction as terminal and card see it; written from EMV Book 2, 6.6.1, apart from the
/// driver.
struct Transaction {
    Bytes pdolValues = bytes("0156 261128");
    Bytes cdolValues = bytes("000000000000 0156 11223344");
    Bytes unpredictable = bytes("11223344");
    Bytes informationData = bytes("80");
    Bytes before = bytes("9F2701 80 9F3602 0008"); ///< the signature in the answer
    Bytes behind = bytes("9F1003 060A03");
    Bytes dynamicNumber = bytes("08 0102030405060708");
    Bytes applicationCryptogram = bytes("A1A2A3A4A5A6A7A8");

    [[nodiscard]] Bytes dynamicData() const
    {
        return join({dynamicNumber, informationData, applicationCryptogram,
                     digest(join({pdolValues, cdolValues, before, behind}))});
    }
    [[nodiscard]] Bytes signature() const { return signatureOver(dynamicData()); }
    [[nodiscard]] Bytes signatureOver(const Bytes& data) const
    {
        return cardSigner().sign(
            join({bytes("05 01"), Bytes{static_cast<std::byte>(data.size())}, data}),
            unpredictable);
    }
    /// Format 2 with this signature.
    [[nodiscard]] Bytes answer(const Bytes& signature) const
    {
        const auto inner = join({before, bytes("9F4B 8180"), signature, behind});
        return join({bytes("77 81"), Bytes{static_cast<std::byte>(inner.size())}, inner});
    }
    [[nodiscard]] TransactionData sent() const { return {pdolValues, cdolValues, unpredictable}; }
};

Result<void> verify(const Transaction& sent, const Bytes& answer)
{
    const auto parsed = parseCryptogramAnswer(answer);
    return parsed ? verifyCombinedData(cardSigner().publicKey(), *parsed, sent.sent())
                  : Result<void>(tl::unexpected(parsed.error()));
}

std::string refusal(const Transaction& sent, const Bytes& answer)
{
    const auto verified = verify(sent, answer);
    REQUIRE_FALSE(verified);
    CHECK(verified.error().code == Errc::Denied);
    return verified.error().detail;
}

} // namespace

TEST_CASE("emv combined: a signed cryptogram proves the card, what was sent and what was answered")
{
    const Transaction transaction;
    const auto answer = transaction.answer(transaction.signature());
    const auto parsed = parseCryptogramAnswer(answer);
    REQUIRE(parsed);
    CHECK(parsed->type() == CryptogramType::Arqc);
    CHECK(toHex(parsed->covered) == "9F2701809F360200089F1003060A03");
    CHECK(verify(transaction, answer));
}

TEST_CASE("emv combined: the shortest dynamic number, and data behind the hash, are fine")
{
    Transaction transaction;
    transaction.dynamicNumber = bytes("02 0102");
    CHECK(verify(transaction, transaction.answer(transaction.signature())));
    const auto longer = join({transaction.dynamicData(), bytes("DF01")});
    CHECK(verify(transaction, transaction.answer(transaction.signatureOver(longer))));
}

TEST_CASE("emv combined: another key, another random number or a changed signature is refused")
{
    const Transaction transaction;
    auto signature = transaction.signature();
    CHECK(refusal(transaction, transaction.answer(Signer(1024).sign(bytes("05 01 00"),
                                                                    transaction.unpredictable))) ==
          "dynamic signature: was signed by another key");
    Transaction later;
    later.unpredictable = bytes("11223345");
    CHECK(refusal(later, transaction.answer(signature)) ==
          "dynamic signature: the hash does not fit");
    signature.pop_back();
    auto cut = join({transaction.before, bytes("9F4B 7F"), signature, transaction.behind});
    CHECK(refusal(transaction,
                  join({bytes("77 81"), Bytes{static_cast<std::byte>(cut.size())}, cut})) ==
          "dynamic signature: is not as long as the key that signed it");
}

TEST_CASE("emv combined: whatever differs from what was signed is found out")
{
    const Transaction genuine;
    const auto signature = genuine.signature();
    constexpr auto kOther = "the card signed another transaction";
    SECTION("the answer to the PDOL")
    {
        auto sent = genuine;
        sent.pdolValues.back() ^= std::byte{1};
        CHECK(refusal(sent, genuine.answer(signature)) == kOther);
    }
    SECTION("the answer to CDOL1, its random number apart")
    {
        auto sent = genuine;
        sent.cdolValues.front() ^= std::byte{1};
        CHECK(refusal(sent, genuine.answer(signature)) == kOther);
    }
    SECTION("an object of the answer before the signature")
    {
        auto changed = genuine;
        changed.before.back() ^= std::byte{1}; // the counter
        CHECK(refusal(genuine, changed.answer(signature)) == kOther);
    }
    SECTION("an object of the answer behind it")
    {
        auto changed = genuine;
        changed.behind.back() ^= std::byte{1};
        CHECK(refusal(genuine, changed.answer(signature)) == kOther);
    }
    SECTION("an object that is there no more")
    {
        auto changed = genuine;
        changed.behind.clear();
        CHECK(refusal(genuine, changed.answer(signature)) == kOther);
    }
    SECTION("the kind of cryptogram")
    {
        auto changed = genuine;
        changed.before = bytes("9F2701 40 9F3602 0008");
        CHECK(refusal(genuine, changed.answer(signature)) ==
              "the card signed another kind of cryptogram than it gave");
    }
}

TEST_CASE("emv combined: what is signed must be a cryptogram")
{
    const Transaction transaction;
    const auto refused = [&](const Bytes& dynamicData) {
        return refusal(transaction, transaction.answer(transaction.signatureOver(dynamicData)));
    };
    constexpr auto kNone = "the signature is of no cryptogram";
    CHECK(refused(bytes("08 0102030405060708")) == kNone); // as for a challenge
    CHECK(refused({}) == kNone);
    CHECK(refused(join({bytes("01 01"), Bytes(60)})) == kNone);
    CHECK(refused(join({bytes("09"), Bytes(60)})) == kNone);
    const auto lying = cardSigner().sign(bytes("05 01 FF"), transaction.unpredictable);
    CHECK(refusal(transaction, transaction.answer(lying)) ==
          "dynamic signature: its data is not as long as it says");
}

TEST_CASE("emv combined: an answer without a signature is understood and refused")
{
    const Transaction transaction;
    const auto plain = bytes("80 0E 80 0008 A1A2A3A4A5A6A7A8 060A03"); // format 1
    REQUIRE(parseCryptogramAnswer(plain));
    CHECK(parseCryptogramAnswer(plain)->type() == CryptogramType::Arqc);
    CHECK(refusal(transaction, plain) == "the card did not sign its cryptogram");
    CHECK(refusal(transaction, bytes("77 14 9F2701 80 9F3602 0008 9F2608 A1A2A3A4A5A6A7A8")) ==
          "the card did not sign its cryptogram");
}

TEST_CASE("emv combined: the kind of a cryptogram stands in the first two bits")
{
    const auto type = [](const char* answer) {
        return parseCryptogramAnswer(bytes(answer))->type();
    };
    CHECK(type("77 09 9F2701 00 9F3602 0008") == CryptogramType::Aac);
    CHECK(type("77 09 9F2701 41 9F3602 0008") == CryptogramType::Tc);
    CHECK(type("77 09 9F2701 8F 9F3602 0008") == CryptogramType::Arqc);
    CHECK(type("77 09 9F2701 C0 9F3602 0008") == CryptogramType::Reserved);
    CHECK(type("80 0B 00 0008 A1A2A3A4A5A6A7A8") == CryptogramType::Aac);
}

TEST_CASE("emv combined: an answer that is no cryptogram is refused")
{
    for (const auto* answer :
         {"", "77", "77 7F 9F27", "6F 00", "77 00", "80 0A 80 0008 A1A2A3A4A5A6A7",
          "77 04 9F2701 80",                                 // no counter
          "77 05 9F3602 0008",                               // no type
          "77 0A 9F2702 8000 9F3602 0008",                   // type of two bytes
          "77 08 9F2701 80 9F3601 08",                       // counter of one
          "77 0D 9F2701 80 9F2701 00 9F3602 0008",           // type twice
          "77 11 9F2701 80 9F3602 0008 9F4B01 00 9F4B01 00", // signature twice
          "77 09 9F2701 80 9F3602 0008 77 09 9F2701 00 9F3602 0008"}) {
        CAPTURE(answer);
        const auto parsed = parseCryptogramAnswer(bytes(answer));
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().code == Errc::Protocol);
    }
}

TEST_CASE("emv combined: only what stands in the template itself counts")
{
    const auto parsed =
        parseCryptogramAnswer(bytes("77 10 9F2701 80 9F3602 0008 BF0C04 9F4B01 00"));
    REQUIRE(parsed);
    CHECK(parsed->signature.empty());
}
