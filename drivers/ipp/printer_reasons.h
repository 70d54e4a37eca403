// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "peripherals/classes/document_printer.h"

/// What the words of printer-state-reasons mean: RFC 8011 section 5.4.12, the alerts of PWG 5100.9
/// and what CUPS adds. Pure.
namespace guichet::ipp {

/// Any text is a keyword; one without suffix is an Error. A word that is in no list is taken by its
/// ending ("output-mailbox-jam"), and is Unknown if that says nothing either. The kept keyword is
/// at most 127 characters, and what is not printable ASCII in it becomes '?'.
[[nodiscard]] DocumentPrinterReason parseReason(std::string_view keyword);

} // namespace guichet::ipp
