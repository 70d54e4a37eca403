// SPDX-License-Identifier: Apache-2.0
#include "kiosk/engine/journal.h"

#include <QCoreApplication>
#include <QObject>
#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include "peripherals/base/bytes.h"
#include "peripherals/base/cipher.h"
#include "peripherals/base/random.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::kiosk {

namespace {

constexpr std::string_view kHeader = "guichet-journal 1 intl\n";
constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kMaxRecord = std::size_t{1} << 20U;

Error diskError(const std::string& step)
{
    return {Errc::Internal, Remedy::CallStaff, step + ": " + systemMessage(errno)};
}

Result<void> writeAll(int fd, ByteView bytes)
{
    while (!bytes.empty()) {
        const auto written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return tl::unexpected(diskError("journal: write"));
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Result<Bytes> readAll(const std::filesystem::path& path, std::size_t most)
{
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) {
        return tl::unexpected(diskError("journal: open"));
    }
    Bytes content;
    std::array<std::byte, 16384> block{};
    while (true) {
        const auto count = ::read(file.get(), block.data(), block.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return tl::unexpected(diskError("journal: read"));
        }
        if (count == 0) {
            return content;
        }
        content.insert(content.end(), block.begin(), block.begin() + count);
        if (content.size() > most) {
            return fail(Errc::Protocol, "journal: larger than any session's");
        }
    }
}

void syncFolder(const std::filesystem::path& folder)
{
    const UniqueFd handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (handle.get() >= 0) {
        ::fsync(handle.get());
    }
}

bool allZero(ByteView bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

/// The place of a record: what it is bound to besides the key.
std::string placeOf(std::uint64_t number)
{
    return std::string(kHeader) + std::to_string(number);
}

Result<Bytes> seal(const cipher::Key& key, std::uint64_t number, ByteView plain)
{
    const auto nonce = randomBytes(cipher::kNonce);
    const auto sealed = cipher::encrypt(key, nonce, asBytes(placeOf(number)), plain);
    if (!sealed) {
        return fail(Error(sealed.error()), "journal");
    }
    const auto size = static_cast<std::uint32_t>(nonce.size() + sealed->size());
    Bytes record;
    for (int shift = 24; shift >= 0; shift -= 8) {
        record.push_back(static_cast<std::byte>(size >> static_cast<unsigned>(shift)));
    }
    record.insert(record.end(), nonce.begin(), nonce.end());
    record.insert(record.end(), sealed->begin(), sealed->end());
    return record;
}

Result<QByteArray> unseal(const cipher::Key& key, std::uint64_t number, ByteView record)
{
    const auto plain = cipher::decrypt(key, record.first(cipher::kNonce), asBytes(placeOf(number)),
                                       record.subspan(cipher::kNonce));
    if (!plain) {
        return fail(Errc::Protocol,
                    "journal: record " + std::to_string(number) + " is not what was written");
    }
    const auto text = asText(plain->reveal());
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

struct JournalFile::State {
    std::filesystem::path folder;
    UniqueFd file;
    cipher::Key key;
    std::uint64_t count = 0;
    off_t size = 0;

    [[nodiscard]] std::filesystem::path path() const { return folder / "session.journal"; }
    [[nodiscard]] std::filesystem::path keyPath() const { return folder / "session.key"; }

    Result<void> begin();
    Result<std::vector<QByteArray>> load();
};

Result<void> JournalFile::State::begin()
{
    key = cipher::newKey();
    count = 0;
    const UniqueFd keyFile(
        ::open(keyPath().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (keyFile.get() < 0) {
        return tl::unexpected(diskError("journal key: open"));
    }
    if (auto written = writeAll(keyFile.get(), key.reveal()); !written) {
        return written;
    }
    file = UniqueFd(::open(path().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC,
                           S_IRUSR | S_IWUSR));
    if (file.get() < 0) {
        return tl::unexpected(diskError("journal: open"));
    }
    if (auto written = writeAll(file.get(), asBytes(kHeader)); !written) {
        return written;
    }
    size = static_cast<off_t>(kHeader.size());
    if (::fsync(keyFile.get()) != 0 || ::fsync(file.get()) != 0) {
        return tl::unexpected(diskError("journal: fsync"));
    }
    syncFolder(folder);
    return {};
}

Result<std::vector<QByteArray>> JournalFile::State::load()
{
    auto content = readAll(path(), 64 * kMaxRecord);
    if (!content) {
        return tl::unexpected(content.error());
    }
    auto keyBytes = readAll(keyPath(), cipher::kKey);
    if (!keyBytes || keyBytes->size() != cipher::kKey) {
        return fail(Errc::Protocol, "journal: its key is missing");
    }
    key = cipher::Key(std::move(*keyBytes));
    ByteReader reader(*content);
    const auto header = reader.take(kHeader.size());
    if (!header || asText(*header) != kHeader) {
        return fail(Errc::Protocol, "journal: no header of ours");
    }
    std::vector<QByteArray> records;
    size = static_cast<off_t>(kHeader.size());
    // The power may have gone while the last record was written: what is there of it is cut off.
    while (reader.left() >= kLengthBytes && !allZero(reader.rest())) {
        const auto length = reader.u32();
        if (*length < cipher::kNonce + cipher::kTag || *length > kMaxRecord) {
            return fail(Errc::Protocol, "journal: a record of impossible length");
        }
        const auto record = reader.take(*length);
        if (!record) {
            break;
        }
        auto plain = unseal(key, count, *record);
        if (!plain && reader.left() == 0) {
            break;
        }
        if (!plain) {
            return tl::unexpected(plain.error());
        }
        records.push_back(std::move(*plain));
        size += static_cast<off_t>(kLengthBytes + *length);
        ++count;
    }
    file = UniqueFd(::open(path().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    if (file.get() < 0 || ::ftruncate(file.get(), size) != 0) {
        return tl::unexpected(diskError("journal: cut the torn record"));
    }
    return records;
}

JournalFile::JournalFile(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}

JournalFile::~JournalFile() = default;

Result<JournalFile::Opened> JournalFile::open(const std::filesystem::path& folder)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return fail(Errc::Internal, "journal folder: " + error.message());
    }
    auto state = std::make_unique<State>();
    state->folder = folder;
    Opened opened;
    if (std::filesystem::exists(state->path(), error)) {
        auto records = state->load();
        if (!records) {
            return tl::unexpected(records.error());
        }
        opened.records = std::move(*records);
    }
    opened.file.reset(new JournalFile(std::move(state)));
    return opened;
}

Result<void> JournalFile::append(const QByteArray& record)
{
    if (m_state->file.get() < 0) {
        if (auto begun = m_state->begin(); !begun) {
            m_state->file = UniqueFd();
            return begun;
        }
    }
    const auto bytes =
        std::as_bytes(std::span(record.constData(), static_cast<std::size_t>(record.size())));
    const auto sealed = seal(m_state->key, m_state->count, bytes);
    if (!sealed) {
        return tl::unexpected(sealed.error());
    }
    auto written = writeAll(m_state->file.get(), *sealed);
    if (written && ::fdatasync(m_state->file.get()) != 0) {
        written = tl::unexpected(diskError("journal: fdatasync"));
    }
    if (!written) {
        if (::ftruncate(m_state->file.get(), m_state->size) != 0) {
            m_state->file = UniqueFd(); // the next append starts anew rather than after rubbish
        }
        return written;
    }
    m_state->size += static_cast<off_t>(sealed->size());
    ++m_state->count;
    return {};
}

Result<void> JournalFile::wipe()
{
    m_state->file = UniqueFd();
    m_state->key = cipher::Key();
    removeJournal(m_state->folder);
    std::error_code error;
    if (std::filesystem::exists(m_state->keyPath(), error) ||
        std::filesystem::exists(m_state->path(), error)) {
        return fail(Errc::Internal, "journal: could not be removed", Remedy::CallStaff);
    }
    return {};
}

void removeJournal(const std::filesystem::path& folder)
{
    const auto keyPath = folder / "session.key";
    if (const UniqueFd key(::open(keyPath.c_str(), O_WRONLY | O_CLOEXEC)); key.get() >= 0) {
        const Bytes zeros(cipher::kKey);
        if (writeAll(key.get(), zeros)) {
            ::fsync(key.get());
        }
    }
    std::error_code ignored;
    std::filesystem::remove(keyPath, ignored);
    std::filesystem::remove(folder / "session.journal", ignored);
    syncFolder(folder);
}

namespace {

class ThreadedJournal final : public Journal {
public:
    explicit ThreadedJournal(std::unique_ptr<JournalFile> file)
        : m_file(std::move(file))
        , m_thread([this](const std::stop_token& stop) { run(stop); })
    {
    }
    ~ThreadedJournal() override
    {
        m_thread.request_stop();
        m_changed.notify_all();
        m_thread.join();
    }
    ThreadedJournal(const ThreadedJournal&) = delete;
    ThreadedJournal& operator=(const ThreadedJournal&) = delete;

    void append(const QByteArray& record, Durable durable) override
    {
        post([this, record] { return m_file->append(record); }, std::move(durable));
    }
    void wipe(Durable durable) override
    {
        post([this] { return m_file->wipe(); }, std::move(durable));
    }

private:
    struct Job {
        std::function<Result<void>()> work;
        Durable durable;
    };

    void post(std::function<Result<void>()> work, Durable durable)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_jobs.push_back({std::move(work), std::move(durable)});
        }
        m_changed.notify_one();
    }

    void run(const std::stop_token& stop)
    {
        while (true) {
            Job job;
            {
                std::unique_lock lock(m_mutex);
                m_changed.wait(lock, stop, [this] { return !m_jobs.empty(); });
                if (m_jobs.empty()) {
                    return;
                }
                job = std::move(m_jobs.front());
                m_jobs.pop_front();
            }
            QMetaObject::invokeMethod(
                &m_owner,
                [stored = job.work(), durable = std::move(job.durable)] { durable(stored); },
                Qt::QueuedConnection);
        }
    }

    QObject m_owner; // lives on the owner's thread: its queued calls die with it
    std::unique_ptr<JournalFile> m_file;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Job> m_jobs;
    std::jthread m_thread;
};

} // namespace

std::unique_ptr<Journal> journalOnThread(std::unique_ptr<JournalFile> file)
{
    return std::make_unique<ThreadedJournal>(std::move(file));
}

} // namespace guichet::kiosk
