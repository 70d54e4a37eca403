// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/virtual/chip.h"
#include "peripherals/virtual/passport_issuer.h"
#include "peripherals/virtual/passport_pace.h"

/// The chip of a passport or identity card: what is personalised on it and how it answers, written
/// from ICAO Doc 9303-10 and -11. No I/O, no clock. All people are made up.
namespace guichet::virtualdevices {

struct PassportProfile {
    enum class Active { None, Rsa, Ecdsa };

    std::string name = {}; ///< how the control API calls it: "passport"
    std::string titleEn = {};
    std::string titleZh = {};
    Bytes atr = *fromHex("3B8880010000000000000009");
    /// Lines joined, check digits right: 72, 88 or 90 characters.
    std::string mrz =
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F3204153ZE184226B<<<<<16";
    std::string can = "123456";
    std::string fullName = "ERIKSSON<<ANNA MARIA"; ///< in DG11; empty: no DG11
    Bytes picture = {};    ///< in DG2, JPEG; empty: 15 kB that only start as one
    bool jpeg2000 = false; ///< of the filler
    bool bac = true;
    std::optional<unsigned> paceCurve = {}; ///< parameter id 12 to 18; nothing: no PACE
    passport::Suite paceSuite = passport::Suite::Aes128;
    bool chipAuthentication = false;
    passport::Suite chipSuite = passport::Suite::Aes128;
    bool chipByPrime = false; ///< agrees modulo a prime (RFC 5114) instead of on P-256
    Active activeAuthentication = Active::None;
    bool explicitCurve = false; ///< its public keys spell out their curve, as most states' do
    bool strictLengths = false; ///< refuses Le where no data comes back, as some states' chips do
    bool extended = false;      ///< says in EF.ATR/INFO that it gives 4,000 bytes at once
};

enum class PassportFault {
    None,
    WrongSeal,     ///< the seal of every read is wrong
    EndlessAnswer, ///< every read has 255 bytes more to come
    LyingLength,   ///< DG1 says that it is longer than it is
    HugePicture,   ///< DG2 says that it has 100 MB
    NoCommonFile,  ///< has no EF.COM, as the newest chips may
    WrongHash,     ///< DG1 was changed after it was signed
    Clone,         ///< its keys are not those in DG14 and DG15
    HiddenPace,    ///< somebody keeps from the reader that it knows PACE
    LateAlgorithm, ///< knows nothing of the way of PACE that it offers
};

/// A document of the demo.
struct KnownPassport {
    PassportProfile profile;
    PassportFault fault = PassportFault::None;
};
[[nodiscard]] const std::vector<KnownPassport>& knownPassports();
/// Null if there is none of that name.
[[nodiscard]] const KnownPassport* findPassport(std::string_view name);

/// Answers command APDUs as the chip does. One object is one document in the slot.
class Passport final : public Chip {
public:
    Passport(PassportProfile profile, const PassportIssuer& issuer,
             PassportFault fault = PassportFault::None);
    ~Passport() override;
    Passport(const Passport&) = delete;
    Passport& operator=(const Passport&) = delete;

    [[nodiscard]] const PassportProfile& profile() const { return m_profile; }
    [[nodiscard]] ByteView atr() const override { return m_profile.atr; }
    [[nodiscard]] Bytes answer(ByteView command) override;
    void reset() override;

private:
    struct Reply {
        Bytes data = {};
        std::uint16_t status = 0x9000;
    };
    struct ChipKeys;

    void personalise(const PassportIssuer& issuer);
    [[nodiscard]] Bytes securityOptions() const;
    [[nodiscard]] Reply execute(const passport::PlainCommand& command);
    [[nodiscard]] Reply select(const passport::PlainCommand& command);
    [[nodiscard]] Reply read(const passport::PlainCommand& command);
    [[nodiscard]] Reply readOdd(const passport::PlainCommand& command);
    [[nodiscard]] Reply part(std::size_t offset, std::size_t count) const;
    [[nodiscard]] Reply mutualAuthenticate(const passport::PlainCommand& command);
    [[nodiscard]] Reply setEnvironment(const passport::PlainCommand& command);
    [[nodiscard]] Reply generalAuthenticate(const passport::PlainCommand& command);
    [[nodiscard]] Reply proveChip(ByteView terminalKey);
    [[nodiscard]] Reply proveActively(ByteView challenge) const;
    [[nodiscard]] Bytes mrzInformation() const;
    [[nodiscard]] bool mayRead() const;

    PassportProfile m_profile;
    PassportFault m_fault;
    std::unique_ptr<ChipKeys> m_keys;
    std::map<std::uint16_t, Bytes> m_master, m_application; ///< files by identifier

    bool m_inApplication = false;
    std::uint16_t m_selected = 0; ///< 0: none
    Bytes m_challenge;
    std::unique_ptr<passport::ChipPace> m_pace;
    bool m_chipChosen = false; ///< for chip authentication
    std::optional<passport::ChipSession> m_session;
    std::optional<passport::ChipSession> m_nextSession; ///< from the next command on
};

} // namespace guichet::virtualdevices
