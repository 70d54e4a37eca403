// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "peripherals/host/helper_process.h"
#include "peripherals/xfs/service.h"

namespace guichet::host {

/// Performs one XFS4IoT command as one operation of a helper: the operation's events whose names
/// have a dot go to the client as they are, a stop of the command stops the operation, and
/// `completion` makes the command's end out of the operation's. The helper must outlive the job.
void performInHelper(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job,
                     HelperProcess::Operation operation,
                     std::function<xfs::Completion(const Result<nlohmann::json>&)> completion);

/// The command Reset of a device that has nothing to give back: the helper's operation "reset".
/// `failed` makes the command's end of why it did not work.
void resetInHelper(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job,
                   xfs::Completion (*failed)(const Error&) = xfs::failure);

} // namespace guichet::host
