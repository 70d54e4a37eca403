// SPDX-License-Identifier: Apache-2.0
#include "drivers/barcode/frame_policy.h"

#include <string>

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::barcode;
using namespace std::chrono_literals;

namespace {

Code code(const std::string& text)
{
    const auto bytes = asBytes(text);
    return {Symbology::QrCode, Bytes(bytes.begin(), bytes.end())};
}

FramePolicy policy()
{
    return FramePolicy([](ByteView bytes) { return asText(bytes).substr(0, 4) == "GT1:"; });
}

constexpr Ticks kStart{1h};

} // namespace

TEST_CASE("frame policy: the same code in two frames counts", "[barcode]")
{
    auto seeing = policy();
    CHECK_FALSE(seeing.see(code("A"), kStart));
    CHECK(seeing.see(code("A"), kStart) == code("A"));
}

TEST_CASE("frame policy: one frame between them may show nothing or something else", "[barcode]")
{
    auto seeing = policy();
    CHECK_FALSE(seeing.see(code("A"), kStart));
    CHECK_FALSE(seeing.see(GENERATE(std::optional<Code>(), code("B")), kStart));
    CHECK(seeing.see(code("A"), kStart) == code("A"));
}

TEST_CASE("frame policy: two frames that are too far apart do not count", "[barcode]")
{
    auto seeing = policy();
    CHECK_FALSE(seeing.see(code("A"), kStart));
    CHECK_FALSE(seeing.see(std::nullopt, kStart));
    CHECK_FALSE(seeing.see(std::nullopt, kStart));
    CHECK_FALSE(seeing.see(code("A"), kStart));
}

TEST_CASE("frame policy: the same text in another kind of code is another code", "[barcode]")
{
    auto seeing = policy();
    auto other = code("A");
    other.symbology = Symbology::Aztec;
    CHECK_FALSE(seeing.see(code("A"), kStart));
    CHECK_FALSE(seeing.see(other, kStart));
}

TEST_CASE("frame policy: what can be verified counts in its first frame", "[barcode]")
{
    auto seeing = policy();
    CHECK(seeing.see(code("GT1:X"), kStart) == code("GT1:X"));
}

TEST_CASE("frame policy: an accepted code is ignored for two seconds", "[barcode]")
{
    auto seeing = policy();
    CHECK(seeing.see(code("GT1:X"), kStart));
    CHECK_FALSE(seeing.see(code("GT1:X"), kStart + 1999ms));
    CHECK(seeing.see(code("GT1:Y"), kStart + 1999ms));
    CHECK(seeing.see(code("GT1:X"), kStart + 2s));
    CHECK(seeing.see(code("GT1:X"), kStart + 4s));
}

TEST_CASE("frame policy: frames before a new read do not count, what was accepted does",
          "[barcode]")
{
    auto seeing = policy();
    CHECK(seeing.see(code("GT1:X"), kStart));
    CHECK_FALSE(seeing.see(code("A"), kStart));
    seeing.startOver();
    CHECK_FALSE(seeing.see(code("A"), kStart));
    CHECK_FALSE(seeing.see(code("GT1:X"), kStart));
    CHECK(seeing.see(code("A"), kStart) == code("A"));
}
