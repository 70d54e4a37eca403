// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/passport_scan.h"

#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include "peripherals/base/sealing.h"
#include "peripherals/host/data_group_reading.h"

namespace guichet::host {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

/// The command's own time-out ends the wait for a chip.
constexpr std::chrono::milliseconds kLongestWait = 24h * 7;
/// Of the front's picture, so that it and the largest DG2 that is read fit into one message.
constexpr std::size_t kMostBytesBesideFace = 400'000;

json image(const Secret<std::string>& base64)
{
    return base64.empty() ? json{{"status", "missing"}}
                          : json{{"status", "ok"}, {"data", base64.reveal()}};
}

/// Kept alive by the callbacks of the operation that runs.
class PassportScan final : public std::enable_shared_from_this<PassportScan> {
public:
    PassportScan(ChipReaders::Reader reader, std::string readerName, OpeningKey key,
                 const WantedImages& wanted, std::shared_ptr<xfs::Job> job)
        : m_reader(std::move(reader))
        , m_readerName(std::move(readerName))
        , m_key(std::move(key))
        , m_wanted(wanted)
        , m_job(std::move(job))
    {
    }

    void begin(HelperProcess& scanner)
    {
        m_job->onStop([scan = weak_from_this()](xfs::StopReason) {
            if (const auto running = scan.lock()) {
                running->stop();
            }
        });
        json arguments{{"front", m_wanted.front},
                       {"colour", m_wanted.colour},
                       {"recipients", {{m_readerName, m_reader.publicKey}}}};
        if (m_wanted.dataGroup2) {
            arguments["mostBytes"] = kMostBytesBesideFace;
        }
        perform(scanner, {"readImage", std::move(arguments)}, &PassportScan::seePage,
                &PassportScan::takePage);
    }

private:
    using OnEvent = void (PassportScan::*)(std::string_view name, const json& data);
    using OnDone = void (PassportScan::*)(const Result<json>& result);

    /// Under the lock, so that nothing begins once the command was stopped.
    void perform(HelperProcess& helper, HelperProcess::Operation operation, OnEvent onEvent,
                 OnDone onDone)
    {
        operation.onEvent = [self = shared_from_this(), onEvent](auto name, const json& data) {
            (*self.*onEvent)(name, data);
        };
        operation.onDone = [self = shared_from_this(), onDone](const Result<json>& result) {
            (*self.*onDone)(result);
        };
        std::unique_lock lock(m_mutex);
        if (!m_stopped) {
            m_helper = &helper;
            m_operation = helper.perform(std::move(operation));
            return;
        }
        lock.unlock();
        m_job->complete(
            xfs::failure({Errc::Cancelled, Remedy::None, "stopped before the next step"}));
    }

    void stop()
    {
        const std::scoped_lock lock(m_mutex);
        m_stopped = true;
        if (m_helper != nullptr) {
            m_helper->stop(m_operation);
        }
    }

    /// The scanner tells of a picture in words of the standard, of a zone in its own.
    void seePage(std::string_view name, const json& data)
    {
        if (name.find('.') != std::string_view::npos) {
            m_job->event(name, data);
        } else if (!m_wanted.front) {
            tellMedia(name != "showDocument");
        }
    }

    void tellMedia(bool there)
    {
        if (m_media != there) {
            m_media = there;
            m_job->event(there ? "Printer.MediaInsertedEvent" : "Printer.NoMediaEvent",
                         json::object());
        }
    }

    void takePage(const Result<json>& result)
    {
        if (!result) {
            return m_job->complete(xfs::failure(result.error()));
        }
        const auto ownKey = m_key.publicPem();
        if (!ownKey) {
            return m_job->complete(xfs::failure(ownKey.error()));
        }
        m_front = result->value("picture", std::string());
        const auto zones = result->value("zoneFor", json::object());
        m_media.reset();
        perform(*m_reader.helper,
                {"readDataGroups",
                 {{"sealedZone", zones.value(m_readerName, std::string())},
                  {"face", m_wanted.dataGroup2},
                  {"recipient", *ownKey},
                  {"timeoutMs", kLongestWait.count()}}},
                &PassportScan::seeChip, &PassportScan::takeChip);
    }

    void seeChip(std::string_view name, const json&)
    {
        m_chipBegun = m_chipBegun || name == "reading";
        if (name == "CardReader.InsertCardEvent") {
            tellMedia(false);
        } else if (name == "CardReader.MediaInsertedEvent") {
            tellMedia(true);
        }
    }

    void takeChip(const Result<json>& result)
    {
        const auto groups = result.and_then([this](const json& done) {
            return openDataGroups(m_key, done.value("sealed", std::string()));
        });
        m_job->complete(groups                            ? imagesOf(*groups)
                        : rejects(result, groups.error()) ? reject(groups.error())
                                                          : xfs::failure(groups.error()));
    }

    /// Whether it is the document's fault, not the reader's.
    [[nodiscard]] bool rejects(const Result<json>& read, const Error& error) const
    {
        return !read && m_chipBegun &&
               (error.code == Errc::Denied || error.code == Errc::Unsupported ||
                (error.code == Errc::Disconnected && error.remedy == Remedy::ReinsertCard));
    }

    [[nodiscard]] xfs::Completion reject(const Error& error) const
    {
        m_job->event("Printer.MediaRejectedEvent", {{"reason", "other"}});
        return xfs::commandError("mediaRejected", error);
    }

    [[nodiscard]] xfs::Completion imagesOf(const DataGroups& groups) const
    {
        auto images = json::object();
        if (m_wanted.front) {
            images["front"] = {{"status", "ok"}, {"data", m_front}};
        }
        if (m_wanted.dataGroup1) {
            images["passportDataGroup1"] = image(groups.zone);
        }
        if (m_wanted.dataGroup2) {
            images["passportDataGroup2"] = image(groups.face);
        }
        auto completion = xfs::success({{"images", std::move(images)}});
        completion.secret = true;
        return completion;
    }

    const ChipReaders::Reader m_reader;
    const std::string m_readerName;
    const OpeningKey m_key; ///< of this command, and gone with it
    const WantedImages m_wanted;
    const std::shared_ptr<xfs::Job> m_job;
    // Of the operations' callbacks, one at a time.
    std::optional<bool> m_media; ///< as it was last told in this step
    bool m_chipBegun = false;
    std::string m_front;
    std::mutex m_mutex;
    // Guarded by the mutex.
    bool m_stopped = false;
    HelperProcess* m_helper = nullptr; ///< of the operation that runs
    std::uint64_t m_operation = 0;     ///< its number there
};

} // namespace

void scanPassport(HelperProcess& scanner, const ChipReaders& readers, const std::string& reader,
                  const WantedImages& wanted, const std::shared_ptr<xfs::Job>& job)
{
    auto found = readers.find(reader);
    if (!found) {
        return job->complete(xfs::failure(found.error()));
    }
    auto key = OpeningKey::generate();
    if (!key) {
        return job->complete(xfs::failure(key.error()));
    }
    std::make_shared<PassportScan>(std::move(*found), reader, std::move(*key), wanted, job)
        ->begin(scanner);
}

} // namespace guichet::host
