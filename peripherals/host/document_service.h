// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "peripherals/host/document_prints.h"
#include "peripherals/host/helper_process.h"
#include "peripherals/xfs/service.h"

namespace guichet::host {

/// What our document printer offers to XFS4IoT clients: ready PDF documents on A4.
[[nodiscard]] xfs::ServiceDescription documentPrinterDescription();

/// One command of the document printer service: PrintNative, Reset. The description of a failure
/// begins with the outcome: refused (nothing came out), ended (no further page comes) or unknown.
/// Each PrintNative is a document of its own; /guichet/v1/printing prints under a client's id.
/// Helper and prints must outlive it.
void performDocumentCommand(HelperProcess& helper, DocumentPrints& prints,
                            const std::shared_ptr<xfs::Job>& job);

/// How a PrintNative ends whose document ended so.
[[nodiscard]] xfs::Completion documentCompletion(const DocumentEnd& end);

} // namespace guichet::host
