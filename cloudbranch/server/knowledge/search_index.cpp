// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/knowledge/search_index.h"

#include <algorithm>
#include <cmath>

#include "cloudbranch/server/knowledge/search_words.h"

namespace guichet::hub {

namespace {

constexpr double kHeading = 3, kSaturation = 1.2, kLength = 0.75; ///< BM25's usual k1 and b
constexpr double kLeastShare = 0.5;

} // namespace

std::size_t SearchIndex::add(std::string_view heading, std::string_view body)
{
    const auto text = m_lengths.size();
    std::map<std::string, double> counts;
    for (auto& word : wordsOfText(heading)) {
        counts[std::move(word)] += kHeading;
    }
    for (auto& word : wordsOfText(body)) {
        counts[std::move(word)] += 1;
    }
    double length = 0;
    for (const auto& [word, count] : counts) {
        m_hits[word].push_back({text, count});
        length += count;
    }
    m_lengths.push_back(length);
    m_length += length;
    return text;
}

std::vector<std::size_t> SearchIndex::find(std::string_view question) const
{
    struct Score {
        double points = 0; ///< BM25
        double share = 0;  ///< weight of the question's words that are there
    };
    const auto many = static_cast<double>(m_lengths.size());
    std::map<std::size_t, Score> scores;
    double whole = 0;
    for (const auto& word : wordsOfQuestion(question)) {
        const auto hits = m_hits.find(word);
        if (hits == m_hits.end()) {
            continue; // a particle, or half of two words; nobody wrote of it
        }
        const auto found = static_cast<double>(hits->second.size());
        const double weight = std::log(1 + (many - found + 0.5) / (found + 0.5));
        whole += weight;
        for (const auto& hit : hits->second) {
            const double length = m_lengths[hit.text] * many / m_length;
            auto& score = scores[hit.text];
            score.share += weight;
            score.points += weight * hit.count * (kSaturation + 1) /
                            (hit.count + kSaturation * (1 - kLength + kLength * length));
        }
    }
    std::vector<std::size_t> answers;
    for (const auto& [text, score] : scores) {
        if (score.share >= kLeastShare * whole) {
            answers.push_back(text);
        }
    }
    std::ranges::stable_sort(answers, [&scores](std::size_t left, std::size_t right) {
        return scores.at(left).points > scores.at(right).points;
    });
    return answers;
}

} // namespace guichet::hub
