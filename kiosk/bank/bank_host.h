// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "peripherals/base/bytes.h"
#include "peripherals/base/clock.h"
#include "peripherals/base/error.h"

/// The Bank Host API: what a kiosk asks of the bank's core system. openapi.json has its wire form.
namespace guichet::bank {

/// Who stands at the kiosk. Only the bank can read `sealed`.
struct SealedIdentity {
    enum class Kind { Card, Document };
    Kind kind = Kind::Card;
    std::string handle; ///< of this reading, UUID
    std::string sealed; ///< JWE, see peripherals/base/sealing.h
};

struct Customer {
    std::string id;    ///< good for what follows this identification, for nothing else
    std::string name;  ///< masked: "**明"
    std::string phone; ///< masked: "138****5621"; empty: the bank has none
};

/// What a change rests on. Its content goes to the bank once, changes name its handle.
struct Evidence {
    std::string kind;   ///< "identity", "face", "signature"
    std::string handle; ///< UUID
    [[nodiscard]] bool operator==(const Evidence&) const = default;
};

struct EvidenceContent {
    Evidence evidence;
    std::string mediaType; ///< "image/png", "application/json"
    Bytes data;
};

struct PhoneChange {
    std::string customer;
    std::string newPhone; ///< digits
    std::vector<Evidence> evidence;
};

struct Receipt {
    std::string reference; ///< "P000123", for the customer to keep
    std::string phone;     ///< the new one, masked
    Instant at{};
};

/// What the customer can do after a refusal.
enum class Way {
    IdentifyAgain, ///< with the card or the document
    OtherNumber,
    EvidenceAgain, ///< face and signature did not arrive
    Counter,       ///< only a member of staff can go on
};

/// The bank says no, and asking again the same changes nothing.
struct Refusal {
    std::string reason; ///< stable, "phone-unchanged"; for texts and the log
    Way way = Way::Counter;
};

using Lookup = std::variant<Customer, Refusal>;
using Change = std::variant<Receipt, Refusal>;

/// Every call waits for the bank. All fail with Errc::Timeout or Disconnected and Remedy::Wait
/// where the bank is away, Errc::Denied, Protocol or Invalid and Remedy::CallStaff where asking
/// again does not help.
class BankHost {
public:
    virtual ~BankHost() = default;
    [[nodiscard]] virtual Result<Lookup> lookUp(const SealedIdentity& identity) = 0;
    /// The same handle with the same content any number of times; Errc::Conflict with other
    /// content.
    [[nodiscard]] virtual Result<void> store(const EvidenceContent& content) = 0;
    /// The same `key` always gives the same answer, and one change at most.
    [[nodiscard]] virtual Result<Change> changePhone(const PhoneChange& change,
                                                     const std::string& key) = 0;
};

} // namespace guichet::bank
