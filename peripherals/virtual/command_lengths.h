// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "peripherals/base/bytes.h"

/// How long each ESC/POS command is. Real printers never skip an unknown command by guessing, and
/// so a byte too few or too many shows up as garbage on the paper here as well.
namespace guichet::virtualdevices {

struct CommandLength {
    enum class Kind {
        NeedHead, ///< `count` bytes of the command are needed to know more
        Whole,    ///< the head is complete and `count` bytes of data follow
        UntilNul, ///< the head is complete and data up to a 00 follows
        Images,   ///< FS q: `count` images follow, each with its own size
    };
    Kind kind = Kind::Whole;
    std::size_t count = 0;
};

/// `head` starts with ESC, FS, GS or DLE and holds what has arrived of the command's fixed part.
[[nodiscard]] CommandLength lengthOf(ByteView head);

} // namespace guichet::virtualdevices
