// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/seal.h"

#include <filesystem>

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "tests/peripherals/host/bank.h"

using namespace guichet;
using namespace guichet::host;
using test::openAsBank;

TEST_CASE("seal: the bank alone reads what is sealed", "[host]")
{
    const auto folder = std::filesystem::temp_directory_path() / ("guichet-" + randomUuid());
    std::filesystem::create_directories(folder);
    const auto file = demoSealingKey(folder);
    REQUIRE(file);
    struct stat secret {};
    REQUIRE(::stat((folder / "bank-demo.pem").c_str(), &secret) == 0);
    CHECK((secret.st_mode & 0077U) == 0);
    const auto key = SealingKey::fromFile(*file);
    REQUIRE(key);
    const auto sealed = key->seal(Secret<std::string>(std::string("{\"pan\":\"6220\"}")));
    REQUIRE(sealed);
    CHECK(openAsBank(folder / "bank-demo.pem", *sealed) == "{\"pan\":\"6220\"}");
    CHECK(*key->seal(Secret<std::string>(std::string("x"))) !=
          *key->seal(Secret<std::string>(std::string("x"))));
    std::filesystem::remove_all(folder);
}

TEST_CASE("seal: what is no key on P-256 is refused", "[host]")
{
    const auto key =
        SealingKey::fromPem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
    REQUIRE_FALSE(key);
    CHECK(key.error().code == Errc::Invalid);
}

TEST_CASE("seal: a process opens what was sealed to the key that it made", "[host]")
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

TEST_CASE("seal: what was changed after it was sealed is not opened", "[host]")
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
