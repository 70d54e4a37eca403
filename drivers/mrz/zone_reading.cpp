// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/zone_reading.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "drivers/mrz/zone_layout.h"

namespace guichet::mrz {

namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kDigitsOrFiller = "0123456789<";
constexpr std::string_view kLettersOrFiller = "ABCDEFGHIJKLMNOPQRSTUVWXYZ<";
constexpr std::string_view kCodes = "ACIPV";    ///< how a document code can begin (ICAO 9303-3)
constexpr std::string_view kCardCodes = "ACIP"; ///< three lines: no visa is a card
constexpr std::string_view kSexes = "MF<X";

/// A place's rule yields to the network only when that is so sure.
constexpr float kAllButCertain = 0.995F;
constexpr float kPossible = 0.002F; ///< below, a letter is not considered as a repair

/// Letters of OCR-B that are taken for each other in poor print.
constexpr std::array<std::string_view, 14> kAlike{"0OQDCU", "1IL7T", "2Z7",   "3B8",  "4A",
                                                  "5S6",    "6G5",   "8B3S9", "9Q8G", "MNHW",
                                                  "VYU",    "<KCE",  "EFR",   "PRF"};

bool looksLike(char a, char b)
{
    return std::ranges::any_of(kAlike, [a, b](std::string_view group) {
        return group.find(a) != std::string_view::npos && group.find(b) != std::string_view::npos;
    });
}

bool within(Span span, std::size_t at)
{
    return at >= span.at && at < span.at + span.size;
}

bool isCheckOf(Span span, std::size_t at)
{
    return at == span.at + span.size;
}

std::string_view allowedAt(const Layout& layout, std::size_t at)
{
    if (at == 0) {
        return layout.format == Format::Td1 ? kCardCodes : kCodes;
    }
    if (at < 5 || within(layout.name, at) || within(layout.nationality, at)) {
        return kLettersOrFiller;
    }
    if (at == layout.sex) {
        return kSexes;
    }
    if (isCheckOf(layout.birth, at) || isCheckOf(layout.expiry, at) ||
        (layout.compositeCheck != 0 && at == layout.compositeCheck)) {
        return kDigits;
    }
    if (within(layout.birth, at) || within(layout.expiry, at) || isCheckOf(layout.number, at) ||
        (layout.optionalCheck != 0 && at == layout.optionalCheck)) {
        return kDigitsOrFiller;
    }
    return kZoneLetters;
}

bool isChecked(const Layout& layout, std::size_t at)
{
    for (const auto span : {layout.number, layout.birth, layout.expiry}) {
        if (within(span, at) || isCheckOf(span, at)) {
            return true;
        }
    }
    return at == layout.optionalCheck || at == layout.compositeCheck ||
           (layout.optionalCheck != 0 && within(layout.optional, at)) ||
           std::ranges::any_of(layout.composite, [at](Span span) { return within(span, at); });
}

/// Check digits count in tens: a letter whose value differs by ten passes for the other.
bool sameToCheckDigits(std::size_t a, std::size_t b)
{
    const auto value = [](std::size_t letter) { return kZoneLetters[letter] == '<' ? 0 : letter; };
    return value(a) % 10 == value(b) % 10;
}

LetterReading pick(const Layout& layout, std::size_t at, const LetterScores& scores)
{
    auto allowed = allowedAt(layout, at);
    const auto top = static_cast<std::size_t>(
        std::max_element(scores.begin(), scores.begin() + kNoLetter) - scores.begin());
    if (at != 0 && scores[top] > kAllButCertain) { // a state with rules of its own
        const bool fits = allowed.find(kZoneLetters[top]) != std::string_view::npos;
        allowed = fits ? allowed : kZoneLetters;
    }
    float sum = scores[kNoLetter];
    LetterReading reading;
    for (std::size_t letter = 0; letter < kNoLetter; ++letter) {
        if (allowed.find(kZoneLetters[letter]) == std::string_view::npos) {
            continue;
        }
        sum += scores[letter];
        if (scores[letter] > reading.certainty) {
            reading.second = std::exchange(reading.letter, kZoneLetters[letter]);
            reading.secondCertainty = std::exchange(reading.certainty, scores[letter]);
        } else if (scores[letter] > reading.secondCertainty) {
            reading.second = kZoneLetters[letter];
            reading.secondCertainty = scores[letter];
        }
    }
    const auto read = kZoneLetters.find(reading.letter);
    const bool checked = isChecked(layout, at);
    for (std::size_t letter = 0; letter < kNoLetter; ++letter) {
        const bool possible = allowed.find(kZoneLetters[letter]) != std::string_view::npos;
        if (possible && letter != read && (!checked || sameToCheckDigits(letter, read))) {
            reading.unnoticed += scores[letter];
        }
    }
    reading.unnoticed += scores[kNoLetter];
    constexpr float kLeast = 1e-9F;
    for (auto* value : {&reading.certainty, &reading.secondCertainty, &reading.unnoticed}) {
        *value /= std::max(sum, kLeast);
    }
    return reading;
}

Secret<std::string> linesOf(const std::vector<LetterReading>& letters, std::size_t width)
{
    std::string text;
    text.reserve(letters.size() + letters.size() / width);
    for (std::size_t at = 0; at < letters.size(); ++at) {
        text += letters[at].letter;
        if (at % width == width - 1) {
            text += '\n';
        }
    }
    return Secret<std::string>(std::move(text));
}

/// How many check digits are wrong; the day does not matter to them.
int wrongChecks(const std::string& text)
{
    const auto zone = parseMrz(text, std::chrono::year(2000) / 1 / 1);
    return zone ? static_cast<int>(std::ranges::count(zone->checks, Check::Wrong)) : 9;
}

struct Change {
    std::size_t at; ///< in the lines laid end to end
    char letter;
    float certainty;
    float cost; ///< how much less likely than what was read
};

std::vector<Change> changesOf(const Layout& layout, const std::vector<LetterScores>& scores,
                              const std::vector<LetterReading>& letters)
{
    std::vector<Change> changes;
    for (std::size_t at = 0; at < letters.size(); ++at) {
        if (!isChecked(layout, at)) {
            continue;
        }
        const auto allowed = allowedAt(layout, at);
        const float read = std::max(scores[at][kZoneLetters.find(letters[at].letter)], kPossible);
        for (std::size_t letter = 0; letter < kNoLetter; ++letter) {
            const char other = kZoneLetters[letter];
            if (other != letters[at].letter && scores[at][letter] > kPossible * read &&
                allowed.find(other) != std::string_view::npos &&
                looksLike(other, letters[at].letter)) {
                changes.push_back(
                    {at, other, scores[at][letter], std::log(read / scores[at][letter])});
            }
        }
    }
    constexpr std::size_t kMost = 24;
    std::ranges::sort(changes, {}, &Change::cost);
    changes.resize(std::min(changes.size(), kMost));
    return changes;
}

/// The only way, or by far the likeliest, to make all check digits right with one or two changes.
std::vector<Change> repairOf(const Secret<std::string>& text, std::size_t width,
                             const std::vector<Change>& changes)
{
    constexpr float kClearly = 2.3F; // ten times likelier than the next way
    std::vector<Change> best;
    float bestCost = 1e9F;
    float nextCost = 1e9F;
    auto tried = text.reveal();
    const auto set = [&tried, width](std::size_t at, char letter) {
        return std::exchange(tried[at + at / width], letter);
    };
    const auto judge = [&](const std::vector<Change>& way, float cost) {
        if (cost < nextCost && wrongChecks(tried) == 0) {
            if (cost < bestCost) {
                nextCost = std::exchange(bestCost, cost);
                best = way;
            } else {
                nextCost = cost;
            }
        }
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const char first = set(changes[i].at, changes[i].letter);
        judge({changes[i]}, changes[i].cost);
        for (std::size_t j = i + 1; j < changes.size(); ++j) {
            if (changes[j].at != changes[i].at) {
                const char second = set(changes[j].at, changes[j].letter);
                judge({changes[i], changes[j]}, changes[i].cost + changes[j].cost);
                set(changes[j].at, second);
            }
        }
        set(changes[i].at, first);
    }
    explicit_bzero(tried.data(), tried.size());
    return nextCost - bestCost > kClearly ? best : std::vector<Change>();
}

const Layout* layoutFor(const std::vector<LetterScores>& scores)
{
    constexpr auto kVisa = kZoneLetters.find('V');
    constexpr auto kOther = std::array{kZoneLetters.find('P'), kZoneLetters.find('I'),
                                       kZoneLetters.find('A'), kZoneLetters.find('C')};
    switch (scores.size()) {
    case 90:
        return &layoutOf(Format::Td1);
    case 72:
    case 88:
        break;
    default:
        return nullptr;
    }
    float other = 0;
    for (const auto letter : kOther) {
        other = std::max(other, scores[0][letter]);
    }
    const bool visa = scores[0][kVisa] > other;
    const bool wide = scores.size() == 88;
    return &layoutOf(visa ? (wide ? Format::MrvA : Format::MrvB)
                          : (wide ? Format::Td3 : Format::Td2));
}

} // namespace

float ZoneCandidate::certainty(Part part) const
{
    float least = 1;
    for (std::size_t at = 0; at < letters.reveal().size(); ++at) {
        if (partAt(format, at) == part) {
            least = std::min(least, letters.reveal()[at].certainty);
        }
    }
    return least;
}

Part partAt(Format format, std::size_t at)
{
    const auto& layout = layoutOf(format);
    const auto with = [at](Span span) { return within(span, at) || isCheckOf(span, at); };
    if (at < 2) {
        return Part::Code;
    }
    if (at < 5) {
        return Part::Issuer;
    }
    if (within(layout.name, at)) {
        return Part::Name;
    }
    if (within(layout.nationality, at)) {
        return Part::Nationality;
    }
    if (at == layout.sex) {
        return Part::Sex;
    }
    if (layout.compositeCheck != 0 && at == layout.compositeCheck) {
        return Part::Composite;
    }
    return with(layout.number)   ? Part::Number
           : with(layout.birth)  ? Part::Birth
           : with(layout.expiry) ? Part::Expiry
                                 : Part::Optional;
}

std::optional<ZoneCandidate> readZone(const std::vector<LetterScores>& scores)
{
    const auto* layout = layoutFor(scores);
    if (layout == nullptr) {
        return std::nullopt;
    }
    ZoneCandidate zone;
    zone.format = layout->format;
    std::vector<LetterReading> letters;
    letters.reserve(scores.size());
    for (std::size_t at = 0; at < scores.size(); ++at) {
        letters.push_back(pick(*layout, at, scores[at]));
    }
    if (letters.front().certainty <= 0) { // no document begins like that
        return std::nullopt;
    }
    zone.text = linesOf(letters, layout->width);
    zone.sound = wrongChecks(zone.text.reveal()) == 0;
    if (!zone.sound) {
        const auto repair = repairOf(zone.text, layout->width, changesOf(*layout, scores, letters));
        for (const auto& change : repair) {
            auto& letter = letters[change.at];
            letter.second = std::exchange(letter.letter, change.letter);
            letter.secondCertainty = std::exchange(letter.certainty, change.certainty);
            letter.unnoticed = 1;
            letter.repaired = true;
        }
        zone.repairs = repair.size();
        zone.sound = !repair.empty();
        zone.text = linesOf(letters, layout->width);
    }
    zone.letters = Secret<std::vector<LetterReading>>(std::move(letters));
    return zone;
}

} // namespace guichet::mrz
