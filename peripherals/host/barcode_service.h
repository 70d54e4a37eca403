// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "peripherals/host/helper_process.h"
#include "peripherals/xfs/service.h"

namespace guichet::host {

/// What our code reader offers to XFS4IoT clients.
[[nodiscard]] xfs::ServiceDescription barcodeReaderDescription();

/// A hand scanner has the same commands; it reads what it is set to read, whatever is asked for.
[[nodiscard]] xfs::ServiceDescription handScannerDescription();

/// One command of the barcode reader service. The helper must outlive it.
void performBarcodeCommand(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job);

} // namespace guichet::host
