// SPDX-License-Identifier: Apache-2.0
#include "kiosk/engine/journal.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QFile>
#include <QTemporaryDir>
#include <filesystem>

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::kiosk;

namespace {

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void overwrite(const QString& path, const QByteArray& content)
{
    QFile file(path);
    REQUIRE(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    REQUIRE(file.write(content) == content.size());
}

struct Folder {
    Folder()
    {
        auto opened = JournalFile::open(path);
        REQUIRE(opened);
        REQUIRE(opened->file->append("first record"));
        REQUIRE(opened->file->append("second record"));
    }
    QTemporaryDir folder;
    std::filesystem::path path = folder.path().toStdString();
    QString journal = folder.filePath(QStringLiteral("session.journal"));
    QString key = folder.filePath(QStringLiteral("session.key"));
};

} // namespace

TEST_CASE("journal: what was appended is read back by the next process, and goes on from there")
{
    const Folder folder;
    {
        auto again = JournalFile::open(folder.path);
        REQUIRE(again);
        CHECK(again->records == std::vector<QByteArray>{"first record", "second record"});
        REQUIRE(again->file->append("third record"));
    }
    auto third = JournalFile::open(folder.path);
    REQUIRE(third);
    CHECK(third->records.size() == 3);
}

TEST_CASE("journal: the file names its suite and shows nothing of its records")
{
    const Folder folder;
    const auto content = contentOf(folder.journal);
    CHECK(content.startsWith("guichet-journal 1 intl\n"));
    CHECK_FALSE(content.contains("record"));
    CHECK((QFile::permissions(folder.key) & (QFile::ReadGroup | QFile::ReadOther)) == 0);
}

TEST_CASE("journal: a record torn at any byte is cut off and the ones before it stand")
{
    const Folder folder;
    const auto whole = contentOf(folder.journal);
    const auto header = QByteArray("guichet-journal 1 intl\n").size();
    const auto first = header + 4 + 12 + 12 + 16;
    for (auto cut = header; cut < whole.size(); ++cut) {
        overwrite(folder.journal, whole.left(cut));
        const auto opened = JournalFile::open(folder.path);
        REQUIRE(opened);
        CHECK(opened->records.size() == (cut < first ? 0U : 1U));
    }
}

TEST_CASE("journal: a last record that the disk never got, or got as zeros, is cut off")
{
    const Folder folder;
    const auto whole = contentOf(folder.journal);
    const auto header = QByteArray("guichet-journal 1 intl\n").size();
    const auto first = header + 4 + 12 + 12 + 16;
    const auto zeros = QByteArray(whole.size() - first, '\0');
    const auto allocated = whole.mid(first, 4) + QByteArray(whole.size() - first - 4, '\0');
    for (const auto& tail : {zeros, allocated}) {
        overwrite(folder.journal, whole.left(first) + tail);
        const auto opened = JournalFile::open(folder.path);
        REQUIRE(opened);
        CHECK(opened->records.size() == 1);
    }
}

TEST_CASE("journal: a changed byte anywhere in the records is noticed")
{
    const Folder folder;
    const auto whole = contentOf(folder.journal);
    const auto header = QByteArray("guichet-journal 1 intl\n").size();
    for (auto at = header + 4; at < header + 4 + 12 + 12 + 16; ++at) {
        auto changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        overwrite(folder.journal, changed);
        const auto opened = JournalFile::open(folder.path);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().code == Errc::Protocol);
    }
}

TEST_CASE("journal: records cannot change places")
{
    QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    {
        auto journal = JournalFile::open(path);
        REQUIRE(journal);
        REQUIRE(journal->file->append("aaaa"));
        REQUIRE(journal->file->append("bbbb"));
    }
    const auto file = folder.filePath(QStringLiteral("session.journal"));
    const auto whole = contentOf(file);
    const qsizetype header = 23;
    const qsizetype size = 4 + 12 + 4 + 16;
    overwrite(file, whole.left(header) + whole.mid(header + size, size) + whole.mid(header, size));
    CHECK_FALSE(JournalFile::open(path));
}

TEST_CASE("journal: a wipe leaves neither records nor key, and the next session has a new key")
{
    const Folder folder;
    const auto oldKey = contentOf(folder.key);
    auto journal = JournalFile::open(folder.path);
    REQUIRE(journal);
    REQUIRE(journal->file->wipe());
    CHECK_FALSE(QFile::exists(folder.journal));
    CHECK_FALSE(QFile::exists(folder.key));
    REQUIRE(journal->file->append("another customer"));
    CHECK(contentOf(folder.key) != oldKey);
}

TEST_CASE("journal: the thread answers in order on the thread that asked")
{
    QTemporaryDir folder;
    auto opened = JournalFile::open(folder.path().toStdString());
    REQUIRE(opened);
    std::vector<int> order;
    const auto journal = journalOnThread(std::move(opened->file));
    for (int number = 0; number < 20; ++number) {
        journal->append("record", [&order, number](const Result<void>& stored) {
            CHECK(stored);
            order.push_back(number);
        });
    }
    while (order.size() < 20) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    CHECK(std::is_sorted(order.begin(), order.end()));
}
