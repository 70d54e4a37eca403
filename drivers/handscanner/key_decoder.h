// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "drivers/handscanner/scan_decoder.h"

namespace guichet::handscanner {

/// Scanners that type like a keyboard: takes the kernel's records (struct input_event of this
/// machine) as a keyboard of the United States. Enter ends a scan.
class KeyDecoder final : public ScanDecoder {
public:
    static constexpr std::size_t kRecordBytes = 24;

    void feed(ByteView bytes) override;

private:
    void forget() override;
    void record();
    void key(unsigned code, int value);
    void press(unsigned code);

    std::array<std::byte, kRecordBytes> m_record{}; ///< the record that is coming in
    std::size_t m_have = 0;
    bool m_leftShift = false;
    bool m_rightShift = false;
    bool m_capsLock = false;
};

} // namespace guichet::handscanner
