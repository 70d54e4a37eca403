// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/bac.h"

#include <algorithm>

#include "drivers/mrtd/key_derivation.h"
#include "drivers/mrtd/tlv.h"

namespace guichet::mrtd {
namespace {

constexpr auto kCipher = Cipher::TripleDes;
constexpr std::size_t kRandom = 8, kKeying = 16, kCryptogram = 32, kSeal = 8;

struct AccessKeys {
    SecretBytes encryption;
    SecretBytes mac;
};

Result<AccessKeys> keysOf(ByteView seed)
{
    auto encryption = deriveKey(seed, KeyUse::Encryption, kCipher);
    auto mac = deriveKey(seed, KeyUse::Mac, kCipher);
    if (!encryption || !mac) {
        return tl::unexpected(encryption ? mac.error() : encryption.error());
    }
    return AccessKeys{std::move(*encryption), std::move(*mac)};
}

Result<Bytes> challenge(CardLink& link)
{
    const auto answer = link.exchange({0x00, 0x84, 0x00, 0x00, {}, kRandom});
    if (!answer) {
        return fail(answer.error(), "get challenge");
    }
    if (!answer->ok() || answer->data.reveal().size() != kRandom) {
        return fail(Errc::Unsupported,
                    "no basic access control: the chip says " + statusText(answer->status) +
                        " to a challenge",
                    Remedy::RemoveCard);
    }
    return answer->data.reveal();
}

/// Our half, encrypted and sealed.
Result<Bytes> request(const AccessKeys& keys, ByteView plain)
{
    auto secret = encrypt(kCipher, keys.encryption.reveal(), {}, plain);
    if (!secret) {
        return secret;
    }
    const auto seal = macOf(kCipher, keys.mac.reveal(), padded(*secret, blockBytes(kCipher)));
    return seal ? Result<Bytes>(joined({*secret, *seal})) : seal;
}

/// The chip's half: its random number, ours, its keying material.
Result<SecretBytes> response(const AccessKeys& keys, ByteView answer)
{
    if (answer.size() != kCryptogram + kSeal) {
        return fail(Errc::Protocol,
                    "authentication answer of " + std::to_string(answer.size()) + " bytes",
                    Remedy::ReinsertCard);
    }
    const auto secret = answer.first(kCryptogram);
    const auto seal = macOf(kCipher, keys.mac.reveal(), padded(secret, blockBytes(kCipher)));
    if (!seal) {
        return tl::unexpected(seal.error());
    }
    if (!equalSecretly(*seal, answer.last(kSeal))) {
        return fail(Errc::Denied, "authentication answer with a wrong seal", Remedy::Retry);
    }
    return decrypt(kCipher, keys.encryption.reveal(), {}, secret);
}

} // namespace

Result<SecureMessaging> openWithBac(CardLink& link, const SecretBytes& password,
                                    const RandomSource& random)
{
    const auto keys = keysOf(ByteView(password.reveal()).first(kKeying));
    if (!keys) {
        return tl::unexpected(keys.error());
    }
    const auto theirRandom = challenge(link);
    if (!theirRandom) {
        return tl::unexpected(theirRandom.error());
    }
    const auto ourRandom = random(kRandom);
    const SecretBytes ourKeying(random(kKeying));
    const SecretBytes plain(joined({ourRandom, *theirRandom, ourKeying.reveal()}));
    auto data = request(*keys, plain.reveal());
    if (!data) {
        return tl::unexpected(data.error());
    }
    const auto answer =
        link.exchange({0x00, 0x82, 0x00, 0x00, std::move(*data), kCryptogram + kSeal});
    if (!answer) {
        return fail(answer.error(), "mutual authentication");
    }
    if (!answer->ok()) {
        return fail(Errc::Denied,
                    "the chip refuses the key made from the machine readable zone (" +
                        statusText(answer->status) + "): check number and dates",
                    Remedy::Retry);
    }
    const auto theirs = response(*keys, answer->data.reveal());
    if (!theirs) {
        return tl::unexpected(theirs.error());
    }
    const ByteView half(theirs->reveal());
    if (!equalSecretly(half.first(kRandom), *theirRandom) ||
        !equalSecretly(half.subspan(kRandom, kRandom), ourRandom)) {
        return fail(Errc::Denied, "authentication answer to another challenge", Remedy::Retry);
    }
    Bytes seed = ourKeying.reveal();
    std::ranges::transform(seed, half.last(kKeying), seed.begin(), std::bit_xor<>());
    const SecretBytes secretSeed(std::move(seed));
    auto session = keysOf(secretSeed.reveal());
    if (!session) {
        return tl::unexpected(session.error());
    }
    const auto counter = joined({ByteView(*theirRandom).last(4), ByteView(ourRandom).last(4)});
    return SecureMessaging(kCipher, std::move(session->encryption), std::move(session->mac),
                           counter);
}

} // namespace guichet::mrtd
