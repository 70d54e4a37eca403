// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/passport_crypto.h"

#include <algorithm>

#include <openssl/evp.h>

#include "peripherals/base/unique_handle.h"
#include "peripherals/virtual/tlv.h"

namespace guichet::virtualdevices::passport {
namespace {

using Context = UniqueHandle<EVP_CIPHER_CTX*, EVP_CIPHER_CTX_free>;

constexpr std::size_t kDes = 8, kSeal = 8;

const unsigned char* in(ByteView bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* out(Bytes& bytes)
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}

Bytes run(const char* name, bool encrypting, ByteView key, ByteView start, ByteView data)
{
    const Context context(EVP_CIPHER_CTX_new());
    const Bytes zeros(16);
    Bytes result(data.size() + 32);
    int written = 0;
    if (EVP_CipherInit_ex(context.get(), EVP_get_cipherbyname(name), nullptr, in(key),
                          in(start.empty() ? ByteView(zeros) : start), encrypting ? 1 : 0) != 1 ||
        EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
        EVP_CipherUpdate(context.get(), out(result), &written, in(data),
                         static_cast<int>(data.size())) != 1) {
        return {};
    }
    result.resize(data.size());
    return result;
}

const char* nameOf(Suite suite)
{
    switch (suite) {
    case Suite::TripleDes:
        return "des-ede-cbc";
    case Suite::Aes128:
        return "aes-128-cbc";
    case Suite::Aes192:
        return "aes-192-cbc";
    case Suite::Aes256:
        return "aes-256-cbc";
    }
    return "";
}

/// Single DES on one block.
Bytes des(bool encrypting, ByteView key, ByteView block)
{
    Bytes three(key.begin(), key.end());
    tlv::append(three, key);
    tlv::append(three, key);
    return run("des-ede3", encrypting, three, {}, block);
}

/// ISO/IEC 9797-1, algorithm 3, block by block as it is printed there.
Bytes retail(ByteView key, ByteView data)
{
    Bytes state(kDes);
    for (std::size_t at = 0; at + kDes <= data.size(); at += kDes) {
        for (std::size_t i = 0; i < kDes; ++i) {
            state[i] ^= data[at + i];
        }
        state = des(true, key.first(kDes), state);
    }
    return des(true, key.first(kDes), des(false, key.last(kDes), state));
}

Bytes digest(const char* name, ByteView data)
{
    Bytes result(EVP_MAX_MD_SIZE);
    std::size_t size = 0;
    EVP_Q_digest(nullptr, name, nullptr, data.data(), data.size(), out(result), &size);
    result.resize(size);
    return result;
}

} // namespace

std::size_t blockOf(Suite suite)
{
    return suite == Suite::TripleDes ? 8 : 16;
}

Bytes sha1(ByteView data)
{
    return digest("SHA1", data);
}

Bytes sha256(ByteView data)
{
    return digest("SHA256", data);
}

Bytes derive(Suite suite, ByteView secret, unsigned counter)
{
    Bytes input(secret.begin(), secret.end());
    tlv::append(input, tlv::big16(0));
    tlv::append(input, tlv::big16(static_cast<std::uint16_t>(counter)));
    auto key = suite == Suite::Aes192 || suite == Suite::Aes256 ? sha256(input) : sha1(input);
    key.resize(suite == Suite::Aes256 ? 32 : suite == Suite::Aes192 ? 24 : 16);
    return key;
}

Bytes encrypt(Suite suite, ByteView key, ByteView start, ByteView data)
{
    return run(nameOf(suite), true, key, start, data);
}

Bytes decrypt(Suite suite, ByteView key, ByteView start, ByteView data)
{
    return run(nameOf(suite), false, key, start, data);
}

Bytes seal(Suite suite, ByteView key, ByteView data)
{
    if (suite == Suite::TripleDes) {
        return retail(key, data);
    }
    Bytes result(16);
    std::size_t size = 0;
    EVP_Q_mac(nullptr, "CMAC", nullptr, nameOf(suite), nullptr, key.data(), key.size(), in(data),
              data.size(), out(result), result.size(), &size);
    result.resize(kSeal);
    return result;
}

Bytes pad(Suite suite, ByteView data)
{
    Bytes result(data.begin(), data.end());
    result.push_back(std::byte{0x80});
    while (result.size() % blockOf(suite) != 0) {
        result.push_back(std::byte{0});
    }
    return result;
}

ChipSession::ChipSession(Suite suite, ByteView secret, ByteView counter)
    : m_suite(suite)
    , m_encryption(derive(suite, secret, 1))
    , m_mac(derive(suite, secret, 2))
    , m_counter(counter.begin(), counter.end())
{
    m_counter.resize(blockOf(suite));
}

void ChipSession::count()
{
    for (auto i = m_counter.size(); i-- > 0;) {
        m_counter[i] = static_cast<std::byte>(std::to_integer<unsigned>(m_counter[i]) + 1);
        if (m_counter[i] != std::byte{0}) {
            break;
        }
    }
}

Bytes ChipSession::start() const
{
    return m_suite == Suite::TripleDes ? Bytes{} : encrypt(m_suite, m_encryption, {}, m_counter);
}

bool ChipSession::open(const PlainCommand& sealedCommand, PlainCommand& plain)
{
    count();
    Bytes covered = m_counter;
    tlv::append(covered, pad(m_suite, sealedCommand.header));
    Bytes cryptogram, expected, mac, objects;
    ByteReader reader(sealedCommand.data);
    while (reader.left() > 0) {
        const auto whole = reader.rest();
        const auto tag = reader.u8();
        auto length = reader.u8();
        Result<ByteView> value = tl::unexpected(Error{Errc::Protocol});
        if (length && *length == 0x82) {
            const auto two = reader.u16();
            value = two ? reader.take(*two) : value;
        } else if (length && *length == 0x81) {
            length = reader.u8();
            value = length ? reader.take(*length) : value;
        } else if (length && *length < 0x80) {
            value = reader.take(*length);
        }
        if (!tag || !value) {
            return false;
        }
        const Bytes content(value->begin(), value->end());
        if (*tag == 0x8E) {
            mac = content;
            continue;
        }
        tlv::append(objects, whole.first(whole.size() - reader.left()));
        if (*tag == 0x87 && !content.empty()) {
            cryptogram.assign(content.begin() + 1, content.end());
        } else if (*tag == 0x85) {
            cryptogram = content;
        } else if (*tag == 0x97) {
            expected = content;
        } else {
            return false;
        }
    }
    if (!objects.empty()) {
        tlv::append(covered, objects);
        covered = pad(m_suite, covered);
    }
    if (mac.empty() || seal(m_suite, m_mac, covered) != mac ||
        cryptogram.size() % blockOf(m_suite) != 0) {
        return false;
    }
    plain.header = sealedCommand.header;
    plain.header[0] &= std::byte{0xF3};
    plain.data = cryptogram.empty() ? Bytes{} : decrypt(m_suite, m_encryption, start(), cryptogram);
    while (!plain.data.empty() && plain.data.back() == std::byte{0}) {
        plain.data.pop_back();
    }
    if (!plain.data.empty()) {
        plain.data.pop_back(); // the 80 of the padding
    }
    plain.expected = 0;
    for (const auto byte : expected) {
        plain.expected = plain.expected << 8 | std::to_integer<std::size_t>(byte);
    }
    if (!expected.empty() && plain.expected == 0) {
        plain.expected = expected.size() == 1 ? 256 : 65'536;
    }
    return true;
}

Bytes ChipSession::close(ByteView data, std::uint16_t status, bool oddInstruction)
{
    count();
    Bytes body;
    if (!data.empty()) {
        auto cryptogram = encrypt(m_suite, m_encryption, start(), pad(m_suite, data));
        if (!oddInstruction) {
            cryptogram.insert(cryptogram.begin(), std::byte{0x01});
        }
        body = tlv::object(oddInstruction ? 0x85 : 0x87, cryptogram);
    }
    tlv::append(body, tlv::object(0x99, tlv::statusWord(status)));
    Bytes covered = m_counter;
    tlv::append(covered, body);
    tlv::append(body, tlv::object(0x8E, seal(m_suite, m_mac, pad(m_suite, covered))));
    tlv::append(body, tlv::statusWord(status));
    return body;
}

} // namespace guichet::virtualdevices::passport
