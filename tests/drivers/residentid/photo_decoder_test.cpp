// SPDX-License-Identifier: Apache-2.0
#include "drivers/residentid/photo_decoder.h"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::residentid;

namespace {

Bytes photoOf(std::uint8_t level)
{
    return Bytes(1024, std::byte{level});
}

} // namespace

TEST_CASE("photo decoder: the bank's library makes a picture of what is on the card")
{
    const auto decoder = PhotoDecoder::load(GUICHET_PHOTO_PLUGIN);
    REQUIRE(decoder);
    const auto photo = decoder->decode(photoOf(0x80));
    REQUIRE(photo);
    CHECK(isPhotoBmp(photo->reveal()));
    CHECK(photo->reveal().back() == std::byte{0x80});
}

TEST_CASE("photo decoder: what a library cannot decode, or only half, is no photo")
{
    const auto decoder = PhotoDecoder::load(GUICHET_PHOTO_PLUGIN);
    REQUIRE(decoder);
    const auto level = GENERATE(0xFF, 0xFE);
    const auto photo = decoder->decode(photoOf(static_cast<std::uint8_t>(level)));
    REQUIRE_FALSE(photo);
    CHECK(photo.error().code == Errc::Protocol);
    CHECK_FALSE(decoder->decode({}));
}

TEST_CASE("photo decoder: a library that is not there, or not one, is named")
{
    const auto missing = PhotoDecoder::load("/nowhere/decoder.so");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == Errc::NotFound);
    CHECK(missing.error().detail.find("/nowhere/decoder.so") != std::string::npos);

    const auto other = PhotoDecoder::load("/lib/x86_64-linux-gnu/libm.so.6");
    REQUIRE_FALSE(other);
    CHECK(other.error().code == Errc::Unsupported);
    CHECK(other.error().detail.find(GUICHET_DECODE_PHOTO) != std::string::npos);
}

TEST_CASE("photo decoder: only a whole BMP of the card's size is taken for a photo")
{
    const auto decoder = PhotoDecoder::load(GUICHET_PHOTO_PLUGIN);
    REQUIRE(decoder);
    const auto good = decoder->decode(photoOf(1))->reveal();
    const auto at = GENERATE(0U, 1U, 10U, 14U, 18U, 22U, 26U, 28U, 30U);
    auto bad = good;
    bad[at] ^= std::byte{1};
    CHECK_FALSE(isPhotoBmp(bad));
    CHECK_FALSE(isPhotoBmp(ByteView(good).first(good.size() - 1)));
    CHECK_FALSE(isPhotoBmp({}));
}
