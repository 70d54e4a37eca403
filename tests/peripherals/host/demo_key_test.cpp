// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/demo_key.h"

#include <filesystem>

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "peripherals/base/sealing.h"
#include "tests/peripherals/host/bank.h"

using namespace guichet;
using namespace guichet::host;
using test::openAsBank;

TEST_CASE("demo key: the bank alone reads what is sealed", "[host]")
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
