// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "peripherals/host/helper_process.h"
#include "peripherals/xfs/service.h"

namespace guichet::host {

/// What our document reader offers to XFS4IoT clients: pictures of what is laid before it, by
/// ReadImage of the Printer interface, as the standard models scanners of identity documents.
[[nodiscard]] xfs::ServiceDescription scannerDescription();

/// One command of the scanner service: ReadImage of the front, Reset. The helper must outlive it.
void performScannerCommand(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job);

} // namespace guichet::host
