// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/mrtd_reader.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "drivers/mrtd/active_authentication.h"
#include "drivers/mrtd/bac.h"
#include "drivers/mrtd/chip_authentication.h"
#include "drivers/mrtd/pace.h"
#include "drivers/mrtd/security_object.h"

namespace guichet::mrtd {
namespace {

constexpr std::size_t kSealedOverhead = 40; ///< what a seal adds to an answer, padding included
constexpr std::size_t kFacesAround = 4'096; ///< what stands around the picture in DG2
constexpr int kMrzGroup = 1, kFaceGroup = 2, kDetailsGroup = 11, kOptionsGroup = 14, kKeyGroup = 15;

/// What a second try may cure carries what the customer can do about it.
Error withRemedy(Error error)
{
    if (error.remedy == Remedy::None && error.code == Errc::Protocol) {
        error.remedy = Remedy::ReinsertCard;
    } else if (error.remedy == Remedy::None && error.code == Errc::Unsupported) {
        error.remedy = Remedy::RemoveCard;
    } else if (error.remedy == Remedy::None && error.code == Errc::Denied) {
        error.remedy = Remedy::Retry;
    }
    return error;
}

class DocumentSession {
public:
    DocumentSession(CardChannel& channel, const ReadOptions& options)
        : m_options(options)
        , m_link(channel, options.apduTimeout, options.stop)
    {
    }

    Result<Document> run(const AccessKey& key)
    {
        if (auto opened = open(key); !opened) {
            return tl::unexpected(opened.error());
        }
        if (auto read = readFiles(); !read) {
            return tl::unexpected(read.error());
        }
        if (m_options.proveChip) {
            if (auto proved = prove(); !proved) {
                return tl::unexpected(proved.error());
            }
        }
        return std::move(m_document);
    }

private:
    /// What can be known before the chip is open; nothing of it need be there.
    Result<SecurityInfos> cardAccess()
    {
        const auto root = m_link.exchange(
            {0x00, 0xA4, 0x00, 0x0C, {std::byte{0x3F}, std::byte{0x00}}}); // some chips lack it
        if (!root) {
            return fail(root.error(), "select master file");
        }
        const auto info = readStart(m_link, kCardInfo);
        if (!info) {
            return tl::unexpected(info.error());
        }
        if (const auto longest = longestResponse(info->reveal()); longest > kShortAnswer) {
            m_piece = longest - kSealedOverhead;
        }
        const auto file = readFile(m_link, kCardAccess, {});
        if (!file) {
            const auto code = file.error().code;
            return code == Errc::NotFound || code == Errc::Denied || code == Errc::Protocol
                       ? Result<SecurityInfos>(SecurityInfos{})
                       : tl::unexpected(file.error());
        }
        return parseSecurityInfos(file->reveal());
    }

    Result<void> open(const AccessKey& key)
    {
        const auto infos = cardAccess();
        if (!infos) {
            return tl::unexpected(infos.error());
        }
        auto password = passwordFor(key);
        if (!password) {
            return tl::unexpected(password.error());
        }
        if (const auto* pace = bestOf(infos->pace)) {
            auto session = openWithPace(m_link, *pace, *password, m_options.random);
            if (session) {
                m_link.secure(std::move(*session));
                m_document.access = AccessBy::Pace;
                m_usedPace = *pace;
                return selectDocument(m_link);
            }
            if (session.error().code != Errc::Unsupported) {
                return tl::unexpected(session.error());
            }
        }
        if (auto selected = selectDocument(m_link); !selected) {
            return selected;
        }
        if (password->kind == PasswordKind::Can) {
            return fail(Errc::Unsupported,
                        "the chip cannot be opened with a card access number alone", Remedy::Retry);
        }
        auto session = openWithBac(m_link, password->secret, m_options.random);
        if (!session) {
            return fail(session.error(), "BAC");
        }
        m_link.secure(std::move(*session));
        return {};
    }

    static Result<PacePassword> passwordFor(const AccessKey& key)
    {
        if (key.mrz) {
            return passwordOf(*key.mrz).map([](SecretBytes&& password) {
                return PacePassword{PasswordKind::Mrz, std::move(password)};
            });
        }
        const auto& digits = key.cardAccessNumber.reveal();
        if (digits.size() != 6 ||
            !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) {
            return fail(Errc::Invalid, "card access number: want six digits", Remedy::Retry);
        }
        const auto bytes = asBytes(digits);
        return PacePassword{PasswordKind::Can, SecretBytes(Bytes(bytes.begin(), bytes.end()))};
    }

    Result<SecretBytes> file(const FileId& id, std::size_t mostBytes = 65'536)
    {
        return readFile(m_link, id, {.mostBytes = mostBytes, .piece = m_piece}, m_options.progress);
    }

    /// What the lists of EF.COM and EF.SOD say is there. The latter counts, but only later.
    Result<std::set<int>> listed()
    {
        if (const auto common = file(kCommon)) {
            auto parsed = parseCommon(common->reveal());
            if (!parsed) {
                return tl::unexpected(parsed.error());
            }
            m_document.common = std::move(*parsed);
        } else if (common.error().code != Errc::NotFound) {
            return tl::unexpected(common.error());
        }
        std::set<int> groups(m_document.common.groups.begin(), m_document.common.groups.end());
        auto object = file(kSecurityObject);
        if (!object) {
            return object.error().code == Errc::NotFound ? Result<std::set<int>>(groups)
                                                         : tl::unexpected(object.error());
        }
        if (const auto security = parseSecurityObject(object->reveal())) {
            for (const auto& [number, hash] : security->hashes) {
                groups.insert(number);
            }
        }
        m_document.securityObject = std::move(*object);
        return groups;
    }

    Result<void> readFiles()
    {
        const auto there = listed();
        if (!there) {
            return tl::unexpected(there.error());
        }
        for (const auto number : m_options.groups) {
            if (!there->contains(number) || number == 3 || number == 4) {
                continue;
            }
            const auto most =
                number == kFaceGroup ? m_options.mostPictureBytes + kFacesAround : 65'536;
            auto content = file(dataGroup(number), most);
            if (content) {
                if (auto taken = take(number, content->reveal()); !taken) {
                    return taken;
                }
                m_document.groups.emplace(number, std::move(*content));
            } else if (content.error().code == Errc::NotFound ||
                       (content.error().code == Errc::Denied && m_link.secured())) {
                m_document.notRead.emplace(number, content.error().detail);
            } else {
                return tl::unexpected(content.error());
            }
        }
        if (m_document.mrz.empty()) {
            return fail(Errc::Protocol, "the chip gives no DG1");
        }
        return {};
    }

    /// Only DG1 has to make sense; what else does not is said and left out.
    Result<void> take(int number, ByteView content)
    {
        const auto note = [this, number](const Error& error) {
            m_document.notRead.emplace(number, error.detail);
        };
        if (number == kMrzGroup) {
            auto mrz = parseMrz(content);
            if (!mrz) {
                return tl::unexpected(mrz.error());
            }
            m_document.mrz = std::move(*mrz);
        } else if (number == kFaceGroup) {
            auto picture = parseFace(content, m_options.mostPictureBytes);
            if (!picture) {
                note(picture.error());
                return {};
            }
            m_document.picture = std::move(*picture);
        } else if (number == kDetailsGroup) {
            auto details = parseDetails(content);
            if (!details) {
                note(details.error());
                return {};
            }
            m_document.details = std::move(*details);
        }
        return {};
    }

    [[nodiscard]] ByteView group(int number) const
    {
        const auto found = m_document.groups.find(number);
        return found == m_document.groups.end() ? ByteView() : ByteView(found->second.reveal());
    }

    Result<void> prove()
    {
        SecurityInfos infos;
        bool optionsMakeSense = true;
        if (const auto options = group(kOptionsGroup); !options.empty()) {
            auto parsed = parseSecurityOptions(options);
            optionsMakeSense = parsed.has_value();
            infos = parsed ? std::move(*parsed) : SecurityInfos{};
        }
        m_document.accessOffer = compareOffer(infos);
        m_document.activeAuthentication = notChecked("the document offers none");
        if (const auto file = group(kKeyGroup); !file.empty()) {
            const auto key = parseActiveKey(file);
            auto check =
                key ? authenticateActively(m_link, *key, infos.activeHash, m_options.random)
                    : Result<Check>(failed(key.error().detail));
            if (!check) {
                return tl::unexpected(check.error());
            }
            m_document.activeAuthentication = std::move(*check);
        }
        auto check = optionsMakeSense ? authenticateChip(m_link, infos)
                                      : Result<Check>(failed("DG14 makes no sense"));
        if (!check) {
            return tl::unexpected(check.error());
        }
        m_document.chipAuthentication = std::move(*check);
        return {};
    }

    /// EF.CardAccess is not signed: somebody between reader and chip could take a better way out of
    /// it (Doc 9303-11, 4.4.1). DG14 repeats it under the signature.
    [[nodiscard]] Check compareOffer(const SecurityInfos& infos) const
    {
        if (infos.pace.empty()) {
            return notChecked("the document signs no list of ways in");
        }
        if (!m_usedPace) {
            return bestOf(infos.pace) == nullptr
                       ? passed("DG14 names no way of PACE that is known here")
                       : failed("opened with BAC, though DG14 names PACE: somebody may have hidden "
                                "it");
        }
        const bool named = std::ranges::any_of(infos.pace, [this](const PaceInfo& info) {
            return info.protocol == m_usedPace->protocol &&
                   info.parameterId == m_usedPace->parameterId;
        });
        return named ? passed("DG14 names the way of PACE that was taken")
                     : failed("DG14 does not name the way of PACE that was taken");
    }

    const ReadOptions& m_options;
    CardLink m_link;
    std::optional<PaceInfo> m_usedPace;
    std::size_t m_piece = ReadLimits{}.piece;
    Document m_document;
};

} // namespace

MrtdReader::MrtdReader(CardChannel& channel, ReadOptions options)
    : m_channel(channel)
    , m_options(std::move(options))
{
}

Result<Document> MrtdReader::read(const AccessKey& key)
{
    auto document = DocumentSession(m_channel, m_options).run(key);
    return document ? std::move(document) : tl::unexpected(withRemedy(document.error()));
}

} // namespace guichet::mrtd
