// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/key_derivation.h"

#include <catch2/catch.hpp>

#include "tests/drivers/support/hex_text.h"

using namespace guichet;
using namespace guichet::mrtd;
using test::bytes;

namespace {

MrzKey keyOf(std::string number, std::string birth, std::string expiry)
{
    return {Secret(std::move(number)), Secret(std::move(birth)), Secret(std::move(expiry))};
}

} // namespace

TEST_CASE("mrtd: the key's text is made as in the worked examples of Doc 9303-11")
{
    struct Sample {
        const char *number, *birth, *expiry, *information;
    };
    const auto sample =
        GENERATE(Sample{"L898902C", "690806", "940623", "L898902C<369080619406236"},
                 Sample{"T22000129", "640812", "101031", "T22000129364081251010318"},
                 // longer than its field: whole, with its own check digit
                 Sample{"D23145890734", "340712", "950712", "D23145890734934071279507122"});
    const auto information = mrzInformation(keyOf(sample.number, sample.birth, sample.expiry));
    REQUIRE(information);
    CHECK(information->reveal() == sample.information);
}

TEST_CASE("mrtd: fields that are none of a document's are refused, without repeating them")
{
    struct Sample {
        const char *number, *birth, *expiry;
    };
    const auto sample =
        GENERATE(Sample{"", "690806", "940623"}, Sample{"l898902c", "690806", "940623"},
                 Sample{"L898902C", "19690806", "940623"}, Sample{"L898902C", "690806", "94062X"},
                 Sample{"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "690806", "940623"});
    const auto information = mrzInformation(keyOf(sample.number, sample.birth, sample.expiry));
    REQUIRE_FALSE(information);
    CHECK(information.error().code == Errc::Invalid);
    CHECK(information.error().detail.find("L898") == std::string::npos);
}

TEST_CASE("mrtd: keys are derived as in the worked example of Doc 9303-11 appendix D")
{
    const auto password = passwordOf(keyOf("L898902C", "690806", "940623"));
    REQUIRE(password);
    CHECK(toHex(password->reveal()) == "239AB9CB282DAF66231DC5A4DF6BFBAEDF477565");
    const auto seed = ByteView(password->reveal()).first(16);
    // As printed, with parity adjusted; the derivation itself leaves the parity bits alone.
    const auto same = [](ByteView key, std::string_view printed) {
        const auto want = bytes(printed);
        for (std::size_t i = 0; i < want.size(); ++i) {
            if ((key[i] | std::byte{1}) != (want[i] | std::byte{1})) {
                return false;
            }
        }
        return key.size() == want.size();
    };
    CHECK(same(deriveKey(seed, KeyUse::Encryption, Cipher::TripleDes)->reveal(),
               "AB94FDECF2674FDFB9B391F85D7F76F2"));
    CHECK(same(deriveKey(seed, KeyUse::Mac, Cipher::TripleDes)->reveal(),
               "7962D9ECE03D1ACD4C76089DCE131543"));
}

TEST_CASE("mrtd: the password key is derived as in appendix G")
{
    const auto password = passwordOf(keyOf("T22000129", "640812", "101031"));
    REQUIRE(password);
    CHECK(toHex(password->reveal()) == "7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD");
    const auto key = deriveKey(password->reveal(), KeyUse::Password, Cipher::Aes128);
    REQUIRE(key);
    CHECK(toHex(key->reveal()) == "89DED1B26624EC1E634C1989302849DD");
}

TEST_CASE("mrtd: longer keys come from SHA-256")
{
    const auto secret = bytes("0102");
    const auto longest = deriveKey(secret, KeyUse::Mac, Cipher::Aes256);
    const auto middle = deriveKey(secret, KeyUse::Mac, Cipher::Aes192);
    REQUIRE(longest);
    REQUIRE(middle);
    // printf 010200000002 | xxd -r -p | sha256sum
    CHECK(toHex(longest->reveal()) ==
          "5DBEE0A29283512256238CD05870A61C81CCEA8A245C8973ABC0618DF4D3471F");
    CHECK(toHex(middle->reveal()) == toHex(longest->reveal()).substr(0, 48));
}
