// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>

#include "drivers/mrtd/check.h"
#include "drivers/mrtd/file_reading.h"
#include "drivers/mrtd/key_derivation.h"
#include "peripherals/base/random.h"

/// Reads passports and identity cards of ICAO Doc 9303 through a CardChannel.
namespace guichet::mrtd {

/// What the customer shows to open the chip: one of both. The card access number opens PACE only.
struct AccessKey {
    std::optional<MrzKey> mrz;
    Secret<std::string> cardAccessNumber; ///< six digits, empty: not known
};

struct ReadOptions {
    std::vector<int> groups{1, 2, 11, 14, 15}; ///< 3 and 4 are never read: not ours to see
    std::size_t mostPictureBytes = 1 << 20;
    std::chrono::milliseconds apduTimeout = std::chrono::seconds(15);
    bool proveChip = true; ///< active and chip authentication where the document offers them
    Progress progress = {};
    std::stop_token stop = {};
    RandomSource random = randomBytes;
};

enum class AccessBy { Bac, Pace };

struct Document {
    AccessBy access = AccessBy::Bac;
    CommonData common;
    Secret<std::string> mrz;                ///< DG1: 72, 88 or 90 characters
    std::optional<Picture> picture;         ///< DG2
    std::optional<PersonalDetails> details; ///< DG11
    SecretBytes securityObject;             ///< EF.SOD; empty: the chip has none
    std::map<int, SecretBytes> groups;      ///< the files as read, for passive authentication
    std::map<int, std::string> notRead;     ///< what was wanted and listed, and why it is not there
    Check accessOffer; ///< the way in is one that the signed DG14 names: nobody hid a better one
    Check activeAuthentication;
    Check chipAuthentication;
};

/// Borrows the channel. Thread: the channel's.
class MrtdReader {
public:
    explicit MrtdReader(CardChannel& channel, ReadOptions options = {});

    /// Opens the chip with PACE if it offers a way that we know, with BAC if not, never with BAC
    /// after a PACE that failed, and reads. All or nothing but for optional groups.
    /// Errc::Denied with Retry: the key does not fit, read the zone again. Errc::Unsupported with
    /// RemoveCard: no travel document, no way in, or a file that claims to be larger than allowed.
    /// Errc::Disconnected with ReinsertCard: torn out. Errc::Protocol with ReinsertCard: answers
    /// that make no sense. Errc::Invalid: a key that none can be. Errc::Cancelled.
    [[nodiscard]] Result<Document> read(const AccessKey& key);

private:
    CardChannel& m_channel;
    ReadOptions m_options;
};

} // namespace guichet::mrtd
