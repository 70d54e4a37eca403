// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/announcement.h"

#include <algorithm>
#include <charconv>

#include "cloudbranch/server/wave.h"
#include "cloudbranch/web/files.h"

namespace guichet::hub {
namespace {

constexpr std::chrono::milliseconds kPause{60};
constexpr int kMostSpokenAsNumber = 99;

void spell(std::vector<std::string>& clips, std::string_view text)
{
    for (char letter : text) {
        if (letter >= 'a' && letter <= 'z') {
            letter = static_cast<char>(letter - 'a' + 'A');
        }
        if ((letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9')) {
            clips.emplace_back(1, letter);
        }
    }
}

std::string chineseDigit(int digit)
{
    return digit == 1 ? "one" : std::to_string(digit); // the clip "1" says yao
}

void nameChineseCounter(std::vector<std::string>& clips, std::string_view counter)
{
    int number = 0;
    const auto parsed = std::from_chars(counter.data(), counter.data() + counter.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != counter.data() + counter.size() || number < 1 ||
        number > kMostSpokenAsNumber) {
        spell(clips, counter);
        return;
    }
    if (number >= 20) {
        clips.push_back(chineseDigit(number / 10));
    }
    if (number >= 10) {
        clips.emplace_back("ten");
    }
    if (number % 10 != 0) {
        clips.push_back(chineseDigit(number % 10));
    }
}

} // namespace

std::vector<std::string> announcementClips(std::string_view ticket, std::string_view counter,
                                           std::string_view language)
{
    std::vector<std::string> clips;
    if (language == "zh-CN") {
        clips.emplace_back("please");
        spell(clips, ticket);
        clips.emplace_back("number-to");
        nameChineseCounter(clips, counter);
        clips.emplace_back("counter");
    } else if (language == "en") {
        clips.emplace_back("number");
        spell(clips, ticket);
        clips.emplace_back("go-to-counter");
        spell(clips, counter);
    }
    return clips;
}

Result<std::string> announcement(std::string_view ticket, std::string_view counter,
                                 std::string_view language)
{
    const auto clips = announcementClips(ticket, counter, language);
    if (clips.empty()) {
        return fail(Errc::NotFound, "no voice in this language");
    }
    std::vector<std::string_view> waves;
    std::ranges::transform(clips, std::back_inserter(waves), [&](const std::string& clip) {
        return web::file("voice/" + std::string(language) + "/" + clip + ".wav");
    });
    return joined(waves, kPause);
}

} // namespace guichet::hub
