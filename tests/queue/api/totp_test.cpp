// SPDX-License-Identifier: Apache-2.0
#include "queue/api/totp.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::queue::api;

namespace {

/// "12345678901234567890", the key of the examples in RFC 4226 and RFC 6238.
constexpr auto kExample = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

Instant at(std::int64_t unixTime)
{
    return Instant(std::chrono::seconds(unixTime));
}

} // namespace

TEST_CASE("totp: the codes of RFC 6238 appendix B, last six digits")
{
    for (const auto& [unixTime, code] : {std::pair(59LL, "287082"),
                                         {1111111109LL, "081804"},
                                         {1111111111LL, "050471"},
                                         {1234567890LL, "005924"},
                                         {2000000000LL, "279037"},
                                         {20000000000LL, "353130"}}) {
        CHECK(totpCode(kExample, totpStep(at(unixTime))) == code);
    }
}

TEST_CASE("totp: the counters of RFC 4226 appendix D")
{
    const char* const codes[]{"755224", "287082", "359152", "969429", "338314",
                              "254676", "287922", "162583", "399871", "520489"};
    for (std::int64_t step = 0; step < 10; ++step) {
        CHECK(totpCode(kExample, step) == codes[step]);
    }
}

TEST_CASE("totp: a code counts in its step and the ones beside it, and never after it was used")
{
    const auto now = at(1111111111);
    const auto step = totpStep(now);
    for (const auto off : {-1, 0, 1}) {
        CHECK(acceptedStep(kExample, totpCode(kExample, step + off), now, 0) == step + off);
    }
    CHECK_FALSE(acceptedStep(kExample, totpCode(kExample, step - 2), now, 0));
    CHECK_FALSE(acceptedStep(kExample, totpCode(kExample, step + 2), now, 0));
    CHECK_FALSE(acceptedStep(kExample, totpCode(kExample, step), now, step));
    CHECK_FALSE(acceptedStep(kExample, totpCode(kExample, step - 1), now, step));
    CHECK_FALSE(acceptedStep(kExample, "", now, 0));
    CHECK_FALSE(acceptedStep("not base32!", "", now, 0));
}

TEST_CASE("totp: a new secret has 160 bits and makes codes")
{
    const auto secret = totpSecret();
    CHECK(secret.size() == 32);
    CHECK(secret != totpSecret());
    CHECK(totpCode(secret, 1).size() == 6);
}
