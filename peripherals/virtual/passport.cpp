// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/passport.h"

#include <algorithm>

#include "peripherals/base/random.h"
#include "peripherals/virtual/passport_commands.h"
#include "peripherals/virtual/passport_keys.h"
#include "peripherals/virtual/tlv.h"

namespace guichet::virtualdevices {
namespace {

using namespace passport;

constexpr std::string_view kApplication("\xA0\x00\x00\x02\x47\x10\x01", 7);
constexpr unsigned kSecured = 0x0C;

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
    const auto sent = parseCommand(bytes);
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
    if (!mayRead()) {
        return {{}, kSecurity};
    }
    m_selected = file;
    return {};
}

bool Passport::mayRead() const
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
    if (!mayRead()) {
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
    if (!mayRead()) {
        return {{}, kSecurity};
    }
    auto reply = part(number(offset), command.expected - 4);
    if (!reply.data.empty()) {
        reply.data = tlv::object(0x53, reply.data);
    }
    return reply;
}

} // namespace guichet::virtualdevices
