// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "drivers/emv/known_applications.h"
#include "drivers/emv/scheme_keys.h"
#include "drivers/mrtd/country_signers.h"
#include "peripherals/base/sealing.h"
#include "peripherals/classes/card_reader.h"
#include "peripherals/host/helper_device.h"
#include "peripherals/host/passport_reading.h"

namespace guichet::host {

/// What the bank says of cards and documents: whose signatures count, and what to try.
struct CardKnowledge {
    std::optional<emv::SchemeKeys> schemes = {}; ///< nothing: no bank card is asked for a proof
    bool combinedAuthentication = false;         ///< see emv::ReadOptions
    mrtd::CountrySigners countries = {};
    std::vector<emv::KnownApplication> applications = emv::usualApplications();
};

/// The card reader inside its helper process: raw chip access for XFS4IoT, and the reads of bank
/// cards and passports, whose numbers are sealed here and wiped. Operations: readRawData, chipIo,
/// chipPower, release, reset, readCard, readPassport with "key" (see documentOfKey) or with
/// "sealedZone", which is sealed to the key of the first signal; readDataGroups {"sealedZone",
/// "face","recipient": PEM}, which a bank has to allow (see readDataGroups). Signals: zoneRecipient
/// {"publicKey"} once, cardRemoved. Every call into the reader is a step of its own, so that a hang
/// ends with this process.
class CardHelper final : public HelperDevice {
public:
    /// Without a key cards are read for XFS4IoT only: readCard and readPassport fail with
    /// Errc::Unsupported.
    CardHelper(std::unique_ptr<CardReader> reader, std::optional<SealingKey> key,
               CardKnowledge knowledge = {});

    [[nodiscard]] Result<nlohmann::json> perform(const std::string& operation,
                                                 const nlohmann::json& arguments, HelperLine& line,
                                                 std::stop_token stop) override;
    void watch(HelperLine& line) override;

private:
    [[nodiscard]] Result<nlohmann::json> readRawData(HelperLine& line, const std::stop_token& stop);
    [[nodiscard]] Result<nlohmann::json> chipIo(const nlohmann::json& arguments, HelperLine& line);
    [[nodiscard]] Result<nlohmann::json> chipPower(const nlohmann::json& arguments,
                                                   HelperLine& line);
    [[nodiscard]] Result<nlohmann::json> release(HelperLine& line);
    [[nodiscard]] Result<nlohmann::json> readCard(const nlohmann::json& arguments, HelperLine& line,
                                                  const std::stop_token& stop);
    [[nodiscard]] Result<nlohmann::json>
    readPassport(const nlohmann::json& arguments, HelperLine& line, const std::stop_token& stop);
    [[nodiscard]] Result<nlohmann::json>
    readDataGroups(const nlohmann::json& arguments, HelperLine& line, const std::stop_token& stop);
    [[nodiscard]] Result<ShownDocument> shownDocument(const nlohmann::json& arguments) const;
    [[nodiscard]] Result<void> needSealingKey() const;
    [[nodiscard]] Result<void> acceptFresh(const nlohmann::json& arguments, HelperLine& line,
                                           const std::stop_token& stop);
    /// Waits for a card that answers and powers it up.
    [[nodiscard]] Result<void> acceptCard(HelperLine& line, const std::stop_token& stop,
                                          std::chrono::milliseconds limit);
    [[nodiscard]] Result<bool> tryCard(HelperLine& line);
    [[nodiscard]] Result<void> awaitChange(HelperLine& line, const std::stop_token& stop,
                                           std::chrono::steady_clock::time_point until);
    [[nodiscard]] Result<CardState> waitSlice(HelperLine& line, const std::stop_token& stop,
                                              std::chrono::milliseconds slice);
    [[nodiscard]] Result<CardState> readerState(HelperLine& line);
    [[nodiscard]] Result<void> powerUp(HelperLine& line);
    void drop(HelperLine& line);
    [[nodiscard]] Result<void> needChannel() const;
    void tellZoneKey(HelperLine& line);
    void seen(CardState state, HelperLine& line);
    void reportStatus(HelperLine& line, const char* device);

    std::unique_ptr<CardReader> m_reader;
    std::optional<SealingKey> m_key;
    CardKnowledge m_knowledge;
    std::optional<OpeningKey> m_zoneKey; ///< of this process: whoever ends it ends all handles
    bool m_zoneKeyTold = false;
    std::unique_ptr<CardChannel> m_channel;
    CardState m_state; ///< as the reader said it
};

} // namespace guichet::host
