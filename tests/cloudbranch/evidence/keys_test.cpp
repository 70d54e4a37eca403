// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/cloudbranch/evidence/case_world.h"

using namespace guichet;
using namespace guichet::evidence;
using namespace guichet::test;

namespace {

AuditorKey auditorOf(const KeyPair& pair)
{
    return AuditorKey::fromPem(Secret<std::string>(std::string(pair.privatePem))).value();
}

const std::string kRsaPublic = "-----BEGIN PUBLIC KEY-----\n"
                               "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKxMSVp3uW8UqEHbq0Jb1Xw1Yj1Kq0d1\n"
                               "qZ7d3xkz1Qq8mE8Wc8wz8fH0vYb8b0y7G0Ck0k4r5n7c0c9Yt0rQm1kCAwEAAQ==\n"
                               "-----END PUBLIC KEY-----\n";

} // namespace

TEST_CASE("evidence keys: a wrapped key opens with the bank's private key")
{
    const KeyPair bank;
    const auto dataKey = cipher::newKey();

    const auto wrapped = RecipientKey::fromPem(bank.publicPem).value().wrap(dataKey);

    REQUIRE(wrapped);
    const auto unwrapped = auditorOf(bank).unwrap(*wrapped);
    REQUIRE(unwrapped);
    CHECK(unwrapped->reveal() == dataKey.reveal());
}

TEST_CASE("evidence keys: the same key is wrapped differently each time")
{
    const auto recipient = RecipientKey::fromPem(KeyPair().publicPem).value();
    const auto dataKey = cipher::newKey();
    CHECK(recipient.wrap(dataKey).value() != recipient.wrap(dataKey).value());
}

TEST_CASE("evidence keys: another private key does not open it")
{
    const auto wrapped =
        RecipientKey::fromPem(KeyPair().publicPem).value().wrap(cipher::newKey()).value();
    const auto opened = auditorOf(KeyPair()).unwrap(wrapped);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Errc::Denied);
}

TEST_CASE("evidence keys: what is no wrapped key is refused as of another form")
{
    const auto auditor = auditorOf(KeyPair());
    const std::string text = GENERATE("", "....", "a.b.c.d.e", "e30..AAAA.AAAA.AAAA", "no", "e30.");
    const auto opened = auditor.unwrap(text);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Errc::Invalid);
}

TEST_CASE("evidence keys: a key that is not on P-256 is refused with what is wanted")
{
    const std::string pem = GENERATE(std::string(), std::string("hello"), kRsaPublic);
    const auto recipient = RecipientKey::fromPem(pem);
    REQUIRE_FALSE(recipient);
    CHECK(recipient.error().code == Errc::Invalid);
    CHECK_THAT(recipient.error().detail, Catch::Contains("want a PEM public key on P-256"));
    CHECK_FALSE(VerifyingKey::fromPem(pem));
    CHECK_FALSE(AuditorKey::fromPem(Secret<std::string>(std::string(pem))));
}

TEST_CASE("evidence keys: a public key is no private one")
{
    CHECK_FALSE(AuditorKey::fromPem(Secret<std::string>(std::string(KeyPair().publicPem))));
    CHECK_FALSE(RecipientKey::fromPem(KeyPair().privatePem));
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
