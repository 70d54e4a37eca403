// SPDX-License-Identifier: Apache-2.0
#include "kiosk/bank/bank_documents.h"

#include <string>

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::bank;

namespace {

const std::string kHandle = "0b0c7d3e-5a5f-4f6e-9d43-3d1f2f7a9c11";

} // namespace

TEST_CASE("bank: a change says the same after its way over the wire")
{
    const PhoneChange sent{kHandle, "13911112222", {{"identity", kHandle}, {"face", kHandle}}};
    const auto heard = decodeChange(encode(sent), kHandle);
    REQUIRE(heard);
    CHECK(heard->newPhone == sent.newPhone);
    CHECK(heard->evidence == sent.evidence);
}

TEST_CASE("bank: evidence says the same after its way over the wire")
{
    const EvidenceContent sent{{"signature", kHandle}, "image/png", *fromHex("89504e47")};
    const auto heard = decodeEvidence(encode(sent), kHandle);
    REQUIRE(heard);
    CHECK(heard->evidence == sent.evidence);
    CHECK(heard->mediaType == sent.mediaType);
    CHECK(heard->data == sent.data);
}

TEST_CASE("bank: a number that is none is refused by name and without itself")
{
    const auto number = GENERATE("1391111222", "139111122223", "12911112222", "1391111222a", "");
    const auto heard =
        decodeChange(R"({"newPhone":")" + std::string(number) + R"(","evidence":[]})", kHandle);
    REQUIRE_FALSE(heard);
    CHECK(heard.error().code == Errc::Invalid);
    CHECK(heard.error().detail == "bank: newPhone is not a mobile number of eleven digits");
}

TEST_CASE("bank: a problem without a way is no refusal of the bank")
{
    CHECK_FALSE(decodeRefusal(R"({"status":409,"code":"evidence-differs"})"));
    CHECK_FALSE(decodeRefusal(R"({"status":409,"code":"x","way":"elsewhere"})"));
    const auto refused = decodeRefusal(R"({"code":"phone-unchanged","way":"otherNumber"})");
    REQUIRE(refused);
    CHECK(refused->reason == "phone-unchanged");
    CHECK(refused->way == Way::OtherNumber);
}

TEST_CASE("bank: a receipt without a time that can be read is refused")
{
    CHECK_FALSE(decodeReceipt(R"({"reference":"P000001","phone":"139****2222","at":"today"})"));
    CHECK_FALSE(decodeReceipt(R"({"reference":"","phone":"","at":"2026-11-27T10:00:00Z"})"));
}
