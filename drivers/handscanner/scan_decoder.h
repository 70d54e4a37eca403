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
    [[nodiscard]] ScanAssembler& scans() { return m_scans; }

protected:
    ScanAssembler m_scans;
};

} // namespace guichet::handscanner
