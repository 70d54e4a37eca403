// SPDX-License-Identifier: Apache-2.0
#include "drivers/face/model_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <memory>
#include <string>

#include <openssl/evp.h>

#include "peripherals/base/bytes.h"

namespace guichet::face {

namespace {

struct Release {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

Result<std::string> sha256Of(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    const std::unique_ptr<EVP_MD_CTX, Release> context(EVP_MD_CTX_new());
    if (!stream) {
        return fail(Errc::NotFound, file.string() + " cannot be read");
    }
    bool good = EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
    std::array<char, 65536> piece{};
    while (good && stream) {
        stream.read(piece.data(), piece.size());
        good = EVP_DigestUpdate(context.get(), piece.data(),
                                static_cast<std::size_t>(stream.gcount())) == 1;
    }
    std::array<std::byte, 32> digest{};
    if (stream.bad() || !good ||
        EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()),
                           nullptr) != 1) {
        return fail(Errc::NotFound, file.string() + " cannot be read to its end");
    }
    auto hex = toHex(digest);
    std::ranges::transform(hex, hex.begin(), [](unsigned char c) { return std::tolower(c); });
    return hex;
}

} // namespace

Result<void> checkModel(const ModelFile& file)
{
    const auto actual = sha256Of(file.path);
    if (!actual) {
        return tl::unexpected(actual.error());
    }
    const bool same =
        std::ranges::equal(*actual, file.sha256, [](unsigned char one, unsigned char other) {
            return one == std::tolower(other);
        });
    if (!same) {
        return fail(Errc::Denied,
                    file.path.string() + ": its SHA-256 is " + *actual + ", want " + file.sha256);
    }
    return {};
}

} // namespace guichet::face
