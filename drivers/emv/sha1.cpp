// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/sha1.h"

#include <openssl/evp.h>

namespace guichet::emv {

Result<Bytes> sha1(ByteView data)
{
    Bytes hash(kSha1Bytes);
    if (EVP_Digest(data.data(), data.size(), reinterpret_cast<unsigned char*>(hash.data()), nullptr,
                   EVP_sha1(), nullptr) != 1) {
        return fail(Errc::Internal, "emv: no SHA-1");
    }
    return hash;
}

} // namespace guichet::emv
