// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "peripherals/base/error.h"

namespace guichet::kiosk {

/// Where a session's events are kept until its end.
class Journal {
public:
    using Durable = std::function<void(const Result<void>& stored)>;

    virtual ~Journal() = default;
    /// Stores `record` and then calls `durable` on the caller's thread, in the order of the calls.
    /// After a failure (disk full) the record is not kept.
    virtual void append(const QByteArray& record, Durable durable) = 0;
    /// Removes everything stored so far, and the key it was written with.
    virtual void wipe(Durable durable) = 0;
};

/// Append-only file of encrypted records: header "guichet-journal 1 intl", then for each record a
/// length, a nonce and AES-256-GCM bytes bound to their place. A key of its own, made with the file
/// and destroyed with it. Thread-bound; every call may wait for the disk.
class JournalFile {
public:
    struct Opened;
    /// Opens or makes `folder`/session.journal and .key and reads what is there. A torn last record
    /// is cut off. Fails with Errc::Protocol if the file is not ours or was changed, Errc::Internal
    /// if the disk refuses.
    [[nodiscard]] static Result<Opened> open(const std::filesystem::path& folder);
    ~JournalFile();
    JournalFile(const JournalFile&) = delete;
    JournalFile& operator=(const JournalFile&) = delete;

    /// On disk (fsync) when it returns. Fails with Errc::Internal and leaves the file as it was.
    [[nodiscard]] Result<void> append(const QByteArray& record);
    /// Removes file and key; the next append starts a new file with a new key.
    [[nodiscard]] Result<void> wipe();

private:
    struct State;
    explicit JournalFile(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

struct JournalFile::Opened {
    std::unique_ptr<JournalFile> file;
    std::vector<QByteArray> records; ///< of a session that did not end
};

/// Removes a journal that cannot be opened, and its key.
void removeJournal(const std::filesystem::path& folder);

/// A JournalFile on a thread of its own. Created on the thread that uses it.
[[nodiscard]] std::unique_ptr<Journal> journalOnThread(std::unique_ptr<JournalFile> file);

} // namespace guichet::kiosk
