// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "peripherals/host/helper_process.h"
#include "peripherals/xfs/service.h"

namespace guichet::host {

/// What our card reader offers to XFS4IoT clients: a chip reader without motor or magnetic head.
[[nodiscard]] xfs::ServiceDescription cardReaderDescription();

/// One command of the card reader service. The helper must outlive the job.
void performCardCommand(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job);

} // namespace guichet::host
