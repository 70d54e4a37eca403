// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "drivers/emv/combined_authentication.h"
#include "drivers/emv/offline_authentication.h"

using namespace guichet;
using namespace guichet::emv;

namespace {

/// Who answers to a request for a signed cryptogram may choose all of it.
void cryptogram(ByteView bytes)
{
    const auto answer = parseCryptogramAnswer(bytes);
    if (!answer) {
        return;
    }
    if (answer->covered.size() + answer->signature.size() > bytes.size()) {
        std::abort();
    }
    const RsaKey key{Bytes(answer->signature.size(), std::byte{0xFF}), Bytes(1, std::byte{1})};
    static_cast<void>(verifyCombinedData(key, *answer, {bytes.first(1), bytes.last(1), {}}));
}

} // namespace

/// The exponent 1 signs nothing: what comes in is what is recovered, so the input chooses it. The
/// first byte says how much of the rest is the certificate.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) {
        return 0;
    }
    const auto rest = ByteView(reinterpret_cast<const std::byte*>(data), size).subspan(1);
    const auto certificate = rest.first(std::min<std::size_t>(data[0], rest.size()));
    const auto outside = rest.subspan(certificate.size());
    const RsaKey key{Bytes(certificate.size(), std::byte{0xFF}), Bytes(1, std::byte{1})};
    const CardFacts facts{"6205500000000000004", std::chrono::year(2026) / 11 / 26};
    const auto exponent = outside.first(std::min<std::size_t>(1, outside.size()));
    const KeyCertificate given{certificate, outside.subspan(exponent.size()), exponent};
    for (const auto& recovered :
         {recoverIssuerKey(key, given, facts), recoverCardKey(key, given, {}, facts)}) {
        if (recovered && (recovered->exponent.size() != 1 ||
                          recovered->modulus.size() < given.remainder.size())) {
            std::abort();
        }
    }
    static_cast<void>(verifyStaticData(key, certificate, outside));
    static_cast<void>(verifyDynamicData(key, certificate, outside));
    if (const auto dynamicData = recoverDynamicData(key, certificate, outside);
        dynamicData && dynamicData->size() > certificate.size()) {
        std::abort();
    }
    cryptogram(rest);
    static_cast<void>(staticDataOf({{1, certificate}, {11, outside}}, exponent, outside));
    return 0;
}
