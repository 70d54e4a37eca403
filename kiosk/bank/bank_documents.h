// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "kiosk/bank/bank_host.h"

/// The bodies of the Bank Host API, both ways: no I/O, safe to fuzz. Each decode function fails
/// with Errc::Invalid, naming the member and never its value.
namespace guichet::bank {

[[nodiscard]] std::string encode(const SealedIdentity& identity);
[[nodiscard]] std::string encode(const EvidenceContent& content);
[[nodiscard]] std::string encode(const PhoneChange& change);
[[nodiscard]] std::string encode(const Customer& customer);
[[nodiscard]] std::string encode(const Receipt& receipt);

[[nodiscard]] Result<SealedIdentity> decodeIdentity(std::string_view body);
/// Its handle is the path's.
[[nodiscard]] Result<EvidenceContent> decodeEvidence(std::string_view body, std::string handle);
/// Its customer is the path's.
[[nodiscard]] Result<PhoneChange> decodeChange(std::string_view body, std::string customer);
[[nodiscard]] Result<Customer> decodeCustomer(std::string_view body);
[[nodiscard]] Result<Receipt> decodeReceipt(std::string_view body);
/// A problem (RFC 9457) with the member "way". Without one it is no refusal of the bank.
[[nodiscard]] Result<Refusal> decodeRefusal(std::string_view body);

/// "otherNumber", as problems say it.
[[nodiscard]] std::string_view name(Way way);
/// Hexadecimal in five groups, lower case.
[[nodiscard]] bool isUuid(std::string_view text);
/// A mobile number of mainland China: 1, then 3 to 9, then nine digits.
[[nodiscard]] bool isMobileNumber(std::string_view digits);

} // namespace guichet::bank
