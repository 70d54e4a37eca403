// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/cipher.h"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace guichet;

TEST_CASE("cipher: test case 16 of the GCM specification comes out byte for byte")
{
    const auto bytes = [](std::string_view hex) { return fromHex(hex).value(); };
    const cipher::Key key(
        bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
    const auto nonce = bytes("cafebabefacedbaddecaf888");
    const auto context = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    const auto plain = bytes("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                             "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
    const auto sealed = cipher::encrypt(key, nonce, context, plain);
    REQUIRE(sealed);
    CHECK(*sealed == bytes("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                           "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                           "76fc6ece0f4e1768cddf8853bb2d551b"));
    CHECK(cipher::decrypt(key, nonce, context, *sealed)->reveal() == plain);
}

TEST_CASE("cipher: whatever is changed, nothing comes out")
{
    const auto key = cipher::newKey();
    const Bytes nonce(cipher::kNonce);
    const auto context = asBytes("case 1, record 7");
    auto sealed = cipher::encrypt(key, nonce, context, asBytes("who and what")).value();
    const auto codeOf = [](const Result<Secret<Bytes>>& opened) {
        return opened ? Errc::Internal : opened.error().code;
    };
    CHECK(codeOf(cipher::decrypt(cipher::newKey(), nonce, context, sealed)) == Errc::Denied);
    CHECK(codeOf(cipher::decrypt(key, nonce, asBytes("case 1, record 8"), sealed)) == Errc::Denied);
    CHECK(codeOf(cipher::decrypt(key, Bytes(cipher::kNonce, std::byte{1}), context, sealed)) ==
          Errc::Denied);
    CHECK(codeOf(cipher::decrypt(key, nonce, context, ByteView(sealed).first(cipher::kTag - 1))) ==
          Errc::Denied);
    for (auto& byte : sealed) {
        byte ^= std::byte{1};
        CHECK(codeOf(cipher::decrypt(key, nonce, context, sealed)) == Errc::Denied);
        byte ^= std::byte{1};
    }
}

TEST_CASE("cipher: a key or nonce of another size is refused")
{
    const cipher::Key shortKey{Bytes(16)};
    CHECK_FALSE(cipher::encrypt(shortKey, Bytes(cipher::kNonce), {}, {}));
    CHECK_FALSE(cipher::encrypt(cipher::newKey(), Bytes(8), {}, {}));
    CHECK_FALSE(cipher::decrypt(shortKey, Bytes(cipher::kNonce), {}, Bytes(cipher::kTag)));
}
