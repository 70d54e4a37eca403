// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/secure_messaging.h"

#include <array>

#include <fmt/format.h>

#include "drivers/mrtd/tlv.h"

namespace guichet::mrtd {
namespace {

constexpr unsigned kSecured = 0x0C; ///< of CLA: header authenticated too
constexpr std::uint32_t kPlainOdd = 0x85, kCryptogram = 0x87, kExpected = 0x97, kStatus = 0x99,
                        kSeal = 0x8E;
constexpr std::byte kPaddingIndicator{0x01};
constexpr std::size_t kExpectedAndSeal = 3 + 10; ///< bytes of both objects

bool isOdd(std::uint8_t instruction)
{
    return (instruction & 1) != 0;
}

Bytes expectedField(std::size_t expected, bool extended)
{
    Bytes field;
    if (extended) {
        field.push_back(static_cast<std::byte>(expected >> 8 & 0xFF));
    }
    field.push_back(static_cast<std::byte>(expected & 0xFF));
    return field;
}

/// The objects of a sealed answer; views into it.
struct Sealed {
    std::optional<DataObject> data;
    std::optional<DataObject> status;
    std::optional<DataObject> seal;
};

Result<Sealed> sealedObjects(ByteView content)
{
    const auto objects = objectsIn(content);
    if (!objects) {
        return fail(objects.error(), "sealed answer");
    }
    Sealed sealed;
    for (const auto& object : *objects) {
        auto* place = object.tag == kStatus ? &sealed.status
                      : object.tag == kSeal ? &sealed.seal
                                            : &sealed.data;
        if (*place || sealed.seal) { // a second one of its kind, or something behind the seal
            return fail(Errc::Protocol,
                        fmt::format("sealed answer: object {:X} out of place", object.tag));
        }
        if (place == &sealed.data && object.tag != kCryptogram && object.tag != kPlainOdd) {
            return fail(Errc::Protocol,
                        fmt::format("sealed answer: unknown object {:X}", object.tag));
        }
        *place = object;
    }
    return sealed;
}

} // namespace

SecureMessaging::SecureMessaging(Cipher cipher, SecretBytes encryption, SecretBytes mac,
                                 ByteView counter)
    : m_cipher(cipher)
    , m_encryption(std::move(encryption))
    , m_mac(std::move(mac))
    , m_counter(counter.begin(), counter.end())
{
    m_counter.resize(blockBytes(cipher));
}

void SecureMessaging::count()
{
    for (auto digit = m_counter.rbegin(); digit != m_counter.rend(); ++digit) {
        *digit = static_cast<std::byte>(std::to_integer<unsigned>(*digit) + 1);
        if (*digit != std::byte{0}) {
            return;
        }
    }
}

Result<Bytes> SecureMessaging::vector() const
{
    return m_cipher == Cipher::TripleDes
               ? Result<Bytes>(Bytes{})
               : encrypt(m_cipher, m_encryption.reveal(), {}, m_counter); // one block: as in ECB
}

Result<Bytes> SecureMessaging::wrap(const Command& command)
{
    count();
    const auto block = blockBytes(m_cipher);
    const std::array header{static_cast<std::byte>(command.group | kSecured),
                            static_cast<std::byte>(command.instruction),
                            static_cast<std::byte>(command.p1), static_cast<std::byte>(command.p2)};
    Bytes body;
    if (!command.data.empty()) {
        const auto start = vector();
        const SecretBytes plain(padded(command.data, block));
        auto cryptogram =
            start ? encrypt(m_cipher, m_encryption.reveal(), *start, plain.reveal()) : start;
        if (!cryptogram) {
            return cryptogram;
        }
        body =
            isOdd(command.instruction)
                ? makeObject(kPlainOdd, *cryptogram)
                : makeObject(kCryptogram, joined({ByteView(&kPaddingIndicator, 1), *cryptogram}));
    }
    const bool extended =
        command.expected.value_or(0) > kShortAnswer || body.size() + kExpectedAndSeal > kShortData;
    if (command.expected) {
        body = joined({body, makeObject(kExpected, expectedField(*command.expected, extended))});
    }
    auto covered = joined({m_counter, padded(header, block)});
    if (!body.empty()) {
        covered = joined({covered, body});
        covered = padded(covered, block);
    }
    auto seal = macOf(m_cipher, m_mac.reveal(), covered);
    if (!seal) {
        return seal;
    }
    return encode({static_cast<std::uint8_t>(command.group | kSecured), command.instruction,
                   command.p1, command.p2, joined({body, makeObject(kSeal, *seal)}),
                   extended ? kLongestAnswer : kShortAnswer});
}

Result<CardAnswer> SecureMessaging::unwrap(ByteView answer)
{
    count();
    const auto outer = parseAnswer(answer);
    if (!outer) {
        return tl::unexpected(outer.error());
    }
    const auto content = answer.first(answer.size() - 2);
    if (content.empty()) {
        return fail(Errc::Denied,
                    "the chip ended the secured session with " + statusText(outer->status));
    }
    const auto sealed = sealedObjects(content);
    if (!sealed) {
        return tl::unexpected(sealed.error());
    }
    if (!sealed->seal) {
        return fail(Errc::Denied, "answer without its seal");
    }
    const auto block = blockBytes(m_cipher);
    const auto body = content.first(content.size() - sealed->seal->whole.size());
    const auto seal = macOf(m_cipher, m_mac.reveal(), padded(joined({m_counter, body}), block));
    if (!seal) {
        return tl::unexpected(seal.error());
    }
    if (!equalSecretly(*seal, sealed->seal->value)) {
        return fail(Errc::Denied, "answer with a wrong seal");
    }
    if (sealed->status) {
        const auto inner = parseAnswer(sealed->status->value);
        if (!inner || inner->status != outer->status || !inner->data.empty()) {
            return fail(Errc::Denied, "answer whose status is not the sealed one");
        }
    } else if (!sealed->data || outer->status != 0x9000) {
        return fail(Errc::Denied, "answer whose status is not sealed");
    }
    if (!sealed->data) {
        return CardAnswer{{}, outer->status};
    }
    auto cryptogram = sealed->data->value;
    if (sealed->data->tag == kCryptogram) {
        if (cryptogram.empty() || cryptogram[0] != kPaddingIndicator) {
            return fail(Errc::Protocol, "sealed answer: unknown padding");
        }
        cryptogram = cryptogram.subspan(1);
    }
    if (cryptogram.empty() || cryptogram.size() % block != 0) {
        return fail(Errc::Protocol,
                    fmt::format("sealed answer: {} encrypted bytes", cryptogram.size()));
    }
    const auto start = vector();
    if (!start) {
        return tl::unexpected(start.error());
    }
    const auto plain = decrypt(m_cipher, m_encryption.reveal(), *start, cryptogram);
    if (!plain) {
        return tl::unexpected(plain.error());
    }
    const auto data = withoutPadding(plain->reveal());
    if (!data) {
        return fail(data.error(), "sealed answer");
    }
    return CardAnswer{SecretBytes(Bytes(data->begin(), data->end())), outer->status};
}

} // namespace guichet::mrtd
