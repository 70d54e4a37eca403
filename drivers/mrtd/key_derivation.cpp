// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/key_derivation.h"

#include <algorithm>
#include <array>

#include <openssl/evp.h>

#include "drivers/mrtd/tlv.h"
#include "peripherals/base/zone_check_digit.h"

namespace guichet::mrtd {
namespace {

constexpr std::size_t kNumberField = 9, kLongestNumber = 22, kDateField = 6;

bool isDate(std::string_view text)
{
    return text.size() == kDateField &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || c == '<'; });
}

} // namespace

Result<Secret<std::string>> mrzInformation(const MrzKey& key)
{
    const auto& number = key.documentNumber.reveal();
    if (number.empty() || number.size() > kLongestNumber || !zoneCheckDigit(number)) {
        return fail(Errc::Invalid, "document number: want 1 to 22 of A-Z, 0-9 and <");
    }
    if (!isDate(key.birthDate.reveal()) || !isDate(key.expiryDate.reveal())) {
        return fail(Errc::Invalid, "birth or expiry date: want YYMMDD");
    }
    std::string all;
    all.reserve(kLongestNumber + 2 * kDateField + 3); // no copy is left behind by growing
    all += number;
    all.resize(std::max(all.size(), kNumberField), '<');
    all += *zoneCheckDigit(all);
    for (const auto* date : {&key.birthDate.reveal(), &key.expiryDate.reveal()}) {
        all += *date;
        all += *zoneCheckDigit(*date);
    }
    return Secret<std::string>(std::move(all));
}

Result<SecretBytes> passwordOf(const MrzKey& key)
{
    const auto information = mrzInformation(key);
    if (!information) {
        return tl::unexpected(information.error());
    }
    return sha1(asBytes(information->reveal())).map([](Bytes&& digest) {
        return SecretBytes(std::move(digest));
    });
}

Result<SecretBytes> deriveKey(ByteView secret, KeyUse use, Cipher cipher)
{
    const std::array counter{std::byte{0}, std::byte{0}, std::byte{0}, static_cast<std::byte>(use)};
    const SecretBytes input(joined({secret, counter}));
    const auto size = keyBytes(cipher);
    return digestOf(size > 16 ? EVP_sha256() : EVP_sha1(), input.reveal())
        .map([size](Bytes&& digest) {
            digest.resize(size);
            return SecretBytes(std::move(digest));
        });
}

} // namespace guichet::mrtd
