// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "drivers/handscanner/scan_decoder.h"

namespace guichet::handscanner {

/// What a scanner sends after each code. Only that ends one: codes of driving licences and the like
/// have the other characters in their content.
enum class Ending {
    Cr, ///< an LF straight after it is no part of the next code
    Lf,
    CrLf,
};

/// "cr", "lf", "crlf".
[[nodiscard]] std::optional<Ending> endingFromName(std::string_view name);

/// Scanners that send characters: serial lines, sockets.
class LineDecoder final : public ScanDecoder {
public:
    explicit LineDecoder(Ending ending)
        : m_ending(ending)
    {
    }
    void feed(ByteView bytes) override;

private:
    void forget() override { m_before = 0; }
    void take(char each);

    Ending m_ending;
    char m_before = 0;
};

} // namespace guichet::handscanner
