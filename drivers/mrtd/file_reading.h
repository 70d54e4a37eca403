// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drivers/mrtd/card_link.h"

namespace guichet::mrtd {

/// Hears how far a file has come; the total is known from its first bytes on.
using Progress = std::function<void(std::string_view file, std::size_t done, std::size_t total)>;

struct ReadLimits {
    std::size_t mostBytes = 65'536; ///< a file that claims more is refused before it is read
    std::size_t piece = 223;        ///< of one READ BINARY: what fits under a seal in 256 bytes
};

/// Selects the application of travel documents. Errc::Unsupported with RemoveCard: there is none.
[[nodiscard]] Result<void> selectDocument(CardLink& link);

/// Selects and reads one file, as long as its outermost object says. By file identifier, or by
/// short identifier where the chip knows no other; by READ BINARY with an odd instruction beyond
/// 32 KiB. Errc::NotFound: the chip has no such file. Errc::Denied: it does not give it out.
/// Errc::Unsupported: larger than allowed. Errc::Protocol: another tag, or it gives too little at
/// a time or more than was asked for. Else as CardLink.
[[nodiscard]] Result<SecretBytes> readFile(CardLink& link, const FileId& file,
                                           const ReadLimits& limits, const Progress& progress = {});

/// What one READ BINARY gives of a file that need not be TLV; empty if there is no such file.
[[nodiscard]] Result<SecretBytes> readStart(CardLink& link, const FileId& file);

} // namespace guichet::mrtd
