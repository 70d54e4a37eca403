// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "drivers/emv/application.h"
#include "drivers/emv/card_authentication.h"
#include "drivers/emv/card_number.h"
#include "drivers/emv/known_applications.h"
#include "peripherals/classes/card_channel.h"

/// Reads who a bank card belongs to, and nothing that costs the customer anything.
namespace guichet::emv {

struct ReadOptions {
    std::chrono::year_month_day today{};
    /// By the answer to reset if not said.
    std::optional<CardInterface> interface {
    };
    std::chrono::milliseconds apduTimeout = std::chrono::seconds(5);
    /// With them every record is read and the card is asked to prove itself; else only what is
    /// needed. Must outlive the read.
    const SchemeKeys* schemeKeys = nullptr;
    /// With scheme keys only: a card may prove itself by a cryptogram that it signs (CDA), for
    /// which it is asked to begin a transaction of no amount; see AuthenticationTerms.
    bool combinedAuthentication = false;
    /// Tried in this order on a card without a directory.
    std::vector<KnownApplication> applications = usualApplications();
};

struct CardData {
    Scheme scheme = Scheme::Other;
    std::string label;           ///< for screens: "PBOC DEBIT"
    std::string applicationName; ///< the AID in hexadecimal
    CardNumber number;           ///< whole; never leaves the helper process in the clear
    Expiry expiry = {};
    Secret<std::string> holder; ///< as embossed, empty if the card does not say
    bool luhnOk = false;        ///< some genuine issuers' numbers have no check digit: a hint only
    Authentication authentication = {};
    bool repeatedTags = false; ///< the card gave a field twice; the first was taken

    [[nodiscard]] bool holderPresent() const { return !holder.empty(); }
    [[nodiscard]] std::string masked() const { return maskCardNumber(number); }
};

/// Selects the best application, asks for its processing options once and reads the records that
/// it names. Sends SELECT, GET PROCESSING OPTIONS, READ RECORD, GET RESPONSE, with scheme keys
/// INTERNAL AUTHENTICATE and, only where the options allow it, GENERATE AC for an ARQC of no amount
/// and the AAC that ends it; never anything that approves a payment, verifies the holder or writes.
/// Track 2 and every answer are wiped. Errc::Disconnected with ReinsertCard: torn out at any point.
/// Errc::Unsupported with RemoveCard: not a bank card, or one without readable data. Errc::Denied
/// with CallStaff: the card or its application is blocked. Errc::Protocol with ReinsertCard:
/// answers that make no sense. Thread: the channel's.
[[nodiscard]] Result<CardData> readCard(CardChannel& channel, const ReadOptions& options);

} // namespace guichet::emv
