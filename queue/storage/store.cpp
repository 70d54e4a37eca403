// SPDX-License-Identifier: Apache-2.0
#include "queue/storage/store.h"

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace guichet::queue::storage {
namespace {

using domain::Refusal;
using domain::RefusalCode;

constexpr std::chrono::hours kKeyLife{24};
constexpr std::size_t kMostPerCommit = 512;

struct CommandJob {
    domain::Command command;
    domain::Actor actor;
    Store::Encode encode;
    std::optional<RequestKey> key;
    std::promise<StoreAnswer> promise = {};
    StoreAnswer answer = {};
};
struct ReadJob {
    const Store::Read* read;
    std::promise<Result<void>> promise = {};
};
struct FindJob {
    std::string id;
    std::promise<Result<std::unique_ptr<domain::Visit>>> promise = {};
    Result<std::unique_ptr<domain::Visit>> answer = {};
};
struct RewriteJob {
    const Store::Rewrite* change;
    std::promise<Result<void>> promise = {};
    Result<void> answer = {};
};
using Job = std::variant<CommandJob, ReadJob, FindJob, RewriteJob>;

tl::unexpected<Refusal> unavailable()
{
    return tl::unexpected(
        Refusal{RefusalCode::StorageUnavailable, "the hub cannot store now; nothing was changed"});
}

} // namespace

class Store::Writer {
public:
    static Result<std::unique_ptr<Writer>> open(StoreOptions options)
    {
        auto database = Database::open(options.folder / "queue.db", options.maxPages);
        if (!database) {
            return tl::unexpected(database.error());
        }
        auto rows = Rows::open(**database, options.branch.id, options.keepsOutbox);
        if (!rows) {
            return tl::unexpected(rows.error());
        }
        auto writer =
            std::make_unique<Writer>(std::move(options), std::move(*database), std::move(*rows));
        if (auto prepared = writer->prepare(); !prepared) {
            return tl::unexpected(prepared.error());
        }
        if (auto forgot = writer->forgetKeys(writer->m_options.clock->now()); !forgot) {
            return tl::unexpected(forgot.error());
        }
        if (auto loaded = writer->reload(); !loaded) {
            return tl::unexpected(loaded.error());
        }
        writer->publish();
        writer->m_thread = std::thread([raw = writer.get()] { raw->run(); });
        return writer;
    }

    Writer(StoreOptions options, std::unique_ptr<Database> database, std::unique_ptr<Rows> rows)
        : m_options(std::move(options))
        , m_database(std::move(database))
        , m_rows(std::move(rows))
    {
    }

    ~Writer()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_stopping = true;
        }
        m_wake.notify_one();
        if (m_thread.joinable()) {
            m_thread.join();
        }
    }

    template <typename Concrete> auto submit(Concrete job)
    {
        auto future = job.promise.get_future();
        bool idle = false;
        {
            const std::lock_guard lock(m_mutex);
            idle = m_waiting.empty();
            m_waiting.emplace_back(std::move(job));
        }
        if (idle) {
            m_wake.notify_one();
        }
        return future.get();
    }

    std::shared_ptr<const Published> published() const
    {
        const std::lock_guard lock(m_publishedMutex);
        return m_published;
    }

    StoreStats stats() const
    {
        const std::lock_guard lock(m_publishedMutex);
        return m_stats;
    }

private:
    void run()
    {
        std::vector<Job> batch;
        for (;;) {
            {
                std::unique_lock lock(m_mutex);
                m_wake.wait(lock, [this] { return m_stopping || !m_waiting.empty(); });
                if (m_waiting.empty()) {
                    return;
                }
                const auto count = std::min(m_waiting.size(), kMostPerCommit);
                const auto end = m_waiting.begin() + static_cast<std::ptrdiff_t>(count);
                batch.assign(std::make_move_iterator(m_waiting.begin()),
                             std::make_move_iterator(end));
                m_waiting.erase(m_waiting.begin(), end);
            }
            perform(batch);
            batch.clear();
        }
    }

    void perform(std::vector<Job>& batch)
    {
        m_pending = {};
        m_newKeys.clear();
        m_begun = false;
        bool sound = m_branch != nullptr || reload().has_value();
        for (auto& job : batch) {
            if (sound) {
                sound = std::visit([this](auto& concrete) { return perform(concrete); }, job);
            }
        }
        if (sound && m_begun) {
            sound = m_database->execute("COMMIT").has_value();
        }
        if (!sound) {
            undo();
        }
        {
            const std::lock_guard lock(m_publishedMutex);
            m_stats.refused += m_pending.refused;
            if (!sound) {
                ++m_stats.failedCommits;
            } else if (m_begun) {
                ++m_stats.commits;
                m_stats.commands += m_pending.commands;
                m_stats.tickets += m_pending.tickets;
            }
        }
        if (sound && m_pending.commands > 0) {
            publish();
        }
        for (auto& job : batch) {
            std::visit([this, sound](auto& concrete) { reply(concrete, sound); }, job);
        }
    }

    /// Gives up the transaction; the working copy is what the disk says.
    void undo()
    {
        if (m_begun) {
            static_cast<void>(m_database->execute("ROLLBACK")); // may have been rolled back already
        }
        for (const auto& key : m_newKeys) {
            m_keys.erase(key);
        }
        m_branch.reset();
        static_cast<void>(reload()); // tried again with the next batch
    }

    Result<void> reload()
    {
        auto state = m_rows->load(m_options.clock->now() - domain::kBookingMemory);
        if (!state) {
            return tl::unexpected(state.error());
        }
        auto keys = m_rows->loadKeys(Instant());
        if (!keys) {
            return tl::unexpected(keys.error());
        }
        m_keys = std::move(*keys);
        m_branch = std::make_unique<domain::Branch>(m_options.branch, std::move(*state));
        if (!m_anchored) {
            Instant latest = m_options.clock->now();
            for (const auto& [id, visit] : m_branch->visits()) {
                latest = std::max(latest, visit.place.ready);
            }
            m_anchor = latest;
            m_anchorTicks = m_options.clock->ticks();
            m_anchored = true;
        }
        return {};
    }

    /// Order follows the monotonic clock: a jump of the wall clock moves nobody.
    domain::Moment moment() const
    {
        const auto run = m_options.clock->ticks() - m_anchorTicks;
        return {m_anchor + std::chrono::duration_cast<std::chrono::milliseconds>(run),
                m_options.clock->now()};
    }

    /// Once, because every command needs them.
    Result<void> prepare()
    {
        for (auto* statement : {&m_savepoint, &m_release}) {
            auto prepared =
                m_database->prepare(statement == &m_savepoint ? "SAVEPOINT one" : "RELEASE one");
            if (!prepared) {
                return tl::unexpected(prepared.error());
            }
            *statement = std::move(*prepared);
        }
        return {};
    }

    bool begin()
    {
        if (!m_begun) {
            m_begun = m_database->execute("BEGIN IMMEDIATE").has_value();
        }
        return m_begun && m_savepoint->run().has_value();
    }

    bool perform(CommandJob& job)
    {
        if (job.key) {
            const auto known = m_keys.find({job.key->scope, job.key->key});
            if (known != m_keys.end()) {
                if (known->second.requestHash != job.key->hash) {
                    job.answer = tl::unexpected(
                        Refusal{RefusalCode::KeyReused, "the key was used for another request"});
                } else {
                    job.answer = Done{{}, known->second.response, true};
                }
                return true;
            }
        }
        const auto now = moment();
        auto outcome = m_branch->execute(job.command, job.actor, now);
        if (!outcome) {
            ++m_pending.refused;
            job.answer = tl::unexpected(std::move(outcome.error()));
            return true;
        }
        Done done{std::move(*outcome), {}, false};
        done.response = job.encode ? job.encode(*m_branch, done.outcome) : std::string();
        const bool changed = !done.outcome.entries.empty();
        if (!changed && !job.key) {
            job.answer = std::move(done);
            return true;
        }
        if (!begin()) {
            return false;
        }
        auto written = m_rows->write(*m_branch, done.outcome);
        if (written && std::holds_alternative<domain::OpenDay>(job.command)) {
            written = forgetKeys(now.wall);
            if (written) {
                written = m_rows->bookings().redact(now.wall - domain::kBookingMemory);
            }
        }
        if (written && job.key) {
            KeyRecord record{job.key->hash, done.response, now.wall};
            written = m_rows->writeKey(job.key->scope, job.key->key, record);
            std::pair key{job.key->scope, job.key->key};
            m_keys[key] = std::move(record);
            m_newKeys.push_back(std::move(key));
        }
        if (written) {
            written = m_release->run();
        }
        if (!written) {
            return recover(job, written.error());
        }
        ++m_pending.commands;
        m_pending.tickets += done.outcome.created && !done.outcome.visit.empty() ? 1 : 0;
        job.answer = std::move(done);
        return true;
    }

    /// A constraint said no to one command: only that one comes to nothing. Anything else ends
    /// the whole transaction.
    bool recover(CommandJob& job, const Error& error)
    {
        if (error.code != Errc::Conflict ||
            !m_database->execute("ROLLBACK TO one; RELEASE one").has_value()) {
            return false;
        }
        job.answer = unavailable();
        return reload().has_value();
    }

    /// Should the transaction fail, they are read again with everything else.
    Result<void> forgetKeys(Instant now)
    {
        const auto oldest = now - kKeyLife;
        auto forgot = m_rows->forgetKeys(oldest);
        if (forgot) {
            std::erase_if(m_keys, [&](const auto& entry) { return entry.second.created < oldest; });
        }
        return forgot;
    }

    bool perform(ReadJob&) { return true; }

    bool perform(FindJob& job)
    {
        if (const auto* visit = m_branch->visit(job.id)) {
            job.answer = std::make_unique<domain::Visit>(*visit);
        } else {
            job.answer = m_rows->findVisit(job.id);
        }
        return true;
    }

    bool perform(RewriteJob& job)
    {
        if (!begin()) {
            return false;
        }
        job.answer = (*job.change)(*m_database);
        if (!job.answer && !m_database->execute("ROLLBACK TO one")) {
            return false;
        }
        return m_release->run().has_value();
    }

    void reply(CommandJob& job, bool sound)
    {
        job.promise.set_value(sound ? std::move(job.answer) : StoreAnswer(unavailable()));
    }
    void reply(ReadJob& job, bool)
    {
        if (!m_branch) {
            job.promise.set_value(fail(Errc::Busy, "the branch cannot be read", Remedy::Wait));
            return;
        }
        (*job.read)(*m_branch);
        job.promise.set_value({});
    }
    void reply(FindJob& job, bool sound)
    {
        job.promise.set_value(sound ? std::move(job.answer)
                                    : Result<std::unique_ptr<domain::Visit>>(fail(
                                          Errc::Busy, "the store cannot be read", Remedy::Wait)));
    }
    void reply(RewriteJob& job, bool sound)
    {
        job.promise.set_value(
            sound ? std::move(job.answer)
                  : Result<void>(fail(Errc::Busy, "the store cannot be written", Remedy::Wait)));
    }

    void publish()
    {
        auto published = std::make_shared<const Published>(
            Published{m_rows->epoch(), m_branch->publicView(m_options.clock->now())});
        {
            const std::lock_guard lock(m_publishedMutex);
            m_published = published;
        }
        if (m_options.published) {
            m_options.published(std::move(published));
        }
    }

    StoreOptions m_options;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<Rows> m_rows;
    std::unique_ptr<Statement> m_savepoint, m_release;

    // The writer's own.
    std::unique_ptr<domain::Branch> m_branch;
    KeyRecords m_keys;
    std::vector<std::pair<std::string, std::string>> m_newKeys;
    StoreStats m_pending;
    bool m_begun = false;
    bool m_anchored = false;
    Instant m_anchor{};
    Ticks m_anchorTicks{};

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<Job> m_waiting;
    bool m_stopping = false;

    mutable std::mutex m_publishedMutex;
    std::shared_ptr<const Published> m_published;
    StoreStats m_stats;
    std::thread m_thread;
};

Store::Store(std::unique_ptr<Writer> writer)
    : m_writer(std::move(writer))
{
}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(StoreOptions options)
{
    std::error_code error;
    std::filesystem::create_directories(options.folder, error);
    if (error) {
        return fail(Errc::Busy, options.folder.string() + ": " + error.message());
    }
    auto writer = Writer::open(std::move(options));
    if (!writer) {
        return fail(std::move(writer).error(), "open the store");
    }
    return std::unique_ptr<Store>(new Store(std::move(*writer)));
}

StoreAnswer Store::execute(domain::Command command, domain::Actor actor, Encode encode,
                           std::optional<RequestKey> key)
{
    return m_writer->submit(
        CommandJob{std::move(command), std::move(actor), std::move(encode), std::move(key)});
}

Result<void> Store::read(const Read& read)
{
    return m_writer->submit(ReadJob{&read});
}

Result<std::unique_ptr<domain::Visit>> Store::findVisit(const std::string& id)
{
    return m_writer->submit(FindJob{id});
}

Result<void> Store::rewrite(const Rewrite& change)
{
    return m_writer->submit(RewriteJob{&change});
}

std::shared_ptr<const Published> Store::published() const
{
    return m_writer->published();
}
StoreStats Store::stats() const
{
    return m_writer->stats();
}

} // namespace guichet::queue::storage
