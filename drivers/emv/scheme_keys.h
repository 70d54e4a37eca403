// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <utility>

#include "drivers/emv/offline_authentication.h"
#include "peripherals/base/config.h"

namespace guichet::emv {

/// The public keys of card schemes' certification authorities, which the schemes hand out:
///
///     [A000000333-8A]                 # registered provider and key index, in hexadecimal
///     modulus  = "E1F1..."
///     exponent = "03"
///     checksum = "6FD4..."            # SHA-1 over provider, index, modulus and exponent
///     valid_to = "2031-12-31"
class SchemeKeys {
public:
    /// Errc::Invalid says which line is wrong; one wrong key refuses the file. Checksum: EMV Book
    /// 2, 5.1 and annex B2.
    [[nodiscard]] static Result<SchemeKeys> read(ConfigFile file);

    /// Null if there is none, or its last day is over. `provider`: five bytes.
    [[nodiscard]] const RsaKey* find(ByteView provider, unsigned index,
                                     std::chrono::year_month_day today) const;

private:
    struct Entry {
        RsaKey key;
        std::chrono::year_month_day validTo{};
    };
    std::map<std::pair<Bytes, unsigned>, Entry> m_keys;
};

} // namespace guichet::emv
