// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/card_issuer.h"

#include <algorithm>
#include <stdexcept>

#include <openssl/bn.h>
#include <openssl/evp.h>

#include "peripherals/base/unique_handle.h"
#include "peripherals/virtual/tlv.h"

namespace guichet::virtualdevices {

namespace {

using Number = UniqueHandle<BIGNUM*, BN_free>;

constexpr std::size_t kFrame = 22; ///< header, hash and trailer
constexpr std::size_t kPanBytes = 10, kIssuerBytes = 4;
constexpr const char* kLastMonth = "1249";
constexpr const char* kSerial = "000001";
constexpr const char* kAlgorithms = "0101"; ///< SHA-1, RSA
constexpr const char* kDynamicNumber = "0102030405060708";

const Bytes& publicExponent()
{
    static const Bytes exponent = *fromHex("010001");
    return exponent;
}

Number numberOf(ByteView bytes)
{
    return Number(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                            static_cast<int>(bytes.size()), nullptr));
}

void need(bool done)
{
    if (!done) {
        throw std::runtime_error("virtual card: a signature cannot be made");
    }
}

Bytes sha1(ByteView data)
{
    Bytes hash(20);
    need(EVP_Digest(data.data(), data.size(), reinterpret_cast<unsigned char*>(hash.data()),
                    nullptr, EVP_sha1(), nullptr) == 1);
    return hash;
}

/// 6A, the content filled up with BB, the hash over it and over what is signed beside it, BC.
Bytes sign(const RsaPair& key, Bytes content, ByteView beside)
{
    content.resize(key.modulus.size() - kFrame, std::byte{0xBB});
    auto covered = content;
    tlv::append(covered, beside);
    Bytes block{std::byte{0x6A}};
    tlv::append(block, content);
    tlv::append(block, sha1(covered));
    block.push_back(std::byte{0xBC});

    const UniqueHandle<BN_CTX*, BN_CTX_free> context(BN_CTX_new());
    const Number out(BN_new());
    need(BN_mod_exp(out.get(), numberOf(block).get(), numberOf(key.privateExponent).get(),
                    numberOf(key.modulus).get(), context.get()) == 1);
    need(BN_bn2binpad(out.get(), reinterpret_cast<unsigned char*>(block.data()),
                      static_cast<int>(block.size())) > 0);
    return block;
}

struct Certificate {
    Bytes signedPart, remainder;
};

Certificate certify(const RsaPair& signer, Bytes head, const RsaPair& whose, ByteView staticData)
{
    head.push_back(static_cast<std::byte>(whose.modulus.size()));
    head.push_back(static_cast<std::byte>(publicExponent().size()));
    const auto room = signer.modulus.size() - kFrame - head.size();
    const auto inside = std::min(room, whose.modulus.size());
    const ByteView modulus(whose.modulus);
    tlv::append(head, modulus.first(inside));
    Certificate made;
    tlv::append(made.remainder, modulus.subspan(inside));
    auto beside = made.remainder;
    tlv::append(beside, publicExponent());
    tlv::append(beside, staticData);
    made.signedPart = sign(signer, std::move(head), beside);
    return made;
}

Bytes head(const char* format, Bytes identifier, std::size_t size)
{
    identifier.resize(size, std::byte{0xFF});
    auto bytes = *fromHex(format);
    tlv::append(bytes, identifier);
    for (const char* part : {kLastMonth, kSerial, kAlgorithms}) {
        tlv::append(bytes, *fromHex(part));
    }
    return bytes;
}

} // namespace

CardCredentials issueCredentials(const std::string& pan, ByteView staticData)
{
    const auto issuer =
        certify(demoSchemeKey(), head("02", tlv::packed(pan.substr(0, 6)), kIssuerBytes),
                demoIssuerKey(), {});
    const auto chip = certify(demoIssuerKey(), head("04", tlv::packed(pan), kPanBytes),
                              demoChipKey(), staticData);
    return {.tag90 = issuer.signedPart,
            .tag92 = issuer.remainder,
            .tag9F32 = publicExponent(),
            .tag93 = sign(demoIssuerKey(), *fromHex("0301DAC0"), staticData),
            .tag9F46 = chip.signedPart,
            .tag9F47 = publicExponent(),
            .tag9F48 = chip.remainder};
}

Bytes signChallenge(const RsaPair& chip, ByteView terminalData)
{
    auto content = *fromHex("05010908");
    tlv::append(content, *fromHex(kDynamicNumber));
    return sign(chip, std::move(content), terminalData);
}

Bytes applicationCryptogram(ByteView terminalData, unsigned counter)
{
    Bytes data(terminalData.begin(), terminalData.end());
    tlv::append(data, tlv::big16(static_cast<std::uint16_t>(counter)));
    auto cryptogram = sha1(data);
    cryptogram.resize(8);
    return cryptogram;
}

Bytes signCryptogram(const RsaPair& chip, const CryptogramToSign& what, ByteView unpredictable)
{
    auto dynamicData = *fromHex("08");
    tlv::append(dynamicData, *fromHex(kDynamicNumber));
    tlv::append(dynamicData, what.kind);
    tlv::append(dynamicData, what.cryptogram);
    tlv::append(dynamicData, sha1(what.transaction));
    auto content = *fromHex("0501");
    content.push_back(static_cast<std::byte>(dynamicData.size()));
    tlv::append(content, dynamicData);
    return sign(chip, std::move(content), unpredictable);
}

} // namespace guichet::virtualdevices
