// SPDX-License-Identifier: Apache-2.0
#include "drivers/handscanner/line_decoder.h"

#include <utility>

namespace guichet::handscanner {

std::optional<Ending> endingFromName(std::string_view name)
{
    if (name == "cr") {
        return Ending::Cr;
    }
    if (name == "lf") {
        return Ending::Lf;
    }
    if (name == "crlf") {
        return Ending::CrLf;
    }
    return std::nullopt;
}

void LineDecoder::feed(ByteView bytes)
{
    for (const auto each : bytes) {
        take(static_cast<char>(each));
    }
}

void LineDecoder::take(char each)
{
    const auto before = std::exchange(m_before, each);
    switch (m_ending) {
    case Ending::Cr:
        if (each == '\r') {
            return m_scans.end();
        }
        if (each == '\n' && before == '\r') {
            return;
        }
        break;
    case Ending::Lf:
        if (each == '\n') {
            return m_scans.end();
        }
        break;
    case Ending::CrLf: // a CR waits until it is known what follows it
        if (before == '\r') {
            if (each == '\n') {
                return m_scans.end();
            }
            m_scans.add('\r');
        }
        if (each == '\r') {
            return;
        }
        break;
    }
    m_scans.add(each);
}

} // namespace guichet::handscanner
