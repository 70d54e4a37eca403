// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/support/folder.h"

namespace guichet::test {

/// What cardpeek, a reader of cards that shares no code with us, makes of the card in the reader.
/// Its home is a folder of its own, where the questions of its first start have been answered. Its
/// time and its output are bounded: at the end of its answers it would ask the same for ever.
class Cardpeek {
public:
    /// Requires that it is installed.
    Cardpeek();

    /// Runs one of its own scripts, "emv.lua"; `answers`: a line for each of its questions. The
    /// tree of what it read, as XML: nothing stands there that it was only told.
    [[nodiscard]] std::string read(const std::string& script, const std::string& answers) const;

private:
    [[nodiscard]] std::string run(const std::string& answers, const std::string& reader,
                                  const std::string& lua) const;

    Folder m_home;
};

} // namespace guichet::test
