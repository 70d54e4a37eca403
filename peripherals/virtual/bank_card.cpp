// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/bank_card.h"

#include <algorithm>

#include "peripherals/virtual/card_issuer.h"
#include "peripherals/virtual/tlv.h"

namespace guichet::virtualdevices {

namespace {

constexpr int kDirectorySfi = 1;
constexpr std::string_view kCdol1 = "9F02069F03069F1A0295055F2A029A039C019F3704";
constexpr std::string_view kCdol2 = "8A0295059F3704";
constexpr std::size_t kUnpredictable = 4; ///< bytes, the last of both
constexpr std::uint16_t kOk = 0x9000, kSelectedBlocked = 0x6283, kWrongLength = 0x6700,
                        kConditions = 0x6985, kWrongData = 0x6A80, kFileNotFound = 0x6A82,
                        kRecordNotFound = 0x6A83, kWrongP1P2 = 0x6A86, kNoSuchData = 0x6A88,
                        kNoInstruction = 0x6D00, kNoClass = 0x6E00;

std::uint8_t at(ByteView bytes, std::size_t index)
{
    return std::to_integer<std::uint8_t>(bytes[index]);
}

bool startsWith(ByteView whole, ByteView start)
{
    return start.size() <= whole.size() && std::equal(start.begin(), start.end(), whole.begin());
}

Bytes track2(const CardProfile& profile)
{
    return tlv::packed(profile.pan + 'D' + profile.expiry.substr(0, 4) + "2200000000000");
}

} // namespace

BankCard::BankCard(CardProfile profile)
    : m_profile(std::move(profile))
    , m_pdolLength(tlv::lengthOfDol(m_profile.pdol))
{
    Bytes holder = tlv::object(0x57, track2(m_profile));
    if (!m_profile.holder.empty()) {
        tlv::append(holder, tlv::object(0x5F20, asBytes(m_profile.holder)));
    }
    Bytes dates = tlv::object(0x5A, tlv::packed(m_profile.pan));
    tlv::append(dates, tlv::object(0x5F24, tlv::packed(m_profile.expiry)));
    tlv::append(dates, tlv::object(0x5F25, tlv::packed("220101")));
    tlv::append(dates, tlv::object(0x5F28, tlv::packed("0156")));
    tlv::append(dates, tlv::object(0x5F34, tlv::packed("01")));
    Bytes rules = tlv::object(0x8C, *fromHex(kCdol1));
    if (signsCryptograms()) {
        tlv::append(rules, tlv::object(0x8D, *fromHex(kCdol2)));
    }
    tlv::append(rules, tlv::object(0x8E, *fromHex("000000000000000042031E031F00")));

    m_records[{1, 1}] = tlv::object(0x70, holder);
    m_records[{2, 1}] = tlv::object(0x70, dates);
    m_records[{2, 2}] = tlv::object(0x70, rules);
    m_locator = *fromHex("08010100"
                         "10010201");
    m_interchange = *fromHex("1C00");
    if (m_profile.proof != Proof::None) {
        personaliseProof(dates);
    }
}

void BankCard::personaliseProof(ByteView signedRecord)
{
    const bool ownKey = m_profile.proof != Proof::Static;
    const unsigned methods =
        (ownKey ? 0 : 0x40) | (signsChallenges() ? 0x20 : 0) | (signsCryptograms() ? 0x01 : 0);
    m_interchange[0] |= static_cast<std::byte>(methods);
    Bytes covered(signedRecord.begin(), signedRecord.end());
    tlv::append(covered, m_interchange);
    const auto issued = issueCredentials(m_profile.pan, covered);

    Bytes issuer = tlv::object(0x8F, Bytes{static_cast<std::byte>(kDemoSchemeKeyIndex)});
    tlv::append(issuer, tlv::object(0x90, issued.tag90));
    tlv::append(issuer, tlv::object(0x92, issued.tag92));
    tlv::append(issuer, tlv::object(0x9F32, issued.tag9F32));
    tlv::append(issuer, tlv::object(0x9F4A, *fromHex("82")));
    m_records[{3, 1}] = tlv::object(0x70, issuer);
    if (ownKey) {
        Bytes chip = tlv::object(0x9F46, issued.tag9F46);
        tlv::append(chip, tlv::object(0x9F47, issued.tag9F47));
        tlv::append(chip, tlv::object(0x9F48, issued.tag9F48));
        tlv::append(chip, tlv::object(0x9F49, *fromHex("9F3704")));
        m_records[{3, 2}] = tlv::object(0x70, chip);
    } else {
        m_records[{3, 2}] = tlv::object(0x70, tlv::object(0x93, issued.tag93));
    }
    tlv::append(m_locator, *fromHex("18010200"));
}

bool BankCard::signsChallenges() const
{
    return m_profile.proof == Proof::Dynamic || m_profile.proof == Proof::Either ||
           m_profile.proof == Proof::Copied;
}

bool BankCard::signsCryptograms() const
{
    return m_profile.proof == Proof::Combined || m_profile.proof == Proof::Either;
}

void BankCard::reset()
{
    m_selected = Directory::None;
    m_transaction = false;
    m_waiting.clear();
}

Bytes BankCard::answer(ByteView command)
{
    if (command.size() < 4) {
        return tlv::statusWord(kWrongLength);
    }
    const auto header = command.first(4);
    const auto rest = command.subspan(4);
    ByteView data;
    std::optional<std::size_t> expected;
    if (rest.size() == 1) {
        expected = at(rest, 0);
    } else if (rest.size() > 1) {
        const std::size_t length = at(rest, 0);
        if (length == 0 || rest.size() < 1 + length || rest.size() > 2 + length) {
            return tlv::statusWord(kWrongLength); // extended lengths are not for bank cards
        }
        data = rest.subspan(1, length);
        if (rest.size() == 2 + length) {
            expected = at(rest, 1 + length);
        }
    }

    if (at(header, 1) == 0xC0) { // GET RESPONSE
        const auto wanted = expected.value_or(0) == 0 ? std::size_t{256} : *expected;
        if (m_waiting.empty()) {
            return tlv::statusWord(kConditions);
        }
        if (expected.value_or(0) != 0 && wanted > m_waiting.size()) {
            return tlv::statusWord(static_cast<std::uint16_t>(0x6C00 | m_waiting.size()));
        }
        const auto count = std::min(wanted, m_waiting.size());
        Bytes reply(m_waiting.begin(), m_waiting.begin() + static_cast<std::ptrdiff_t>(count));
        m_waiting.erase(m_waiting.begin(), m_waiting.begin() + static_cast<std::ptrdiff_t>(count));
        tlv::append(reply, tlv::statusWord(m_waiting.empty() ? kOk
                                                             : static_cast<std::uint16_t>(
                                                                   0x6100 | m_waiting.size())));
        return reply;
    }

    m_waiting.clear();
    auto reply = execute(header, data);
    if (m_profile.t0 && !reply.data.empty()) {
        const auto length = static_cast<std::uint16_t>(reply.data.size());
        if (!data.empty()) {
            m_waiting = std::move(reply.data);
            return tlv::statusWord(static_cast<std::uint16_t>(0x6100 | length));
        }
        if (expected != reply.data.size()) {
            return tlv::statusWord(static_cast<std::uint16_t>(0x6C00 | length));
        }
    }
    tlv::append(reply.data, tlv::statusWord(reply.status));
    return std::move(reply.data);
}

BankCard::Reply BankCard::execute(ByteView header, ByteView data)
{
    const auto group = at(header, 0), instruction = at(header, 1);
    const auto p1 = at(header, 2), p2 = at(header, 3);
    if (group != 0x00 && group != 0x80) {
        return {{}, kNoClass};
    }
    switch (instruction) {
    case 0x88:
        return internalAuthenticate(data);
    case 0xA4:
        return select(header, data);
    case 0xA8:
        return group == 0x80 ? processingOptions(data) : Reply{{}, kNoClass};
    case 0xAE:
        return group == 0x80 ? generateCryptogram(p1, data) : Reply{{}, kNoClass};
    case 0xB2:
        return (p2 & 0x07) == 0x04 ? readRecord(p1, p2 >> 3) : Reply{{}, kWrongP1P2};
    case 0xCA:
        return getData(static_cast<std::uint16_t>(p1 << 8 | p2));
    default:
        return {{}, kNoInstruction};
    }
}

BankCard::Reply BankCard::select(ByteView header, ByteView name)
{
    if (at(header, 2) != 0x04) {
        return {{}, kWrongP1P2};
    }
    const bool next = (at(header, 3) & 0x03) == 0x02;
    m_transaction = false;
    const auto entry = [this] {
        Bytes content = tlv::object(0x4F, m_profile.aid);
        tlv::append(content, tlv::object(0x50, asBytes(m_profile.label)));
        tlv::append(content, tlv::object(0x87, *fromHex("01")));
        return tlv::object(0x61, content);
    };
    if (asText(name) == "1PAY.SYS.DDF01") {
        m_selected = Directory::Contact;
        Bytes inner = tlv::object(0x88, *fromHex("01"));
        tlv::append(inner, tlv::object(0x5F2D, asBytes("zhen")));
        Bytes content = tlv::object(0x84, name);
        tlv::append(content, tlv::object(0xA5, inner));
        return {tlv::object(0x6F, content)};
    }
    if (asText(name) == "2PAY.SYS.DDF01") {
        m_selected = Directory::None;
        Bytes content = tlv::object(0x84, name);
        tlv::append(content, tlv::object(0xA5, tlv::object(0xBF0C, entry())));
        return {tlv::object(0x6F, content)};
    }
    if (name.size() < 5 || !startsWith(m_profile.aid, name) || next) {
        return {{}, kFileNotFound};
    }
    m_selected = Directory::Application;
    if (m_profile.blocked) {
        m_selected = Directory::None;
        return {applicationFci(), kSelectedBlocked};
    }
    return {applicationFci()};
}

Bytes BankCard::applicationFci() const
{
    Bytes inner = tlv::object(0x50, asBytes(m_profile.label));
    tlv::append(inner, tlv::object(0x87, *fromHex("01")));
    if (!m_profile.pdol.empty()) {
        tlv::append(inner, tlv::object(0x9F38, m_profile.pdol));
    }
    tlv::append(inner, tlv::object(0x5F2D, asBytes("zhen")));
    if (!m_profile.preferredName.empty()) {
        tlv::append(inner, tlv::object(0x9F12, m_profile.preferredName));
    }
    Bytes content = tlv::object(0x84, m_profile.aid);
    tlv::append(content, tlv::object(0xA5, inner));
    return tlv::object(0x6F, content);
}

BankCard::Reply BankCard::processingOptions(ByteView data)
{
    if (m_selected != Directory::Application || m_transaction) {
        return {{}, kConditions};
    }
    if (data.size() < 2 || at(data, 0) != 0x83 || at(data, 1) != data.size() - 2) {
        return {{}, kWrongData};
    }
    if (data.size() - 2 != m_pdolLength) {
        return {{}, kWrongLength};
    }
    m_transaction = true;
    m_cryptograms = 0;
    m_options.assign(data.begin() + 2, data.end());
    ++m_counter;
    if (m_profile.formatOneGpo) {
        Bytes content = m_interchange;
        if (!m_profile.withoutFiles) {
            tlv::append(content, m_locator);
        }
        return {tlv::object(0x80, content)};
    }
    Bytes content = tlv::object(0x82, m_interchange);
    if (!m_profile.withoutFiles) {
        tlv::append(content, tlv::object(0x94, m_locator));
    }
    return {tlv::object(0x77, content)};
}

BankCard::Reply BankCard::readRecord(std::uint8_t record, std::uint8_t sfi) const
{
    if (m_selected == Directory::Contact) {
        if (sfi != kDirectorySfi) {
            return {{}, kFileNotFound};
        }
        if (record != 1) {
            return {{}, kRecordNotFound};
        }
        Bytes entry = tlv::object(0x4F, m_profile.aid);
        tlv::append(entry, tlv::object(0x50, asBytes(m_profile.label)));
        tlv::append(entry, tlv::object(0x87, *fromHex("01")));
        return {tlv::object(0x70, tlv::object(0x61, entry))};
    }
    if (m_selected != Directory::Application || !m_transaction || m_profile.withoutFiles) {
        return {{}, kConditions};
    }
    const auto found = m_records.find({sfi, record});
    if (found != m_records.end()) {
        return {found->second};
    }
    const bool fileExists = m_records.contains({sfi, 1});
    return {{}, fileExists ? kRecordNotFound : kFileNotFound};
}

BankCard::Reply BankCard::internalAuthenticate(ByteView data) const
{
    if (!signsChallenges()) {
        return {{}, kNoInstruction};
    }
    if (!m_transaction) {
        return {{}, kConditions};
    }
    constexpr std::size_t kChallenge = 4; ///< as the card's own list asks for
    if (data.size() != kChallenge) {
        return {{}, kWrongLength};
    }
    auto chip = demoChipKey();
    if (m_profile.proof == Proof::Copied) {
        chip.privateExponent.back() ^= std::byte{2};
    }
    const auto signature = signChallenge(chip, data);
    return {m_profile.formatOneGpo ? tlv::object(0x80, signature)
                                   : tlv::object(0x77, tlv::object(0x9F4B, signature))};
}

/// A first one asks the issuer, unless the terminal declines; a second one always declines: this
/// card has no issuer that would have answered.
BankCard::Reply BankCard::generateCryptogram(std::uint8_t control, ByteView data)
{
    constexpr std::uint8_t kKind = 0xC0, kWantsSignature = 0x10, kAac = 0x00, kArqc = 0x80;
    if (!signsCryptograms()) {
        return {{}, kNoInstruction};
    }
    if (!m_transaction || m_cryptograms > 1) {
        return {{}, kConditions};
    }
    if (data.size() != tlv::lengthOfDol(*fromHex(m_cryptograms == 0 ? kCdol1 : kCdol2))) {
        return {{}, kWrongLength};
    }
    const bool declines = m_cryptograms > 0 || (control & kKind) == kAac;
    m_cryptograms = declines ? 2 : 1;
    const Bytes kind{static_cast<std::byte>(declines ? kAac : kArqc)};
    const auto issuerData = *fromHex("07010103A00000");
    const auto cryptogram = applicationCryptogram(data, m_counter);
    if (declines || (control & kWantsSignature) == 0) {
        Bytes content = kind;
        tlv::append(content, tlv::big16(m_counter));
        tlv::append(content, cryptogram);
        tlv::append(content, issuerData);
        return {tlv::object(0x80, content)};
    }
    Bytes answered = tlv::object(0x9F27, kind);
    tlv::append(answered, tlv::object(0x9F36, tlv::big16(m_counter)));
    const auto behind = tlv::object(0x9F10, issuerData);
    Bytes transaction = m_options;
    tlv::append(transaction, data);
    tlv::append(transaction, answered);
    tlv::append(transaction, behind);
    const auto signature =
        signCryptogram(demoChipKey(), {kind, cryptogram, transaction}, data.last(kUnpredictable));
    tlv::append(answered, tlv::object(0x9F4B, signature));
    tlv::append(answered, behind);
    return {tlv::object(0x77, answered)};
}

BankCard::Reply BankCard::getData(std::uint16_t tag) const
{
    if (m_selected != Directory::Application) {
        return {{}, kConditions};
    }
    if (tag == 0x9F36) {
        return {tlv::object(0x9F36, tlv::big16(m_counter))};
    }
    if (tag == 0x9F17) {
        return {tlv::object(0x9F17, *fromHex("03"))};
    }
    return {{}, kNoSuchData};
}

} // namespace guichet::virtualdevices
