// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "peripherals/host/chip_readers.h"
#include "peripherals/host/helper_process.h"
#include "peripherals/xfs/service.h"

namespace guichet::host {

/// What a ReadImage wants of a document, at least one of its data groups among it.
struct WantedImages {
    bool front = false;
    bool colour = true; ///< of the front
    bool dataGroup1 = false;
    bool dataGroup2 = false;
};

/// ReadImage with data groups of a passport, one command over two helpers: the scanner reads the
/// page and seals its zone to the card reader, which opens the chip with it and seals the files to
/// a key of this command alone. So no other document's can ever be its answer. The job ends exactly
/// once: with the images, or as the step that failed. A chip that the zone does not open, that is
/// none of a travel document or that is torn out is mediaRejected. Every helper must outlive the
/// job, or until the service of the job is stopped.
void scanPassport(HelperProcess& scanner, const ChipReaders& readers, const std::string& reader,
                  const WantedImages& wanted, const std::shared_ptr<xfs::Job>& job);

} // namespace guichet::host
