// SPDX-License-Identifier: Apache-2.0
// usage: bench_sqlite FOLDER [SECONDS]    Rate of bare single-row commits (WAL, synchronous=FULL).
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

int main(int argc, char* argv[])
{
    if (argc < 2) {
        fmt::print(stderr, "usage: bench_sqlite FOLDER [SECONDS]\n");
        return 2;
    }
    using Clock = std::chrono::steady_clock;
    const auto file = std::filesystem::path(argv[1]) / "bench_sqlite.db";
    const auto wanted = std::chrono::seconds(argc > 2 ? std::atoi(argv[2]) : 3);
    sqlite3* database = nullptr;
    sqlite3_stmt* insert = nullptr;
    const bool ready =
        sqlite3_open(file.c_str(), &database) == SQLITE_OK &&
        sqlite3_exec(database,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                     "DROP TABLE IF EXISTS bench;"
                     "CREATE TABLE bench (id INTEGER PRIMARY KEY, text VARCHAR(100));",
                     nullptr, nullptr, nullptr) == SQLITE_OK &&
        sqlite3_prepare_v2(database, "INSERT INTO bench (text) VALUES (?)", -1, &insert, nullptr) ==
            SQLITE_OK;
    std::vector<double> milliseconds;
    const auto start = Clock::now();
    auto last = start;
    bool sound = ready;
    while (sound && last - start < wanted) {
        sqlite3_bind_text(insert, 1, "one row as long as a short ticket", -1, SQLITE_STATIC);
        sound = sqlite3_step(insert) == SQLITE_DONE;
        sqlite3_reset(insert);
        const auto now = Clock::now();
        milliseconds.push_back(std::chrono::duration<double, std::milli>(now - last).count());
        last = now;
    }
    if (!sound || milliseconds.empty()) {
        fmt::print(stderr, "bench_sqlite: {}\n", sqlite3_errmsg(database));
    }
    sqlite3_finalize(insert);
    sqlite3_close(database);
    for (const char* suffix : {"", "-wal", "-shm"}) {
        std::filesystem::remove(file.string() + suffix);
    }
    if (!sound || milliseconds.empty()) {
        return 1;
    }
    std::ranges::sort(milliseconds);
    const auto count = milliseconds.size();
    fmt::print("{{\"commitsPerSecond\":{:.0f},\"medianMs\":{:.3f},\"p99Ms\":{:.3f}}}\n",
               static_cast<double>(count) / std::chrono::duration<double>(last - start).count(),
               milliseconds[count / 2], milliseconds[count * 99 / 100]);
    return 0;
}
