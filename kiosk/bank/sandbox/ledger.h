// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "kiosk/bank/bank_host.h"

namespace guichet::bank {

/// A customer as the sandbox's books have them, unmasked.
struct Account {
    std::string number; ///< of the customer
    std::string name;
    std::string phone;
    bool counterOnly = false; ///< only a member of staff may change the phone number
};

/// The sandbox's books, one SQLite file with synchronous=FULL. Thread-bound; every call may wait
/// for the disk and fails with Errc::Busy or Internal if that refuses.
class Ledger {
public:
    /// Fails with Errc::Busy if the file cannot be written, Errc::Invalid if it is not ours.
    [[nodiscard]] static Result<std::unique_ptr<Ledger>> open(const std::filesystem::path& file);
    ~Ledger();
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    /// Leaves one that is there as it is. `document`: a card's number or an identity number.
    [[nodiscard]] Result<void> add(const Account& account, const std::string& document);
    [[nodiscard]] Result<std::optional<Account>> byDocument(const std::string& document);

    /// A name for the customer that is good from this identification on; the same for the same
    /// `handle`.
    [[nodiscard]] Result<std::string> identify(const Account& account, const std::string& handle);
    struct Identified {
        Account account;
        std::string handle; ///< of the card or document
    };
    [[nodiscard]] Result<std::optional<Identified>> identified(const std::string& customer);

    /// False: the handle has other content already.
    [[nodiscard]] Result<bool> store(const EvidenceContent& content);
    [[nodiscard]] Result<bool> has(const Evidence& evidence);

    /// What was answered under a key.
    struct Answer {
        std::string requestHash;
        int status = 0;
        std::string body;
    };
    [[nodiscard]] Result<std::optional<Answer>> answered(const std::string& key);
    /// Keeps the answer under its key and, where there is a change, makes it: all or nothing.
    /// `made` turns the number of the change into the answer.
    struct Entry {
        Account account; ///< with its new phone
        Instant at{};
    };
    [[nodiscard]] Result<Answer>
    answer(const std::string& key, const std::string& requestHash,
           const std::optional<Entry>& change,
           const std::function<std::pair<int, std::string>(std::int64_t number)>& made);
    [[nodiscard]] Result<std::int64_t> changes();

private:
    struct State;
    explicit Ledger(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace guichet::bank
