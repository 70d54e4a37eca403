// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/passport.h"

#include <algorithm>

#include "peripherals/base/random.h"
#include "peripherals/virtual/passport_keys.h"
#include "peripherals/virtual/tlv.h"

namespace guichet::virtualdevices {
namespace {

using passport::PlainCommand;
using passport::Suite;

constexpr std::uint16_t kOk = 0x9000, kEndOfFile = 0x6282, kWrongPassword = 0x6300,
                        kWrongLength = 0x6700, kSecurity = 0x6982, kConditions = 0x6985,
                        kNoObjects = 0x6987, kWrongObjects = 0x6988, kWrongData = 0x6A80,
                        kFileNotFound = 0x6A82, kWrongP1P2 = 0x6A86, kNoReference = 0x6A88,
                        kWrongOffset = 0x6B00, kNoInstruction = 0x6D00;
constexpr std::string_view kApplication("\xA0\x00\x00\x02\x47\x10\x01", 7);
constexpr std::uint16_t kCardAccess = 0x011C;
constexpr unsigned kSecured = 0x0C;

unsigned at(ByteView bytes, std::size_t index)
{
    return index < bytes.size() ? std::to_integer<unsigned>(bytes[index]) : 0;
}

std::size_t number(ByteView bytes)
{
    std::size_t value = 0;
    for (const auto byte : bytes) {
        value = value << 8 | std::to_integer<std::size_t>(byte);
    }
    return value;
}

/// Short and extended forms of ISO/IEC 7816-4.
std::optional<PlainCommand> parse(ByteView bytes)
{
    if (bytes.size() < 4) {
        return std::nullopt;
    }
    PlainCommand command{Bytes(bytes.begin(), bytes.begin() + 4), {}, 0};
    auto rest = bytes.subspan(4);
    const bool extended = rest.size() > 2 && at(rest, 0) == 0;
    const std::size_t width = extended ? 2 : 1, most = extended ? 65'536 : 256;
    rest = rest.subspan(extended ? 1 : 0);
    if (rest.size() > width) {
        const auto length = number(rest.first(width));
        if (length == 0 || rest.size() < width + length) {
            return std::nullopt;
        }
        const auto data = rest.subspan(width, length);
        command.data.assign(data.begin(), data.end());
        rest = rest.subspan(width + length);
    }
    if (rest.size() == width) {
        const auto expected = number(rest);
        command.expected = expected == 0 ? most : expected;
        rest = {};
    }
    return rest.empty() ? std::optional(command) : std::nullopt;
}

/// The value of a short object at this level; empty if it is not there.
Bytes valueOf(ByteView bytes, unsigned tag)
{
    for (std::size_t i = 0; i + 2 <= bytes.size();) {
        std::size_t length = at(bytes, i + 1), start = i + 2;
        if (length == 0x81) {
            length = at(bytes, start++);
        } else if (length == 0x82) {
            length = at(bytes, start) << 8 | at(bytes, start + 1);
            start += 2;
        }
        if (start + length > bytes.size()) {
            break;
        }
        if (at(bytes, i) == tag) {
            const auto value = bytes.subspan(start, length);
            return {value.begin(), value.end()};
        }
        i = start + length;
    }
    return {};
}

} // namespace

Passport::Passport(PassportProfile profile, const PassportIssuer& issuer, PassportFault fault)
    : m_profile(std::move(profile))
    , m_fault(fault)
{
    personalise(issuer);
}

Passport::~Passport() = default;

void Passport::reset()
{
    m_inApplication = false;
    m_selected = 0;
    m_challenge.clear();
    m_pace.reset();
    m_chipChosen = false;
    m_session.reset();
    m_nextSession.reset();
}

Bytes Passport::answer(ByteView bytes)
{
    const auto sent = parse(bytes);
    if (!sent) {
        return tlv::statusWord(kWrongLength);
    }
    auto command = *sent;
    const auto instruction = at(sent->header, 1);
    const bool reads = instruction == 0xB0 || instruction == 0xB1;
    if (m_fault == PassportFault::EndlessAnswer && (reads || instruction == 0xC0)) {
        Bytes more(255, std::byte{0x55});
        tlv::append(more, tlv::statusWord(0x61FF));
        return more;
    }
    const bool secured = m_session.has_value();
    if (secured) {
        if ((at(sent->header, 0) & kSecured) != kSecured) {
            reset(); // a plain command ends the session
            return tlv::statusWord(kNoObjects);
        }
        if (!m_session->open(*sent, command)) {
            reset();
            return tlv::statusWord(kWrongObjects);
        }
    } else if ((at(sent->header, 0) & kSecured) != 0) {
        return tlv::statusWord(kNoObjects);
    }

    const auto reply = execute(command);
    Bytes whole;
    if (secured) {
        whole = m_session->close(reply.data, reply.status, (instruction & 1) != 0);
        if (m_fault == PassportFault::WrongSeal && reads) {
            whole[whole.size() - 3] ^= std::byte{1};
        }
    } else {
        whole = reply.data;
        tlv::append(whole, tlv::statusWord(reply.status));
    }
    if (m_nextSession) {
        m_session = std::exchange(m_nextSession, std::nullopt);
    }
    return whole;
}

Passport::Reply Passport::execute(const PlainCommand& command)
{
    const auto instruction = at(command.header, 1);
    if (m_profile.strictLengths && (instruction == 0xA4 || instruction == 0x22) &&
        command.expected != 0) {
        return {{}, kWrongLength};
    }
    switch (instruction) {
    case 0xA4:
        return select(command);
    case 0xB0:
        return read(command);
    case 0xB1:
        return readOdd(command);
    case 0x84:
        if (!m_profile.bac || !m_inApplication) {
            return {{}, kConditions};
        }
        m_challenge = randomBytes(8);
        return {m_challenge};
    case 0x82:
        return mutualAuthenticate(command);
    case 0x22:
        return setEnvironment(command);
    case 0x86:
        return generalAuthenticate(command);
    case 0x88:
        return proveActively(command.data);
    default:
        return {{}, kNoInstruction};
    }
}

Passport::Reply Passport::select(const PlainCommand& command)
{
    const auto p1 = at(command.header, 2);
    m_selected = 0;
    if (p1 == 0x04) {
        m_inApplication = asText(command.data) == kApplication;
        return {{}, m_inApplication ? kOk : kFileNotFound};
    }
    if (p1 == 0x00) {
        m_inApplication = false;
        return {{}, number(command.data) == 0x3F00 ? kOk : kFileNotFound};
    }
    if (p1 != 0x02 || command.data.size() != 2) {
        return {{}, kWrongP1P2};
    }
    const auto file = static_cast<std::uint16_t>(number(command.data));
    const auto& files = m_inApplication ? m_application : m_master;
    if (!files.contains(file)) {
        return {{}, kFileNotFound};
    }
    if (!mayRead(file)) {
        return {{}, kSecurity};
    }
    m_selected = file;
    return {};
}

bool Passport::mayRead(std::uint16_t /*file*/) const
{
    return !m_inApplication || m_session.has_value();
}

Passport::Reply Passport::part(std::size_t offset, std::size_t count) const
{
    const auto& files = m_inApplication ? m_application : m_master;
    const auto found = files.find(m_selected);
    if (found == files.end()) {
        return {{}, kFileNotFound};
    }
    const auto& file = found->second;
    if (offset >= file.size()) {
        return {{}, kWrongOffset};
    }
    const auto given = std::min(
        {count, file.size() - offset, m_profile.extended ? std::size_t{4'000} : std::size_t{256}});
    const auto start = file.begin() + static_cast<std::ptrdiff_t>(offset);
    return {Bytes(start, start + static_cast<std::ptrdiff_t>(given)),
            offset + count > file.size() ? kEndOfFile : kOk};
}

Passport::Reply Passport::read(const PlainCommand& command)
{
    const auto p1 = at(command.header, 2), p2 = at(command.header, 3);
    std::size_t offset = p1 << 8 | p2;
    if ((p1 & 0x80) != 0) {
        const auto shortId = p1 & 0x1F;
        m_selected = static_cast<std::uint16_t>(0x0100 | shortId);
        offset = p2;
    }
    if (!mayRead(m_selected)) {
        return {{}, kSecurity};
    }
    return part(offset, command.expected);
}

Passport::Reply Passport::readOdd(const PlainCommand& command)
{
    const auto offset = valueOf(command.data, 0x54);
    if (offset.empty() || command.expected < 4) {
        return {{}, kWrongData};
    }
    if (!mayRead(m_selected)) {
        return {{}, kSecurity};
    }
    auto reply = part(number(offset), command.expected - 4);
    if (!reply.data.empty()) {
        reply.data = tlv::object(0x53, reply.data);
    }
    return reply;
}

Bytes Passport::mrzInformation() const
{
    struct Fields {
        std::size_t number, birth, expiry;
    };
    const auto& mrz = m_profile.mrz;
    const auto fields = mrz.size() == 90   ? Fields{5, 30, 38}
                        : mrz.size() == 72 ? Fields{36, 49, 57}
                                           : Fields{44, 57, 65};
    const auto text =
        mrz.substr(fields.number, 10) + mrz.substr(fields.birth, 7) + mrz.substr(fields.expiry, 7);
    return passport::sha1(asBytes(text));
}

Passport::Reply Passport::mutualAuthenticate(const PlainCommand& command)
{
    const auto challenge = std::exchange(m_challenge, {});
    if (challenge.empty() || command.data.size() != 40) {
        return {{}, kConditions};
    }
    constexpr auto kSuite = Suite::TripleDes;
    const auto secret = mrzInformation();
    const auto seed = ByteView(secret).first(16);
    const auto encryption = passport::derive(kSuite, seed, 1),
               mac = passport::derive(kSuite, seed, 2);
    const ByteView data(command.data);
    if (asText(passport::seal(kSuite, mac, passport::pad(kSuite, data.first(32)))) !=
        asText(data.last(8))) {
        return {{}, kWrongPassword};
    }
    const auto plain = passport::decrypt(kSuite, encryption, {}, data.first(32));
    const ByteView theirs(plain);
    if (asText(theirs.subspan(8, 8)) != asText(challenge)) {
        return {{}, kWrongPassword};
    }
    const auto keying = randomBytes(16);
    Bytes shared(16);
    std::transform(keying.begin(), keying.end(), theirs.begin() + 16, shared.begin(),
                   std::bit_xor<>());
    auto counter = Bytes(challenge.begin() + 4, challenge.end());
    tlv::append(counter, theirs.subspan(4, 4));
    m_nextSession.emplace(kSuite, shared, counter);

    auto answer = challenge;
    tlv::append(answer, theirs.first(8));
    tlv::append(answer, keying);
    answer = passport::encrypt(kSuite, encryption, {}, answer);
    tlv::append(answer, passport::seal(kSuite, mac, passport::pad(kSuite, answer)));
    return {answer};
}

Passport::Reply Passport::setEnvironment(const PlainCommand& command)
{
    const auto usage = at(command.header, 2), template_ = at(command.header, 3);
    if (usage == 0xC1 && template_ == 0xA4) { // PACE
        const auto wanted = valueOf(m_master[kCardAccess], 0x31);
        const auto protocol = valueOf(command.data, 0x80);
        const auto parameter = valueOf(command.data, 0x84);
        if (!m_profile.paceCurve || m_fault == PassportFault::LateAlgorithm ||
            valueOf(valueOf(wanted, 0x30), 0x06) != protocol) {
            return {{}, kWrongData};
        }
        if (parameter.empty() || number(parameter) != *m_profile.paceCurve) {
            return {{}, kNoReference};
        }
        const auto kind = number(valueOf(command.data, 0x83));
        const auto can = asBytes(m_profile.can);
        m_pace = std::make_unique<passport::ChipPace>(
            protocol, m_profile.paceSuite, *m_profile.paceCurve,
            kind == 2 ? Bytes(can.begin(), can.end()) : mrzInformation());
        return {};
    }
    if (usage == 0x41 && m_profile.chipAuthentication && m_session && m_inApplication) {
        if (template_ == 0xA6) { // MSE:Set KAT, Triple DES
            return m_profile.chipSuite == Suite::TripleDes ? proveChip(valueOf(command.data, 0x91))
                                                           : Reply{{}, kWrongData};
        }
        m_chipChosen = m_profile.chipSuite != Suite::TripleDes;
        return {{}, m_chipChosen ? kOk : kWrongData};
    }
    return {{}, kNoReference};
}

Passport::Reply Passport::generalAuthenticate(const PlainCommand& command)
{
    const auto data = valueOf(command.data, 0x7C);
    const auto within = [](unsigned tag, ByteView value) {
        return Reply{tlv::object(0x7C, tlv::object(static_cast<std::uint16_t>(tag), value))};
    };
    if (m_chipChosen) {
        m_chipChosen = false;
        auto reply = proveChip(valueOf(data, 0x80));
        reply.data = reply.status == kOk ? *fromHex("7C00") : Bytes{};
        return reply;
    }
    if (!m_pace) {
        return {{}, kConditions};
    }
    if (data.empty()) {
        return within(0x80, m_pace->encryptedNonce());
    }
    if (const auto key = valueOf(data, 0x81); !key.empty()) {
        const auto own = m_pace->map(key);
        return own ? within(0x82, *own) : Reply{{}, kWrongData};
    }
    if (const auto key = valueOf(data, 0x83); !key.empty()) {
        const auto own = m_pace->agree(key);
        return own ? within(0x84, *own) : Reply{{}, kWrongData};
    }
    const auto pace = std::move(m_pace);
    const auto token = pace->confirm(valueOf(data, 0x85));
    if (!token) {
        return {{}, kWrongPassword};
    }
    m_nextSession = pace->session();
    return within(0x86, *token);
}

Passport::Reply Passport::proveChip(ByteView terminalKey)
{
    const auto secret = m_keys->agree(terminalKey);
    if (secret.empty()) {
        return {{}, kWrongData};
    }
    m_nextSession.emplace(m_profile.chipSuite, secret);
    return {};
}

Passport::Reply Passport::proveActively(ByteView challenge) const
{
    if (!m_session || challenge.size() != 8) {
        return {{}, kConditions};
    }
    const auto signature = m_keys->sign(challenge);
    return signature.empty() ? Reply{{}, kNoInstruction} : Reply{signature};
}

} // namespace guichet::virtualdevices
