// SPDX-License-Identifier: Apache-2.0
// Signed messages, certificates and public keys, from any bytes.
#include <cstdlib>

#include "drivers/mrtd/active_authentication.h"
#include "drivers/mrtd/passive_authentication.h"
#include "drivers/mrtd/security_object.h"
#include "drivers/mrtd/tlv.h"

using namespace guichet;
using namespace guichet::mrtd;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span(data, size));
    CountrySigners signers;
    (void)signers.addMasterList(bytes);
    (void)signers.addCertificate(bytes);
    (void)signers.addRevocationList(bytes);
    const auto file = makeObject(0x77, bytes);
    const auto result = authenticate({file, {{1, bytes}}, "UTO"}, signers);
    if (result.chain.verdict == Verdict::Passed && result.signature.verdict == Verdict::Passed &&
        signers.count() == 0) {
        std::abort();
    }
    (void)authenticate({bytes, {{1, bytes}}, "UTO"}, signers);
    const auto half = size / 2;
    (void)verifyActive(bytes.first(half), std::nullopt, Bytes(8), bytes.subspan(half));
    return 0;
}
