// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/virtual/ipp_codec.h"

namespace guichet::virtualdevices {

enum class Tray { Full, Low, Out };

/// An A4 printer as IPP sees it (RFC 8011): takes PDF documents, prints one page after the other,
/// stops without paper and goes on when there is some. Thread-safe; has no thread: time passes when
/// somebody asks.
class OfficePrinter {
public:
    using Time = std::chrono::steady_clock::time_point;

    enum class JobState { Held = 4, Processing = 5, Stopped = 6, Cancelled = 7, Completed = 9 };
    struct Job {
        int number = 0;
        std::string name;
        JobState state = JobState::Held; ///< no document yet
        int pages = 0;
        int pagesOut = 0;
    };
    struct State {
        Tray tray = Tray::Full;
        bool coverOpen = false;
        std::chrono::milliseconds pageTime{};
        std::vector<Job> jobs; ///< the last hundred
    };

    /// `uri`: what it calls itself. `folder`: documents are kept there as N.pdf; empty: nowhere.
    explicit OfficePrinter(std::string uri, std::filesystem::path folder = {});

    /// One IPP message, one answer. Errc::Protocol: no IPP.
    [[nodiscard]] Result<std::string> answer(ByteView request, Time now);
    [[nodiscard]] State state(Time now);
    void load(Tray tray, Time now);
    void setCover(bool open, Time now);
    /// What a page takes from now on.
    void setPageTime(std::chrono::milliseconds time, Time now);

private:
    struct Entry {
        Job job;
        std::chrono::milliseconds printed{}; ///< time spent on it
        std::int32_t created = 0;
    };

    void passUntil(Time now);
    [[nodiscard]] Entry* find(int number);
    [[nodiscard]] bool stopped() const { return m_tray == Tray::Out || m_coverOpen; }
    [[nodiscard]] bool busy() const;
    [[nodiscard]] std::vector<std::string> reasons() const;
    [[nodiscard]] std::string jobUri(int number) const;
    void describePrinter(IppResponse& response, const IppRequest& request) const;
    void describeJob(IppResponse& response, const IppRequest& request, const Entry& entry) const;

    [[nodiscard]] std::string refuse(const IppRequest& request, std::uint16_t status,
                                     std::string_view message) const;
    [[nodiscard]] std::string getPrinter(const IppRequest& request);
    [[nodiscard]] std::string takeJob(const IppRequest& request, bool withDocument);
    /// The job has its document from now on.
    void feed(Entry& entry, ByteView document) const;
    [[nodiscard]] std::string takeDocument(const IppRequest& request);
    [[nodiscard]] std::string getJob(const IppRequest& request);
    [[nodiscard]] std::string getJobs(const IppRequest& request);
    [[nodiscard]] std::string cancel(const IppRequest& request);

    const std::string m_uri;
    const std::filesystem::path m_folder;
    std::mutex m_mutex;
    Tray m_tray = Tray::Full;
    bool m_coverOpen = false;
    std::chrono::milliseconds m_pageTime{400};
    const Time m_started = std::chrono::steady_clock::now();
    Time m_now = m_started;
    int m_lastJob = 0;
    std::vector<Entry> m_jobs;
};

/// How many pages a PDF has, by the count of its page tree; 1 if that cannot be told. Pure.
[[nodiscard]] int pagesOf(ByteView pdf);

} // namespace guichet::virtualdevices
