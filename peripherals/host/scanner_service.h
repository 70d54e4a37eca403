// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "peripherals/host/chip_readers.h"
#include "peripherals/host/helper_process.h"
#include "peripherals/xfs/service.h"

namespace guichet::host {

/// What our document reader offers to XFS4IoT clients: pictures of what is laid before it, by
/// ReadImage of the Printer interface, as the standard models scanners of identity documents. With
/// the name of a card reader for their chips it offers data groups 1 and 2 of passports, too.
[[nodiscard]] xfs::ServiceDescription scannerDescription(const std::string& passportReader);

/// One command of the scanner service: ReadImage of the front, and of data groups if a passport
/// reader is named (see scanPassport); Reset. The helpers must outlive it.
void performScannerCommand(HelperProcess& helper, const ChipReaders& readers,
                           const std::string& passportReader, const std::shared_ptr<xfs::Job>& job);

} // namespace guichet::host
