// SPDX-License-Identifier: Apache-2.0
#include "queue/api/tokens.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <unistd.h>

#include "peripherals/base/random.h"
#include "peripherals/base/unique_handle.h"
#include "peripherals/net/http.h"
#include "queue/api/base45.h"

namespace guichet::queue::api {
namespace {

constexpr std::size_t kKeySize = 32;
constexpr std::size_t kUuidSize = 16;
constexpr std::size_t kSealSize = 16;
constexpr std::string_view kCodePrefix = "GT1:";
constexpr std::byte kCodeVersion{1};
constexpr std::byte kKeyNumber{1}; ///< room for the next key
constexpr std::array<std::size_t, 4> kDashes{8, 13, 18, 23};

std::string uuidText(ByteView bytes)
{
    auto text = toHex(bytes);
    std::ranges::transform(text, text.begin(), [](char digit) {
        return digit >= 'A' ? static_cast<char>(digit + ('a' - 'A')) : digit;
    });
    for (const auto dash : kDashes) {
        text.insert(dash, 1, '-');
    }
    return text;
}

Bytes uuidBytes(std::string_view text)
{
    std::string digits(text);
    for (auto dash = kDashes.rbegin(); dash != kDashes.rend() && *dash < digits.size(); ++dash) {
        digits.erase(*dash, 1);
    }
    auto bytes = fromHex(digits).value_or(Bytes());
    return bytes.size() == kUuidSize && uuidText(bytes) == text ? bytes : Bytes();
}

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
    if (errno != ENOENT) { // a new key would make every ticket's code worthless
        return fail(Errc::Busy, file.string() + ": " + systemMessage(errno), Remedy::CallStaff);
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

Bytes VisitTokens::seal(std::string_view purpose, std::string_view visit) const
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    const auto message = std::string(purpose) + ":" + std::string(visit);
    HMAC(EVP_sha256(), m_key.reveal().data(), static_cast<int>(m_key.reveal().size()),
         reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest.data(),
         &size);
    const auto bytes = std::as_bytes(std::span(digest.data(), kSealSize));
    return {bytes.begin(), bytes.end()};
}

std::string VisitTokens::make(std::string_view visit) const
{
    auto bytes = uuidBytes(visit);
    if (bytes.empty()) {
        return {};
    }
    const auto proof = seal("visit", visit);
    bytes.insert(bytes.end(), proof.begin(), proof.end());
    return toBase64Url(bytes);
}

std::optional<std::string> VisitTokens::visitOf(std::string_view token) const
{
    const auto bytes = fromBase64Url(token);
    if (!bytes || bytes->size() != kUuidSize + kSealSize) {
        return std::nullopt;
    }
    auto visit = uuidText(ByteView(*bytes).first(kUuidSize));
    if (!net::equalSecrets(make(visit), token)) {
        return std::nullopt;
    }
    return visit;
}

std::string VisitTokens::makeCode(std::string_view visit) const
{
    const auto id = uuidBytes(visit);
    if (id.empty()) {
        return {};
    }
    Bytes content{kCodeVersion, kKeyNumber};
    content.insert(content.end(), id.begin(), id.end());
    const auto proof = seal("check-in", visit);
    content.insert(content.end(), proof.begin(), proof.end());
    return std::string(kCodePrefix) + toBase45(content);
}

std::optional<std::string> VisitTokens::visitOfCode(std::string_view code) const
{
    constexpr std::string_view page = "/t/";
    if (const auto at = code.rfind(page); at != std::string_view::npos) {
        return visitOf(code.substr(at + page.size()));
    }
    if (!code.starts_with(kCodePrefix)) {
        return std::nullopt;
    }
    const auto content = fromBase45(code.substr(kCodePrefix.size()));
    if (!content || content->size() != 2 + kUuidSize + kSealSize) {
        return std::nullopt;
    }
    auto visit = uuidText(ByteView(*content).subspan(2, kUuidSize));
    if (!net::equalSecrets(makeCode(visit), code)) {
        return std::nullopt;
    }
    return visit;
}

} // namespace guichet::queue::api
