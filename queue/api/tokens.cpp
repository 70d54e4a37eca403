// SPDX-License-Identifier: Apache-2.0
#include "queue/api/tokens.h"

#include <array>

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <unistd.h>

#include "peripherals/base/random.h"
#include "peripherals/base/unique_handle.h"
#include "peripherals/net/http.h"

namespace guichet::queue::api {
namespace {

constexpr std::size_t kKeySize = 32;
constexpr std::size_t kTokenSize = 24;

} // namespace

std::string tokenHash(std::string_view token)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_Digest(token.data(), token.size(), digest.data(), &size, EVP_sha256(), nullptr);
    return toHex(std::as_bytes(std::span(digest.data(), size)));
}

Result<VisitTokens> VisitTokens::open(const std::filesystem::path& file)
{
    const UniqueFd existing(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (existing) {
        Bytes key(kKeySize);
        if (::read(existing.get(), key.data(), key.size()) != static_cast<ssize_t>(kKeySize)) {
            return fail(Errc::Invalid, file.string() + ": not a key", Remedy::CallStaff);
        }
        return VisitTokens(Secret<Bytes>(std::move(key)));
    }
    const auto fresh = file.string() + ".new";
    auto key = randomBytes(kKeySize);
    {
        const UniqueFd created(
            ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        if (!created ||
            ::write(created.get(), key.data(), key.size()) != static_cast<ssize_t>(kKeySize) ||
            ::fsync(created.get()) != 0) {
            return fail(Errc::Busy, file.string() + ": cannot be written", Remedy::CallStaff);
        }
    }
    const UniqueFd folder(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (::rename(fresh.c_str(), file.c_str()) != 0 || !folder || ::fsync(folder.get()) != 0) {
        return fail(Errc::Busy, file.string() + ": cannot be written", Remedy::CallStaff);
    }
    return VisitTokens(Secret<Bytes>(std::move(key)));
}

std::string VisitTokens::make(std::string_view visit) const
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    const auto message = "visit:" + std::string(visit);
    HMAC(EVP_sha256(), m_key.reveal().data(), static_cast<int>(m_key.reveal().size()),
         reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest.data(),
         &size);
    return toBase64Url(std::as_bytes(std::span(digest.data(), kTokenSize)));
}

bool VisitTokens::matches(std::string_view visit, std::string_view token) const
{
    return net::equalSecrets(make(visit), token);
}

} // namespace guichet::queue::api
