// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "peripherals/net/http.h"
#include "queue/domain/branch.h"

/// What the pages' handlers answer with besides pages.
namespace guichet::hub {

/// What the address or else the browser asks for.
[[nodiscard]] std::string languageOf(const net::Request& request);
/// A customer's own page speaks the language of the ticket or booking unless asked otherwise.
[[nodiscard]] std::string languageOf(const net::Request& request, const std::string& own);

[[nodiscard]] net::Response seeOther(std::string location);
/// "/t/<token>", in the language that the request's address names.
[[nodiscard]] std::string ownAddress(const net::Request& request);

/// A page with one message of the outlet's words, `key` and `key`.do, and a way home.
[[nodiscard]] net::Response messagePage(const net::Request& request, int status,
                                        const queue::domain::BranchSettings& branch,
                                        const std::string& key);

} // namespace guichet::hub
