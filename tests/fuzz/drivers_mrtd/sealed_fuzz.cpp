// SPDX-License-Identifier: Apache-2.0
// Sealed answers: any bytes, and any bytes under a right seal. The first byte chooses the cipher.
#include <cstdlib>

#include "drivers/mrtd/secure_messaging.h"
#include "drivers/mrtd/tlv.h"

using namespace guichet;
using namespace guichet::mrtd;

namespace {

SecureMessaging sessionOf(Cipher cipher)
{
    SecureMessaging session(cipher, SecretBytes(Bytes(keyBytes(cipher))),
                            SecretBytes(Bytes(keyBytes(cipher), std::byte{1})));
    (void)session.wrap({0x00, 0xB0, 0x00, 0x00, {}, 6});
    return session;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    if (size < 3) {
        return 0;
    }
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto cipher = static_cast<Cipher>(data[0] % 4);
    const auto body = bytes.subspan(1, size - 3);
    const auto status = bytes.last(2);

    auto plain = sessionOf(cipher);
    if (plain.unwrap(bytes.subspan(1))) {
        std::abort(); // nobody guesses a seal
    }

    auto session = sessionOf(cipher);
    Bytes counter(session.counter().begin(), session.counter().end());
    counter.back() = std::byte{2};
    const auto seal = macOf(cipher, Bytes(keyBytes(cipher), std::byte{1}),
                            padded(joined({counter, body}), blockBytes(cipher)));
    const auto answer = session.unwrap(joined({body, makeObject(0x8E, *seal), status}));
    if (answer && answer->data.reveal().size() > body.size()) {
        std::abort();
    }
    return 0;
}
