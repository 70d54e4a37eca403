// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>

#include <linux/input.h>

#include "peripherals/base/bytes.h"

namespace guichet::test {

inline Bytes record(int type, int code, int value)
{
    input_event event{};
    event.type = static_cast<__u16>(type);
    event.code = static_cast<__u16>(code);
    event.value = value;
    const auto bytes = std::as_bytes(std::span(&event, 1));
    return {bytes.begin(), bytes.end()};
}

inline Bytes operator+(Bytes left, const Bytes& right)
{
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

inline Bytes down(int code)
{
    return record(EV_MSC, MSC_SCAN, 0x70004) + record(EV_KEY, code, 1) +
           record(EV_SYN, SYN_REPORT, 0);
}

inline Bytes up(int code)
{
    return record(EV_KEY, code, 0) + record(EV_SYN, SYN_REPORT, 0);
}

/// Each key pressed and let go, as the kernel records a keyboard.
inline Bytes typed(std::initializer_list<int> codes)
{
    Bytes all;
    for (const int code : codes) {
        all = all + down(code) + up(code);
    }
    return all;
}

} // namespace guichet::test
