// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/passport_pace.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/objects.h>

#include "peripherals/base/random.h"
#include "peripherals/base/unique_handle.h"
#include "peripherals/virtual/tlv.h"

namespace guichet::virtualdevices::passport {
namespace {

using Number = UniqueHandle<BIGNUM*, BN_free>;
using Point = UniqueHandle<EC_POINT*, EC_POINT_free>;
using Curve = UniqueHandle<EC_GROUP*, EC_GROUP_free>;

const char* curveName(unsigned parameterId)
{
    switch (parameterId) {
    case 12:
        return "prime256v1";
    case 13:
        return "brainpoolP256r1";
    case 14:
        return "brainpoolP320r1";
    case 15:
        return "secp384r1";
    case 16:
        return "brainpoolP384r1";
    case 17:
        return "brainpoolP512r1";
    default:
        return "secp521r1";
    }
}

} // namespace

struct ChipPace::Numbers {
    explicit Numbers(unsigned parameterId)
        : curve(EC_GROUP_new_by_curve_name(OBJ_txt2nid(curveName(parameterId))))
        , key(BN_new())
        , generator(EC_POINT_dup(EC_GROUP_get0_generator(curve.get()), curve.get()))
    {
    }

    [[nodiscard]] Point blank() const { return Point(EC_POINT_new(curve.get())); }

    /// A new key pair; its public point.
    Point newKey()
    {
        auto point = blank();
        do {
            BN_rand_range(key.get(), EC_GROUP_get0_order(curve.get()));
        } while (BN_is_zero(key.get()));
        EC_POINT_mul(curve.get(), point.get(), nullptr, generator.get(), key.get(), nullptr);
        return point;
    }

    [[nodiscard]] std::optional<Point> decoded(ByteView bytes) const
    {
        auto point = blank();
        if (EC_POINT_oct2point(curve.get(), point.get(),
                               reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                               nullptr) != 1) {
            return std::nullopt;
        }
        return point;
    }

    [[nodiscard]] Bytes encoded(const Point& point) const
    {
        Bytes bytes(256);
        bytes.resize(EC_POINT_point2oct(curve.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED,
                                        reinterpret_cast<unsigned char*>(bytes.data()),
                                        bytes.size(), nullptr));
        return bytes;
    }

    [[nodiscard]] Point shared(const Point& theirs) const
    {
        auto point = blank();
        EC_POINT_mul(curve.get(), point.get(), nullptr, theirs.get(), key.get(), nullptr);
        return point;
    }

    Curve curve;
    Number key;
    Point generator;
};

ChipPace::ChipPace(Bytes protocol, Suite suite, unsigned parameterId, ByteView password)
    : m_protocol(std::move(protocol))
    , m_suite(suite)
    , m_passwordKey(derive(suite, password, 3))
    , m_numbers(std::make_unique<Numbers>(parameterId))
{
}

ChipPace::~ChipPace() = default;

Bytes ChipPace::encryptedNonce()
{
    m_nonce = randomBytes(16);
    return encrypt(m_suite, m_passwordKey, {}, m_nonce);
}

std::optional<Bytes> ChipPace::map(ByteView terminalKey)
{
    auto& numbers = *m_numbers;
    const auto theirs = numbers.decoded(terminalKey);
    if (!theirs || m_nonce.empty()) {
        return std::nullopt;
    }
    const auto own = numbers.encoded(numbers.newKey());
    const auto hidden = numbers.shared(*theirs);
    const Number nonce(BN_bin2bn(reinterpret_cast<const unsigned char*>(m_nonce.data()),
                                 static_cast<int>(m_nonce.size()), nullptr));
    auto mapped = numbers.blank();
    EC_POINT_mul(numbers.curve.get(), mapped.get(), nonce.get(), nullptr, nullptr, nullptr);
    EC_POINT_add(numbers.curve.get(), mapped.get(), mapped.get(), hidden.get(), nullptr);
    numbers.generator = std::move(mapped);
    return own;
}

std::optional<Bytes> ChipPace::agree(ByteView terminalKey)
{
    auto& numbers = *m_numbers;
    const auto theirs = numbers.decoded(terminalKey);
    if (!theirs) {
        return std::nullopt;
    }
    m_terminalKey.assign(terminalKey.begin(), terminalKey.end());
    m_ownKey = numbers.encoded(numbers.newKey());
    const auto point = numbers.encoded(numbers.shared(*theirs));
    const auto half = static_cast<std::ptrdiff_t>((point.size() - 1) / 2);
    m_secret.assign(point.begin() + 1, point.begin() + 1 + half);
    return m_ownKey;
}

Bytes ChipPace::token(ByteView publicKey) const
{
    auto content = tlv::object(0x06, m_protocol);
    tlv::append(content, tlv::object(0x86, publicKey));
    const auto message = tlv::object(0x7F49, content);
    return seal(m_suite, derive(m_suite, m_secret, 2),
                m_suite == Suite::TripleDes ? pad(m_suite, message) : message);
}

std::optional<Bytes> ChipPace::confirm(ByteView terminalToken) const
{
    if (m_secret.empty() || token(m_ownKey) != Bytes(terminalToken.begin(), terminalToken.end())) {
        return std::nullopt;
    }
    return token(m_terminalKey);
}

ChipSession ChipPace::session() const
{
    return {m_suite, m_secret};
}

} // namespace guichet::virtualdevices::passport
