// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "peripherals/virtual/passport_keys.h"
#include "peripherals/virtual/tlv.h"

// What is written onto a passport's chip before it is handed out (Doc 9303-10).
namespace guichet::virtualdevices {
namespace {

using passport::Suite;

constexpr std::size_t kFillerPicture = 15'000;
constexpr std::array kGroupTags{0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68,
                                0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70};

Bytes hex(std::string_view text)
{
    return *fromHex(text);
}

Bytes join(std::initializer_list<Bytes> parts)
{
    Bytes all;
    for (const auto& part : parts) {
        tlv::append(all, part);
    }
    return all;
}

Bytes big32(std::size_t value)
{
    return join({tlv::big16(static_cast<std::uint16_t>(value >> 16)),
                 tlv::big16(static_cast<std::uint16_t>(value & 0xFFFF))});
}

Bytes filler(bool jpeg2000)
{
    auto picture = hex(jpeg2000 ? "0000000C6A5020200D0A870A" : "FFD8FFE000104A464946");
    picture.resize(kFillerPicture - 2, std::byte{0x55});
    tlv::append(picture, hex("FFD9"));
    return picture;
}

/// ISO/IEC 19794-5: one face, no feature points.
Bytes facialRecord(const Bytes& picture, bool jpeg2000)
{
    const auto block = 20 + 12 + picture.size();
    auto information = Bytes(12);
    information[1] = jpeg2000 ? std::byte{1} : std::byte{0};
    return join({hex("46414300"), hex("30313000"), big32(14 + block), hex("0001"), big32(block),
                 hex("0000"), Bytes(14), information, picture});
}

Bytes suiteId(std::string_view protocol, Suite suite)
{
    auto id = hex(protocol);
    id.push_back(static_cast<std::byte>(static_cast<int>(suite) + 1));
    return id;
}

Bytes pictureGroup(const PassportProfile& profile)
{
    const auto picture = profile.picture.empty() ? filler(profile.jpeg2000) : profile.picture;
    const auto header = tlv::object(0xA1, hex("810102870201018802"
                                              "0008"));
    const auto face = tlv::object(
        0x7F60, join({header, tlv::object(0x5F2E, facialRecord(picture, profile.jpeg2000))}));
    return tlv::object(0x75, tlv::object(0x7F61, join({hex("020101"), face})));
}

Bytes paceInfo(const PassportProfile& profile)
{
    const auto parameter = Bytes(1, static_cast<std::byte>(*profile.paceCurve));
    return tlv::object(0x30,
                       join({tlv::object(0x06, suiteId("04007F000702020402", profile.paceSuite)),
                             hex("020102"), tlv::object(0x02, parameter)}));
}

} // namespace

Bytes Passport::securityOptions() const
{
    Bytes infos;
    if (m_profile.paceCurve) {
        tlv::append(infos, paceInfo(m_profile));
    }
    if (m_profile.chipAuthentication) {
        tlv::append(infos,
                    tlv::object(0x30, join({tlv::object(0x06, suiteId(m_profile.chipByPrime
                                                                          ? "04007F000702020301"
                                                                          : "04007F000702020302",
                                                                      m_profile.chipSuite)),
                                            hex("020101")})));
        tlv::append(infos,
                    tlv::object(0x30, join({tlv::object(0x06, hex(m_profile.chipByPrime
                                                                      ? "04007F000702020101"
                                                                      : "04007F000702020102")),
                                            ChipKeys::publicKey(m_keys->chip)})));
    }
    if (m_profile.activeAuthentication == PassportProfile::Active::Ecdsa) {
        tlv::append(infos,
                    tlv::object(0x30, hex("0606678108010105020101060A04007F00070101040103")));
    }
    return tlv::object(0x6E, tlv::object(0x31, infos));
}

void Passport::personalise(const PassportIssuer& issuer)
{
    m_keys = std::make_unique<ChipKeys>(m_profile);
    std::map<int, Bytes> groups;
    groups[1] = tlv::object(0x61, tlv::object(0x5F1F, asBytes(m_profile.mrz)));
    groups[2] = pictureGroup(m_profile);
    if (!m_profile.fullName.empty()) {
        groups[11] = tlv::object(
            0x6B, join({hex("5C025F0E"), tlv::object(0x5F0E, asBytes(m_profile.fullName))}));
    }
    if (m_profile.paceCurve || m_profile.chipAuthentication ||
        m_profile.activeAuthentication == PassportProfile::Active::Ecdsa) {
        groups[14] = securityOptions();
    }
    if (m_keys->active) {
        groups[15] = tlv::object(0x6F, ChipKeys::publicKey(m_keys->active));
    }

    Bytes tags;
    for (const auto& [number, file] : groups) {
        tags.push_back(static_cast<std::byte>(kGroupTags[static_cast<std::size_t>(number - 1)]));
        m_application[static_cast<std::uint16_t>(0x0100 + number)] = file;
    }
    m_application[0x011E] = tlv::object(
        0x60, join({hex("5F010430313037"), hex("5F3606303430303030"), tlv::object(0x5C, tags)}));
    m_application[0x011D] = issuer.sign(groups);

    if (m_profile.paceCurve && m_fault != PassportFault::HiddenPace) {
        m_master[0x011C] = tlv::object(0x31, paceInfo(m_profile));
    }
    if (m_profile.extended) {
        m_master[0x2F01] = hex("7F660802020FA002020FA0");
    }

    if (m_fault == PassportFault::WrongHash) {
        auto& letter = m_application[0x0101][20];
        letter = letter == std::byte{'X'} ? std::byte{'Y'} : std::byte{'X'};
    } else if (m_fault == PassportFault::HugePicture) {
        auto& file = m_application[0x0102];
        const auto start = hex("7583FFFFFF");
        std::copy(start.begin(), start.end(), file.begin());
    } else if (m_fault == PassportFault::NoCommonFile) {
        m_application.erase(0x011E);
    } else if (m_fault == PassportFault::LyingLength) {
        m_application[0x0101][1] = std::byte{0x7F};
    } else if (m_fault == PassportFault::Clone) {
        m_keys = std::make_unique<ChipKeys>(m_profile);
    }
}

} // namespace guichet::virtualdevices
