// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "peripherals/classes/card_reader.h"

namespace guichet::transport {

/// Names of the readers that PC/SC knows now; empty if there is none.
/// Errc::Disconnected with ReconnectCable: pcscd does not run.
[[nodiscard]] Result<std::vector<std::string>> pcscReaders();

/// A reader of PC/SC, chosen by chooseReader() whenever it is looked for: neither it nor pcscd has
/// to be there yet, and both may come and go.
[[nodiscard]] std::unique_ptr<CardReader> makePcscReader(std::string wanted);

} // namespace guichet::transport
