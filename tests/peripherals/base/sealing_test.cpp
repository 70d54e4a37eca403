// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/sealing.h"

#include <catch2/catch.hpp>

using namespace guichet;

TEST_CASE("seal: what is no key on P-256 is refused")
{
    const auto key =
        SealingKey::fromPem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
    REQUIRE_FALSE(key);
    CHECK(key.error().code == Errc::Invalid);
}

TEST_CASE("seal: a process opens what was sealed to the key that it made")
{
    const auto own = OpeningKey::generate();
    REQUIRE(own);
    const auto sealed =
        SealingKey::fromPem(*own->publicPem())->seal(Secret<std::string>(std::string("L898902C3")));
    REQUIRE(sealed);
    const auto opened = own->open(*sealed);
    REQUIRE(opened);
    CHECK(opened->reveal() == "L898902C3");

    const auto refused = OpeningKey::generate()->open(*sealed);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Denied);
}

TEST_CASE("seal: what was changed after it was sealed is not opened")
{
    const auto own = OpeningKey::generate();
    const auto sealed = *SealingKey::fromPem(*own->publicPem())
                             ->seal(Secret<std::string>(std::string("L898902C3")));
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        auto changed = sealed;
        changed[at] = changed[at] == 'A' ? 'Q' : 'A'; // another bit that counts, in any place
        CAPTURE(at);
        CHECK_FALSE(own->open(changed));
        CHECK_FALSE(own->open(sealed.substr(0, at)));
    }
    CHECK_FALSE(own->open(sealed + "."));
}

TEST_CASE("seal: a private key from a file opens, and a public one is none")
{
    // of this test only
    const std::string pem = "-----BEGIN PRIVATE KEY-----\n"
                            "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmDuCuv/imCjKPo0S\n"
                            "Nmc1m2B3eGfVFvOZ1JqpOUJtyQuhRANCAARouzyo+IWx8+UINnPz9nKcH6/gGB6S\n"
                            "v6Ex257+cLgO9MOSnXFK4AeVbqvJDtFlB6K60jGhsNhbe2x98ewfk6Bf\n"
                            "-----END PRIVATE KEY-----\n";
    const auto own = OpeningKey::fromPem(Secret<std::string>(std::string(pem)));
    REQUIRE(own);
    const auto sealed = SealingKey::fromPem(*own->publicPem())->seal(asBytes("a data key"));
    CHECK(own->open(*sealed)->reveal() == "a data key");
    CHECK_FALSE(OpeningKey::fromPem(Secret<std::string>(*own->publicPem())));
    CHECK_FALSE(SealingKey::fromPem(pem));
}

TEST_CASE("seal: what is not sealed content is refused as of another form")
{
    const auto own = OpeningKey::generate().value();
    const std::string text = GENERATE("", "....", "a.b.c.d.e", "e30..AAAA.AAAA.AAAA", "no", "e30.");
    const auto opened = own.open(text);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Errc::Invalid);
}
