// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "peripherals/host/helper_process.h"
#include "peripherals/xfs/service.h"

namespace guichet::host {

/// What our document printer offers to XFS4IoT clients: ready PDF documents on A4.
[[nodiscard]] xfs::ServiceDescription documentPrinterDescription();

/// One command of the document printer service: PrintNative, ControlMedia, Reset. The description
/// of a failure begins with the outcome: refused (nothing came out), ended (no further page comes)
/// or unknown. The helper must outlive it.
void performDocumentCommand(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job);

} // namespace guichet::host
