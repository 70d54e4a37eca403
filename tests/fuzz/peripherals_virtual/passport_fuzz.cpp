// SPDX-License-Identifier: Apache-2.0
// Commands to a virtual passport: each is a byte of length and so many bytes of the input.
#include <algorithm>
#include <cstdlib>

#include "peripherals/virtual/passport.h"

using namespace guichet;
using namespace guichet::virtualdevices;

namespace {

PassportProfile everything()
{
    PassportProfile profile;
    profile.paceCurve = 12;
    profile.chipAuthentication = true;
    return profile;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    static const PassportIssuer issuer;
    static Passport passport(everything(), issuer);
    passport.reset();
    auto rest = std::as_bytes(std::span(data, size));
    while (!rest.empty()) {
        const auto length = std::min(std::to_integer<std::size_t>(rest[0]), rest.size() - 1);
        if (passport.answer(rest.subspan(1, length)).size() < 2) {
            std::abort();
        }
        rest = rest.subspan(1 + length);
    }
    passport::ChipSession session(passport::Suite::Aes128, Bytes(16));
    passport::PlainCommand plain;
    const auto bytes = std::as_bytes(std::span(data, size));
    if (session.open({Bytes(4), Bytes(bytes.begin(), bytes.end())}, plain)) {
        std::abort(); // nobody guesses a seal
    }
    return 0;
}
