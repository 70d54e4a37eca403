// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/mrz/letter_net.h"
#include "drivers/mrz/mrz_text.h"

/// From scores of cells to the lines of a zone, by the rules of the formats. Pure.
namespace guichet::mrz {

/// What a letter of the zone belongs to.
enum class Part {
    Code,
    Issuer,
    Name,
    Number,
    Nationality,
    Birth,
    Sex,
    Expiry,
    Optional,
    Composite
};

/// One letter as it was read.
struct LetterReading {
    char letter = '<';
    float certainty = 0; ///< among what may stand there
    char second = '<';   ///< the next likely
    float secondCertainty = 0;
    /// How likely it is another one that no check digit would notice: any other where there is no
    /// check digit, and else one whose value differs by tens (6 and G, S and 8, K and <).
    float unnoticed = 0;
    bool repaired = false; ///< a check digit asked for it; it was not the likeliest
};

/// A zone as one look gave it. Never to be taken for true without a second look or a person's word.
struct ZoneCandidate {
    Format format = Format::Td3;
    Secret<std::vector<LetterReading>> letters; ///< the lines laid end to end
    Secret<std::string> text;                   ///< each line ended by a line feed, for parseMrz
    bool sound = false;                         ///< no check digit is wrong
    std::size_t repairs = 0;                    ///< letters repaired: somebody has to confirm them

    /// The least certain letter of the part; 1 if the format has no such part.
    [[nodiscard]] float certainty(Part part) const;
};

/// What the letter at `at` of the lines laid end to end belongs to.
[[nodiscard]] Part partAt(Format format, std::size_t at);

/// Reads `scores` of the cells of 3 lines of 30, 2 of 36 or 2 of 44. In each place the likeliest
/// that may stand there, unless the network is all but certain of another one. If check digits are
/// wrong then, at most two letters under them are changed, from a fixed table of letters that look
/// alike, if that makes them right in one way only. Nothing for another number of cells.
[[nodiscard]] std::optional<ZoneCandidate> readZone(const std::vector<LetterScores>& scores);

} // namespace guichet::mrz
