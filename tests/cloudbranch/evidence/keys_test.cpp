// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/cloudbranch/evidence/case_world.h"

using namespace guichet;
using namespace guichet::evidence;
using namespace guichet::test;

namespace {

const std::string kRsaPublic = "-----BEGIN PUBLIC KEY-----\n"
                               "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKxMSVp3uW8UqEHbq0Jb1Xw1Yj1Kq0d1\n"
                               "qZ7d3xkz1Qq8mE8Wc8wz8fH0vYb8b0y7G0Ck0k4r5n7c0c9Yt0rQm1kCAwEAAQ==\n"
                               "-----END PUBLIC KEY-----\n";

} // namespace

TEST_CASE("evidence keys: a key that is not on P-256 is refused with what is wanted")
{
    const std::string pem = GENERATE(std::string(), std::string("hello"), kRsaPublic);
    const auto verifier = VerifyingKey::fromPem(pem);
    REQUIRE_FALSE(verifier);
    CHECK(verifier.error().code == Errc::Invalid);
    CHECK_THAT(verifier.error().detail,
               Catch::Contains("want a PEM public key or certificate on P-256"));
    CHECK_FALSE(SigningKey::fromPem(Secret<std::string>(std::string(pem))));
}

TEST_CASE("evidence keys: a signature holds for its text and its key only")
{
    const KeyPair terminal;
    const auto key =
        SigningKey::fromPem(Secret<std::string>(std::string(terminal.privatePem))).value();
    const auto signature = key.sign("heads").value();
    const auto verifier = VerifyingKey::fromPem(terminal.publicPem).value();
    CHECK(verifier.verifies("heads", signature));
    CHECK_FALSE(verifier.verifies("Heads", signature));
    CHECK_FALSE(verifier.verifies("heads", ""));
    CHECK_FALSE(verifier.verifies("heads", "!"));
    CHECK_FALSE(VerifyingKey::fromPem(KeyPair().publicPem).value().verifies("heads", signature));
}
