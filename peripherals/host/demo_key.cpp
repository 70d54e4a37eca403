// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/demo_key.h"

#include <cstdio>

#include <sys/stat.h>

#include <openssl/ec.h>
#include <openssl/pem.h>

#include "peripherals/base/unique_handle.h"

namespace guichet::host {

namespace {

using KeyHandle = UniqueHandle<EVP_PKEY*, EVP_PKEY_free>;
using FileHandle = UniqueHandle<std::FILE*, std::fclose>;

} // namespace

Result<std::filesystem::path> demoSealingKey(const std::filesystem::path& folder)
{
    const auto publicFile = folder / "bank-demo.pub.pem";
    if (std::filesystem::exists(publicFile)) {
        return publicFile;
    }
    const KeyHandle key(EVP_EC_gen("P-256"));
    const auto privateFile = folder / "bank-demo.pem";
    const mode_t before = ::umask(0077);
    const FileHandle secret(std::fopen(privateFile.c_str(), "we"));
    ::umask(before);
    const FileHandle open(std::fopen(publicFile.c_str(), "we"));
    if (!key || !secret || !open ||
        PEM_write_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
        PEM_write_PUBKEY(open.get(), key.get()) != 1) {
        return fail(Errc::Denied, "demo key: cannot write to " + folder.string());
    }
    return publicFile;
}

} // namespace guichet::host
