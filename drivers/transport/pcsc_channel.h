// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "peripherals/classes/card_channel.h"

namespace guichet::transport {

/// Takes the card in the reader of this exact name for ourselves, in one transaction. Retries for
/// about a second while another program holds it. Fails as CardReader::connect promises.
[[nodiscard]] Result<std::unique_ptr<CardChannel>> connectCard(const std::string& reader);

} // namespace guichet::transport
