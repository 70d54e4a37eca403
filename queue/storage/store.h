// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "queue/domain/branch.h"
#include "queue/storage/rows.h"

namespace guichet::queue::storage {

/// Makes a create repeatable: same scope, key and hash give the first response again.
struct RequestKey {
    std::string scope;
    std::string key;
    std::string hash;
};

/// What execute() answers when the command was done now or before.
struct Done {
    domain::Outcome outcome = {};
    std::string response = {}; ///< what `encode` gave, now or the first time
    bool repeated = false;
};
using StoreAnswer = tl::expected<Done, domain::Refusal>;

/// The public view, and what the metrics show of the storage.
struct Published {
    std::int64_t epoch = 1;
    domain::PublicView view = {};
};

struct StoreStats {
    std::uint64_t commands = 0; ///< done and committed
    std::uint64_t commits = 0;
    std::uint64_t refused = 0;
    std::uint64_t failedCommits = 0;
    std::uint64_t tickets = 0;
};

struct StoreOptions {
    std::filesystem::path folder;
    domain::BranchSettings branch;
    const Clock* clock = nullptr;
    std::int64_t maxPages = 0; ///< limit of the file, 0: none
    bool keepsOutbox = false;  ///< somebody delivers messages to customers
    /// Called after each commit on the writer's thread; must not block.
    std::function<void(std::shared_ptr<const Published>)> published = {};
};

/// The one writer of a branch. Commands that wait are executed together, each in a savepoint of one
/// transaction, committed once, and then answered: what is answered is on disk. The branch in
/// memory is the writer's working copy and is read from the rows again if a commit fails.
/// Thread-safe; calls block until their commit.
class Store {
public:
    using Encode = std::function<std::string(const domain::Branch&, const domain::Outcome&)>;
    using Read = std::function<void(const domain::Branch&)>;
    using Rewrite = std::function<Result<void>(Database&)>;

    /// Fails as Database::open does.
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(StoreOptions options);
    /// Answers what waits, then closes the file.
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    /// Refusals change nothing and are not remembered under the key.
    [[nodiscard]] StoreAnswer execute(domain::Command command, domain::Actor actor, Encode encode,
                                      std::optional<RequestKey> key = {});
    /// Shows the branch as of the last commit. Fails with Errc::Busy if the store is closing.
    [[nodiscard]] Result<void> read(const Read& read);
    /// A visit of any business day, as of the last commit; nullptr if there is none.
    [[nodiscard]] Result<std::unique_ptr<domain::Visit>> findVisit(const std::string& id);
    /// Changes other tables (staff) in a savepoint of the same transaction.
    [[nodiscard]] Result<void> rewrite(const Rewrite& change);

    [[nodiscard]] std::shared_ptr<const Published> published() const;
    [[nodiscard]] StoreStats stats() const;

private:
    class Writer;
    explicit Store(std::unique_ptr<Writer> writer);
    std::unique_ptr<Writer> m_writer;
};

} // namespace guichet::queue::storage
