// SPDX-License-Identifier: Apache-2.0
#include "drivers/handscanner/scan_assembler.h"

#include <utility>

namespace guichet::handscanner {

void ScanAssembler::add(char each)
{
    if (m_text.size() == kLongestScan) {
        return spoil("more than 8192 characters without an end");
    }
    m_text.push_back(each);
}

void ScanAssembler::end()
{
    const bool skip = std::exchange(m_skip, false);
    auto text = std::exchange(m_text, {});
    auto fault = std::exchange(m_fault, {});
    if (skip || (text.empty() && fault.empty())) {
        return;
    }
    if (fault.empty()) {
        m_done.emplace_back(std::move(text));
    } else {
        m_done.emplace_back(fail(Errc::Protocol, "hand scanner: " + fault, Remedy::Retry));
    }
}

void ScanAssembler::spoil(std::string why)
{
    if (m_fault.empty()) {
        m_fault = std::move(why);
    }
}

void ScanAssembler::startOver()
{
    m_done.clear();
    m_skip = inside();
}

void ScanAssembler::giveUp()
{
    if (inside()) {
        spoil(std::to_string(m_text.size()) +
              " characters and no end: set the scanner to end each code with Enter, or on a line "
              "with the character that ends_with names");
        end();
    }
}

std::optional<Result<std::string>> ScanAssembler::next()
{
    if (m_done.empty()) {
        return std::nullopt;
    }
    auto scan = std::move(m_done.front());
    m_done.pop_front();
    return scan;
}

} // namespace guichet::handscanner
