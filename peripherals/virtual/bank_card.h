// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "peripherals/virtual/chip.h"

/// The chip of a bank card: what is personalised on it and how it answers. No I/O, no clock.
namespace guichet::virtualdevices {

/// How a card can prove that it is no copy.
enum class Proof {
    None,
    Static,   ///< its data is signed
    Dynamic,  ///< its chip signs a challenge
    Combined, ///< its chip signs the cryptograms that it makes, and no challenge
    Either,   ///< its chip signs both
    Copied,   ///< as Dynamic, but the chip has the data only and not the key
};

/// What is on one card. All numbers are made up and only satisfy the check digit.
struct CardProfile {
    std::string name; ///< how the control API calls it: "unionpay"
    std::string titleEn;
    std::string titleZh;
    Bytes atr;
    Bytes aid;
    std::string label;   ///< tag 50
    Bytes preferredName; ///< tag 9F12, left out if empty
    std::string pan;
    std::string expiry;        ///< YYMMDD
    std::string holder;        ///< tag 5F20, left out if empty
    Bytes pdol;                ///< value of tag 9F38, left out if empty
    bool formatOneGpo = false; ///< answer GPO with tag 80 instead of 77
    bool t0 = false;           ///< answers 61xx and 6Cxx as T=0 chips do
    bool withoutFiles = false; ///< GPO gives no AFL: nothing can be read
    Proof proof = Proof::None;
    bool blocked = false;               ///< SELECT of the application answers 6283
    std::optional<unsigned> muteAtApdu; ///< never answers this APDU (1 is the first)
    std::chrono::milliseconds delay{0}; ///< before each answer
};

/// The cards of the demo, in the order in which the window shows them.
[[nodiscard]] const std::vector<CardProfile>& knownCards();
/// Null if there is no card of that name.
[[nodiscard]] const CardProfile* findCard(std::string_view name);

/// Answers command APDUs as the chip does. One object is one card in the slot.
class BankCard final : public Chip {
public:
    explicit BankCard(CardProfile profile);

    [[nodiscard]] const CardProfile& profile() const { return m_profile; }
    [[nodiscard]] ByteView atr() const override { return m_profile.atr; }
    [[nodiscard]] Bytes answer(ByteView command) override;
    void reset() override;

private:
    struct Reply {
        Bytes data;
        std::uint16_t status = 0x9000;
    };
    enum class Directory { None, Contact, Application };

    [[nodiscard]] Reply execute(ByteView header, ByteView data);
    [[nodiscard]] Reply select(ByteView header, ByteView name);
    [[nodiscard]] Reply processingOptions(ByteView data);
    [[nodiscard]] Reply readRecord(std::uint8_t record, std::uint8_t sfi) const;
    [[nodiscard]] Reply getData(std::uint16_t tag) const;
    [[nodiscard]] Reply internalAuthenticate(ByteView data) const;
    [[nodiscard]] Reply generateCryptogram(std::uint8_t control, ByteView data);
    void personaliseProof(ByteView signedRecord);
    [[nodiscard]] bool signsChallenges() const;
    [[nodiscard]] bool signsCryptograms() const;
    [[nodiscard]] Bytes applicationFci() const;

    CardProfile m_profile;
    std::map<std::pair<int, int>, Bytes> m_records; ///< (SFI, record) of the application
    Bytes m_locator;                                ///< AFL
    Bytes m_interchange;                            ///< AIP
    std::size_t m_pdolLength = 0;
    Bytes m_options; ///< what came for the PDOL
    Directory m_selected = Directory::None;
    bool m_transaction = false;  ///< GPO was done
    unsigned m_cryptograms = 0;  ///< of this transaction; an AAC is the last
    std::uint16_t m_counter = 7; ///< ATC
    Bytes m_waiting;             ///< for GET RESPONSE
};

} // namespace guichet::virtualdevices
