// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/emv_reader.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "drivers/emv/apdu_link.h"
#include "drivers/emv/emv_protocol.h"
#include "peripherals/base/random.h"

namespace guichet::emv {
namespace {

constexpr std::uint32_t kDirectoryFile = 0x88, kOptionsList = 0x9f38, kNumber = 0x5a,
                        kTrack2 = 0x57, kExpiry = 0x5f24, kHolder = 0x5f20, kHolderLong = 0x9f0b,
                        kRecord = 0x70;
constexpr unsigned kLastDirectoryFile = 10, kMaxDirectoryRecords = 16;

constexpr std::uint16_t kInvalidated = 0x6283, kFunctionNotSupported = 0x6a81,
                        kRecordNotFound = 0x6a83;

/// Answers that were kept, and their objects. Moving it keeps the views valid.
class Collected {
public:
    /// Errc::Protocol if it is not TLV.
    Result<void> add(CardAnswer answer)
    {
        auto objects = parseTlv(answer.data.reveal());
        if (!objects) {
            return tl::unexpected(objects.error());
        }
        m_buffers.push_back(std::move(answer.data));
        for (auto& object : *objects) {
            m_objects.push_back(std::move(object));
        }
        return {};
    }

    void take(Collected other)
    {
        std::move(other.m_buffers.begin(), other.m_buffers.end(), std::back_inserter(m_buffers));
        std::move(other.m_objects.begin(), other.m_objects.end(), std::back_inserter(m_objects));
    }

    /// What was added last.
    [[nodiscard]] ByteView last() const { return m_buffers.back().reveal(); }
    [[nodiscard]] const std::vector<Tlv>& objects() const { return m_objects; }
    [[nodiscard]] const Tlv* find(std::uint32_t tag) const { return findTag(m_objects, tag); }

private:
    std::vector<SecretBytes> m_buffers;
    std::vector<Tlv> m_objects;
};

/// Card faults that a second try may cure carry what the customer can do about them.
Error withRemedy(Error error)
{
    if (error.code == Errc::Protocol && error.remedy == Remedy::None) {
        error.remedy = Remedy::ReinsertCard;
    }
    return error;
}

std::string holderName(const Collected& collected)
{
    for (const auto tag : {kHolder, kHolderLong}) {
        if (const auto* object = collected.find(tag)) {
            std::string text;
            text.reserve(std::max<std::size_t>(object->value.size(), 64));
            for (const auto byte : object->value) {
                const auto code = std::to_integer<unsigned>(byte);
                if (code >= 0x20 && code < 0x7f) {
                    text.push_back(static_cast<char>(code));
                }
            }
            if (text.find_first_not_of(" /") != std::string::npos) {
                text.erase(text.find_last_not_of(' ') + 1);
                return text;
            }
        }
    }
    return {};
}

bool complete(const Collected& collected)
{
    const bool number = collected.find(kNumber) != nullptr && collected.find(kExpiry) != nullptr;
    return (number || collected.find(kTrack2) != nullptr) && collected.find(kHolder) != nullptr;
}

bool repeats(const Collected& collected)
{
    constexpr std::array kOnce{kNumber, kTrack2, kExpiry, kHolder};
    return std::any_of(kOnce.begin(), kOnce.end(), [&collected](auto tag) {
        return findAll(collected.objects(), tag).size() > 1;
    });
}

class Reading {
public:
    Reading(CardChannel& channel, const ReadOptions& options)
        : m_link(channel, options.apduTimeout)
        , m_options(options)
        , m_interface(options.interface.value_or(interfaceOf(channel.atr())))
    {
    }

    Result<CardData> run();

private:
    Result<std::vector<Candidate>> directory(CardInterface interface);
    Result<std::vector<Candidate>> contactDirectory(const Collected& control);
    Result<std::vector<Candidate>> offered();
    /// Nothing: this application refuses, another may not.
    Result<std::optional<CardData>> tryApplication(ByteView name);
    Result<void> readRecords(ByteView locator, Collected& collected);
    Result<void> readRecord(const FileRecords& file, unsigned record, Collected& collected);
    [[nodiscard]] Result<CardData> understand(ByteView name, const Collected& collected) const;
    [[nodiscard]] bool enough(const Collected& collected) const
    {
        return m_options.schemeKeys == nullptr && complete(collected);
    }

    ApduLink m_link;
    const ReadOptions& m_options;
    CardInterface m_interface;
    bool m_sawBlocked = false;
    std::vector<SignedRecord> m_signed; ///< of the application that is being read
};

Result<std::vector<Candidate>> Reading::contactDirectory(const Collected& control)
{
    const auto* file = control.find(kDirectoryFile);
    if (file == nullptr || file->value.size() != 1) {
        return std::vector<Candidate>{};
    }
    const auto shortFileId = std::to_integer<unsigned>(file->value[0]);
    if (shortFileId < 1 || shortFileId > kLastDirectoryFile) {
        return fail(Errc::Protocol, fmt::format("directory in file {}", shortFileId));
    }
    Collected records;
    for (unsigned record = 1; record <= kMaxDirectoryRecords; ++record) {
        auto answer = m_link.exchange(emv::readRecord(record, shortFileId));
        if (!answer) {
            return fail(answer.error(), fmt::format("directory record {}", record));
        }
        if (!answer->ok()) {
            break;
        }
        if (auto added = records.add(std::move(*answer)); !added) {
            return fail(added.error(), fmt::format("directory record {}", record));
        }
    }
    return candidates(records.objects());
}

Result<std::vector<Candidate>> Reading::directory(CardInterface interface)
{
    auto answer = m_link.exchange(selectByName(directoryName(interface)));
    if (!answer) {
        return fail(answer.error(), "select directory");
    }
    if (answer->status == kFunctionNotSupported) {
        m_sawBlocked = true;
    }
    if (!answer->ok()) {
        return std::vector<Candidate>{};
    }
    Collected control;
    if (auto added = control.add(std::move(*answer)); !added) {
        return fail(added.error(), "directory");
    }
    auto found = candidates(control.objects());
    return found.empty() ? contactDirectory(control) : found;
}

Result<std::vector<Candidate>> Reading::offered()
{
    const auto other =
        m_interface == CardInterface::Contact ? CardInterface::Contactless : CardInterface::Contact;
    for (const auto interface : {m_interface, other}) {
        auto found = directory(interface);
        if (!found || !found->empty()) {
            return found;
        }
    }
    std::vector<Candidate> known;
    for (const auto& application : m_options.applications) {
        known.push_back({application.name, 0});
    }
    return known;
}

Result<void> Reading::readRecords(ByteView locator, Collected& collected)
{
    const auto files = parseAfl(locator);
    if (!files) {
        return tl::unexpected(files.error());
    }
    for (const auto& file : *files) {
        for (unsigned record = file.first; record <= file.last && !enough(collected); ++record) {
            auto read = readRecord(file, record, collected);
            if (!read && read.error().code == Errc::NotFound) {
                break;
            }
            if (!read) {
                return fail(read.error(),
                            fmt::format("record {} of file {}", record, file.shortFileId));
            }
        }
    }
    return {};
}

Result<void> Reading::readRecord(const FileRecords& file, unsigned record, Collected& collected)
{
    auto answer = m_link.exchange(emv::readRecord(record, file.shortFileId));
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    if (answer->status == kRecordNotFound) {
        return fail(Errc::NotFound, "not there");
    }
    if (!answer->ok()) {
        return fail(Errc::Protocol, fmt::format("status {:04X}", answer->status));
    }
    const auto& bytes = answer->data.reveal();
    if (file.shortFileId <= kLastPlainFile &&
        (bytes.empty() || bytes[0] != static_cast<std::byte>(kRecord))) {
        return fail(Errc::Protocol, "has no record template");
    }
    if (auto added = collected.add(std::move(*answer)); !added) {
        return added;
    }
    if (record - file.first < file.authenticated) {
        m_signed.push_back({file.shortFileId, collected.last()});
    }
    return {};
}

Result<CardData> Reading::understand(ByteView name, const Collected& collected) const
{
    CardData card;
    card.scheme = schemeOf(name);
    const auto known = labelIn(m_options.applications, name);
    card.label = labelOf(collected.objects(), known.empty() ? emv::name(card.scheme) : known);
    card.applicationName = toHex(name);
    card.holder = Secret<std::string>(holderName(collected));
    card.repeatedTags = repeats(collected);
    const auto* number = collected.find(kNumber);
    const auto* track = collected.find(kTrack2);
    const auto* expiry = collected.find(kExpiry);
    if ((number == nullptr && track == nullptr) || (expiry == nullptr && track == nullptr)) {
        return fail(Errc::Unsupported, "the card gives no number or no expiry", Remedy::RemoveCard);
    }
    std::optional<Track2> parsed;
    if (track != nullptr) {
        auto track2 = parseTrack2(track->value);
        if (!track2) {
            return tl::unexpected(track2.error());
        }
        parsed = std::move(*track2);
    }
    if (expiry != nullptr) {
        const auto date = parseExpiry(expiry->value);
        if (!date) {
            return tl::unexpected(date.error());
        }
        card.expiry = *date;
    } else {
        card.expiry = parsed->expiry;
    }
    if (number != nullptr) {
        auto digits = parseCardNumber(number->value);
        if (!digits) {
            return tl::unexpected(digits.error());
        }
        if (parsed && parsed->number.reveal() != digits->reveal()) {
            return fail(Errc::Protocol, "card number and track 2 disagree", Remedy::CallStaff);
        }
        card.number = std::move(*digits);
    } else {
        card.number = std::move(parsed->number);
    }
    card.luhnOk = passesLuhn(card.number.reveal());
    return card;
}

Result<std::optional<CardData>> Reading::tryApplication(ByteView name)
{
    auto selected = m_link.exchange(selectByName(name));
    if (!selected) {
        return fail(selected.error(), "select application");
    }
    m_sawBlocked = m_sawBlocked || selected->status == kInvalidated ||
                   selected->status == kFunctionNotSupported;
    if (!selected->ok()) {
        return std::nullopt;
    }
    Collected collected;
    if (auto added = collected.add(std::move(*selected)); !added) {
        return fail(added.error(), "control information");
    }
    Bytes values;
    if (const auto* list = collected.find(kOptionsList)) {
        const auto entries = parseDol(list->value);
        if (!entries) {
            return tl::unexpected(entries.error());
        }
        values = buildDolData(*entries, terminalValues(m_options.today, randomBytes(4)));
    }
    auto answer = m_link.exchange(getProcessingOptions(values));
    if (!answer) {
        return fail(answer.error(), "processing options");
    }
    if (!answer->ok()) {
        return std::nullopt;
    }
    Collected options;
    if (auto added = options.add(std::move(*answer)); !added) {
        return fail(added.error(), "processing options");
    }
    const auto locator = fileLocator(options.objects());
    if (!locator) {
        return tl::unexpected(locator.error());
    }
    const Bytes files(locator->begin(), locator->end());
    const auto profile = interchangeProfile(options.objects());
    collected.take(std::move(options));
    m_signed.clear();
    if (auto read = readRecords(files, collected); !read) {
        return tl::unexpected(read.error());
    }
    auto card = understand(name, collected);
    if (!card) {
        return tl::unexpected(card.error());
    }
    if (m_options.schemeKeys != nullptr) {
        auto proof = authenticate(m_link, {*m_options.schemeKeys, m_options.combinedAuthentication},
                                  {name,
                                   profile,
                                   values,
                                   collected.objects(),
                                   m_signed,
                                   {card->number.reveal(), m_options.today}});
        if (!proof) {
            return fail(proof.error(), "authentication");
        }
        card->authentication = std::move(*proof);
    }
    return std::optional<CardData>(std::move(*card));
}

Result<CardData> Reading::run()
{
    const auto applications = offered();
    if (!applications) {
        return tl::unexpected(applications.error());
    }
    for (const auto& application : *applications) {
        auto card = tryApplication(application.name);
        if (!card) {
            return tl::unexpected(card.error());
        }
        if (*card) {
            return std::move(**card);
        }
    }
    if (m_sawBlocked) {
        return fail(Errc::Denied, "the card or its application is blocked", Remedy::CallStaff);
    }
    return fail(Errc::Unsupported, "no application that we can read", Remedy::RemoveCard);
}

} // namespace

Result<CardData> readCard(CardChannel& channel, const ReadOptions& options)
{
    auto card = Reading(channel, options).run();
    if (!card) {
        return fail(withRemedy(card.error()), "read card");
    }
    return card;
}

} // namespace guichet::emv
