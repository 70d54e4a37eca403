// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/random.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <openssl/rand.h>

namespace guichet {

Bytes randomBytes(std::size_t count)
{
    Bytes bytes(count);
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
        std::abort(); // no randomness means no unguessable token: nothing may go on
    }
    return bytes;
}

std::uint64_t randomNumber()
{
    std::uint64_t value = 0;
    std::memcpy(&value, randomBytes(sizeof value).data(), sizeof value);
    return value;
}

std::string randomUuid()
{
    auto bytes = randomBytes(16);
    bytes[6] = (bytes[6] & std::byte{0x0f}) | std::byte{0x40};
    bytes[8] = (bytes[8] & std::byte{0x3f}) | std::byte{0x80};
    auto text = toHex(bytes);
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    for (const auto at : {8U, 13U, 18U, 23U}) {
        text.insert(at, 1, '-');
    }
    return text;
}

std::string randomToken()
{
    return toBase64Url(randomBytes(24));
}

} // namespace guichet
