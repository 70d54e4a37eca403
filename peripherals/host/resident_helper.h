// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "drivers/residentid/photo_decoder.h"
#include "drivers/residentid/resident_reader.h"
#include "peripherals/base/sealing.h"
#include "peripherals/host/helper_device.h"

namespace guichet::host {

/// The resident card reader inside its helper process. Operation: readResident, whose names, dates
/// and verdicts go out and whose number, addresses and photo are sealed here and wiped. Events:
/// insertCard, reading. Without a decoder, which only makers have, the photo stays out.
class ResidentHelper final : public HelperDevice {
public:
    /// Without a key readResident fails with Errc::Unsupported. The clock must outlive it.
    ResidentHelper(ChannelOpener open, const Clock& clock, std::optional<SealingKey> key,
                   std::optional<residentid::PhotoDecoder> photos = {});

    [[nodiscard]] Result<nlohmann::json> perform(const std::string& operation,
                                                 const nlohmann::json& arguments, HelperLine& line,
                                                 std::stop_token stop) override;
    /// Asks the security module whether it works.
    void watch(HelperLine& line) override;

private:
    [[nodiscard]] Result<residentid::ResidentCard>
    awaitCard(HelperLine& line, const std::stop_token& stop, std::chrono::milliseconds limit);
    [[nodiscard]] Result<nlohmann::json> describe(const residentid::ResidentCard& card) const;
    /// Nothing: the card has none, or it cannot be decoded.
    [[nodiscard]] std::optional<Secret<Bytes>> photoOf(const residentid::ResidentCard& card) const;

    residentid::ResidentReader m_reader;
    const Clock& m_clock;
    std::optional<SealingKey> m_key;
    std::optional<residentid::PhotoDecoder> m_photos;
};

} // namespace guichet::host
