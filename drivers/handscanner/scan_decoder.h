// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drivers/handscanner/scan_assembler.h"
#include "peripherals/base/bytes.h"

namespace guichet::handscanner {

/// Makes scans out of what a scanner sends, in pieces of any size. Pure.
class ScanDecoder {
public:
    virtual ~ScanDecoder() = default;
    virtual void feed(ByteView bytes) = 0;
    /// The scanner was plugged again: what it had begun will not end.
    void replugged()
    {
        forget();
        m_scans.giveUp();
    }
    [[nodiscard]] ScanAssembler& scans() { return m_scans; }

protected:
    /// What bytes so far mean for those to come.
    virtual void forget() = 0;

    ScanAssembler m_scans;
};

} // namespace guichet::handscanner
