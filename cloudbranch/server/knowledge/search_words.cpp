// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/knowledge/search_words.h"

#include <algorithm>
#include <cstdint>

namespace guichet::hub {

namespace {

struct Sign {
    char32_t code = 0;
    std::string_view bytes = {}; ///< empty: no further sign
};

std::size_t lengthOf(unsigned char first)
{
    return first < 0x80   ? 1
           : first < 0xC2 ? 0
           : first < 0xE0 ? 2
           : first < 0xF0 ? 3
           : first < 0xF5 ? 4
                          : 0;
}

Sign nextSign(std::string_view text)
{
    const auto length = text.empty() ? 0 : lengthOf(static_cast<unsigned char>(text.front()));
    if (length == 0 || length > text.size()) {
        return {};
    }
    constexpr unsigned kFirst[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    char32_t code = static_cast<unsigned char>(text.front()) & kFirst[length];
    for (std::size_t at = 1; at < length; ++at) {
        code = (code << 6U) | (static_cast<unsigned char>(text[at]) & 0x3FU);
    }
    return {code, text.substr(0, length)};
}

bool isHan(char32_t code)
{
    return (code >= 0x3400 && code <= 0x9FFF) || (code >= 0xF900 && code <= 0xFAFF) ||
           (code >= 0x20000 && code <= 0x3FFFF);
}

/// The half-width twin of a full-width sign.
char32_t narrowed(char32_t code)
{
    return code >= 0xFF01 && code <= 0xFF5E ? code - 0xFF01 + U'!' : code;
}

bool isAsciiWord(char32_t code)
{
    return (code >= U'a' && code <= U'z') || (code >= U'A' && code <= U'Z') ||
           (code >= U'0' && code <= U'9');
}

/// Letters of other scripts; marks and signs of them are not told apart from letters.
bool isOtherLetter(char32_t code)
{
    return code >= 0xC0 && !(code >= 0x2000 && code <= 0x206F) &&
           !(code >= 0x3000 && code <= 0x303F) && !(code >= 0xFE30 && code <= 0xFE4F) &&
           !(code >= 0xFF00 && code <= 0xFFEF);
}

class Reader {
public:
    Reader(std::string_view text, bool question)
        : m_text(text)
        , m_question(question)
    {
    }

    std::vector<std::string> read()
    {
        for (auto sign = nextSign(m_text); !sign.bytes.empty(); sign = nextSign(m_text)) {
            m_text.remove_prefix(sign.bytes.size());
            take(sign);
        }
        endWord();
        endRun();
        return std::move(m_words);
    }

private:
    void take(const Sign& sign)
    {
        const auto code = narrowed(sign.code);
        if (isHan(code)) {
            endWord();
            takeHan(sign.bytes);
            return;
        }
        endRun();
        if (isAsciiWord(code)) {
            const auto letter = static_cast<char>(code);
            m_word +=
                letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
        } else if (isOtherLetter(code)) {
            m_word += sign.bytes;
        } else {
            endWord();
        }
    }

    void takeHan(std::string_view sign)
    {
        if (!m_question) {
            m_words.emplace_back(sign);
        }
        if (!m_last.empty()) {
            m_words.push_back(m_last + std::string(sign));
        }
        m_last = sign;
        ++m_run;
    }

    void endRun()
    {
        if (m_question && m_run == 1) {
            m_words.push_back(m_last);
        }
        m_last.clear();
        m_run = 0;
    }

    void endWord()
    {
        if (!m_word.empty()) {
            m_words.push_back(std::move(m_word));
        }
        m_word.clear();
    }

    std::string_view m_text;
    bool m_question;
    std::vector<std::string> m_words;
    std::string m_word;
    std::string m_last; ///< sign of the run of Chinese that goes on
    int m_run = 0;
};

} // namespace

std::vector<std::string> wordsOfText(std::string_view text)
{
    return Reader(text, false).read();
}

std::vector<std::string> wordsOfQuestion(std::string_view text)
{
    auto words = Reader(text, true).read();
    std::ranges::sort(words);
    const auto rest = std::unique(words.begin(), words.end());
    words.erase(rest, words.end());
    return words;
}

} // namespace guichet::hub
