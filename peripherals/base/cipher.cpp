// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/cipher.h"

#include <openssl/evp.h>

#include "peripherals/base/random.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::cipher {
namespace {

using Handle = UniqueHandle<EVP_CIPHER_CTX*, EVP_CIPHER_CTX_free>;

const unsigned char* octets(ByteView bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* octets(Bytes& bytes)
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}
int lengthOf(ByteView bytes)
{
    return static_cast<int>(bytes.size());
}

} // namespace

Key newKey()
{
    return Key(randomBytes(kKey));
}

Result<Bytes> encrypt(const Key& key, ByteView nonce, ByteView context, ByteView plain)
{
    const Handle handle(EVP_CIPHER_CTX_new());
    Bytes sealed(plain.size() + kTag);
    int length = 0;
    if (key.reveal().size() != kKey || nonce.size() != kNonce || !handle ||
        EVP_EncryptInit_ex(handle.get(), EVP_aes_256_gcm(), nullptr, octets(key.reveal()),
                           octets(nonce)) != 1 ||
        EVP_EncryptUpdate(handle.get(), nullptr, &length, octets(context), lengthOf(context)) !=
            1 ||
        EVP_EncryptUpdate(handle.get(), octets(sealed), &length, octets(plain), lengthOf(plain)) !=
            1 ||
        EVP_EncryptFinal_ex(handle.get(), octets(sealed) + plain.size(), &length) != 1 ||
        EVP_CIPHER_CTX_ctrl(handle.get(), EVP_CTRL_GCM_GET_TAG, kTag,
                            octets(sealed) + plain.size()) != 1) {
        return fail(Errc::Internal, "encryption failed", Remedy::CallStaff);
    }
    return sealed;
}

Result<Secret<Bytes>> decrypt(const Key& key, ByteView nonce, ByteView context, ByteView sealed)
{
    const Handle handle(EVP_CIPHER_CTX_new());
    if (key.reveal().size() != kKey || nonce.size() != kNonce || sealed.size() < kTag || !handle) {
        return fail(Errc::Denied, "not what was encrypted");
    }
    const auto content = sealed.first(sealed.size() - kTag);
    Bytes tag(sealed.end() - kTag, sealed.end());
    Bytes plain(content.size());
    int length = 0;
    const bool whole =
        EVP_DecryptInit_ex(handle.get(), EVP_aes_256_gcm(), nullptr, octets(key.reveal()),
                           octets(nonce)) == 1 &&
        EVP_DecryptUpdate(handle.get(), nullptr, &length, octets(context), lengthOf(context)) ==
            1 &&
        EVP_DecryptUpdate(handle.get(), octets(plain), &length, octets(content),
                          lengthOf(content)) == 1 &&
        EVP_CIPHER_CTX_ctrl(handle.get(), EVP_CTRL_GCM_SET_TAG, kTag, octets(tag)) == 1 &&
        EVP_DecryptFinal_ex(handle.get(), octets(tag), &length) == 1;
    Secret<Bytes> kept(std::move(plain));
    if (!whole) {
        return fail(Errc::Denied, "not what was encrypted");
    }
    return kept;
}

} // namespace guichet::cipher
