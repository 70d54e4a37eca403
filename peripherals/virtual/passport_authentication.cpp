// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "peripherals/base/random.h"
#include "peripherals/virtual/passport_commands.h"
#include "peripherals/virtual/passport_keys.h"
#include "peripherals/virtual/tlv.h"

// How a passport's chip lets a terminal in, and how it proves itself (Doc 9303-11).
namespace guichet::virtualdevices {
namespace {

using namespace passport;

constexpr std::uint16_t kCardAccess = 0x011C;

} // namespace

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
