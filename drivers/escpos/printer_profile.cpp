// SPDX-License-Identifier: Apache-2.0
#include "drivers/escpos/printer_profile.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "drivers/escpos/packed_profiles.h"

namespace guichet::escpos {
namespace {

constexpr int kDeepest = 8; ///< profiles that inherit from one another
constexpr std::size_t kLongestCommand = 16;

template <typename Value, std::size_t Count>
using Words = std::array<std::pair<const char*, Value>, Count>;

constexpr Words<CutKind, 2> kCuts{{{"partial", CutKind::Partial}, {"full", CutKind::Full}}};
constexpr Words<RasterCommand, 2> kRasters{
    {{"gs-v-0", RasterCommand::GsV0}, {"gs-l", RasterCommand::GsL}}};
constexpr Words<StatusPage, 4> kPages{{{"printer", StatusPage::Printer},
                                       {"offline", StatusPage::OfflineCause},
                                       {"error", StatusPage::ErrorCause},
                                       {"paper", StatusPage::Paper}}};

template <typename Value, std::size_t Count>
std::optional<Value> meant(const Words<Value, Count>& words, std::string_view word)
{
    const auto found = std::find_if(words.begin(), words.end(),
                                    [word](const auto& entry) { return entry.first == word; });
    return found == words.end() ? std::nullopt : std::optional(found->second);
}

template <typename Value, std::size_t Count>
std::string_view wordOf(const Words<Value, Count>& words, Value value)
{
    const auto found = std::find_if(words.begin(), words.end(),
                                    [value](const auto& entry) { return entry.second == value; });
    return found == words.end() ? std::string_view() : found->first;
}

template <typename Value, std::size_t Count> std::string listed(const Words<Value, Count>& words)
{
    std::string all;
    for (const auto& [word, value] : words) {
        all.append(all.empty() ? "" : ", ").append(word);
    }
    return all;
}

/// The keys of one table.
class Reading {
public:
    Reading(ConfigFile& file, const std::string& table)
        : m_file(file)
        , m_table(table)
    {
    }

    void flag(const char* key, bool& target) { m_file.read(path(key), target); }

    void number(const char* key, int& target, int least, int most)
    {
        std::int64_t value = target;
        m_file.read(path(key), value, least, most);
        target = static_cast<int>(value);
    }

    template <typename Value, std::size_t Count>
    void word(const char* key, Value& target, const Words<Value, Count>& words)
    {
        std::string text(wordOf(words, target));
        m_file.read(path(key), text);
        if (const auto value = meant(words, text)) {
            target = *value;
        } else {
            m_file.refuse(path(key), "one of: " + listed(words));
        }
    }

    template <typename Value, std::size_t Count>
    void list(const char* key, std::vector<Value>& target, const Words<Value, Count>& words)
    {
        std::vector<std::string> texts;
        texts.reserve(target.size());
        for (const auto value : target) {
            texts.emplace_back(wordOf(words, value));
        }
        m_file.read(path(key), texts);
        target.clear();
        for (const auto& text : texts) {
            const auto value = meant(words, text);
            if (!value || std::find(target.begin(), target.end(), *value) != target.end()) {
                m_file.refuse(path(key), "a list of, each once: " + listed(words));
                return;
            }
            target.push_back(*value);
        }
    }

    void command(const char* key, Bytes& target)
    {
        auto text = toHex(target);
        m_file.read(path(key), text);
        auto bytes = fromHex(text);
        if (bytes && bytes->size() <= kLongestCommand) {
            target = std::move(*bytes);
        } else {
            m_file.refuse(path(key), fmt::format("up to {} bytes in hexadecimal", kLongestCommand));
        }
    }

    void refuse(const char* key, const char* legal) { m_file.refuse(path(key), legal); }

private:
    [[nodiscard]] std::string path(const char* key) const { return m_table + "." + key; }

    ConfigFile& m_file;
    const std::string& m_table;
};

void readPresenter(Reading& reading, std::optional<Presenter>& presenter)
{
    auto read = presenter.value_or(Presenter{});
    reading.command("present_command", read.present);
    reading.number("present_step", read.stepTenthsMm, 1, 1000);
    reading.number("present_mm", read.presentMm, 1, 300);
    reading.command("retract_command", read.retract);
    reading.command("expel_command", read.expel);
    reading.flag("ticket_sensor", read.ticketSensor);
    auto seconds = static_cast<int>(read.retractAfter.count());
    reading.number("retract_after_s", seconds, 0, 3600);
    read.retractAfter = std::chrono::seconds(seconds);
    if (read.present.empty()) {
        if (!(read == Presenter{})) {
            reading.refuse("present_command", "a presenter's command, or none of its other keys");
        }
        return;
    }
    if (read.retractAfter.count() > 0 && (!read.ticketSensor || read.retract.empty())) {
        reading.refuse("retract_after_s", "0, or a ticket_sensor and a retract_command");
    }
    presenter = std::move(read);
}

Result<ConfigFile> packed()
{
    return ConfigFile::parse(kPackedProfiles, "profiles.toml");
}

} // namespace

void readProfile(ConfigFile& file, const std::string& table, PrinterProfile& profile)
{
    Reading reading(file, table);
    reading.number("width_dots", profile.widthDots, 200, 2000);
    reading.number("rows_per_second", profile.rowsPerSecond, 100, 10'000);
    reading.word("raster", profile.raster, kRasters);
    reading.number("strip_rows", profile.stripRows, 1, 255);
    reading.list("cut", profile.cuts, kCuts);
    reading.flag("process_id", profile.askForProcessId);
    reading.flag("automatic_status", profile.automaticStatus);
    reading.list("status_pages", profile.statusPages, kPages);
    if (profile.statusPages.empty()) {
        reading.refuse("status_pages", "at least one page");
    }
    reading.flag("near_end_sensor", profile.nearEndSensor);
    reading.flag("native_qr", profile.nativeQr);
    readPresenter(reading, profile.presenter);
}

Result<PrinterProfile> profileFrom(ConfigFile file, std::string_view name)
{
    const auto names = file.tables();
    std::map<std::string, std::string> parents;
    for (const auto& each : names) {
        auto& parent = parents[each];
        const auto key = each + ".inherits";
        file.read(key, parent);
        if (!parent.empty() && std::find(names.begin(), names.end(), parent) == names.end()) {
            file.refuse(key, "a profile of this file");
        }
    }
    std::optional<PrinterProfile> found;
    for (const auto& each : names) {
        std::vector<std::string> line{each};
        while (line.size() <= kDeepest && !parents[line.back()].empty()) {
            line.push_back(parents[line.back()]);
        }
        if (line.size() > kDeepest) {
            file.refuse(each + ".inherits", "no circle");
            line.resize(1);
        }
        PrinterProfile profile;
        for (auto table = line.rbegin(); table != line.rend(); ++table) {
            readProfile(file, *table, profile);
        }
        if (each == name) {
            found = std::move(profile);
        }
    }
    if (auto checked = file.finish(); !checked) {
        return tl::unexpected(checked.error());
    }
    return found ? Result<PrinterProfile>(std::move(*found))
                 : fail(Errc::NotFound, fmt::format("no printer profile {}", name));
}

Result<PrinterProfile> profileNamed(std::string_view name)
{
    return packed().and_then(
        [name](ConfigFile&& file) { return profileFrom(std::move(file), name); });
}

std::string profileNames()
{
    std::string all;
    if (const auto file = packed()) {
        for (const auto& name : file->tables()) {
            all.append(all.empty() ? "" : " ").append(name);
        }
    }
    return all;
}

PrinterTraits traitsOf(const PrinterProfile& profile)
{
    PrinterTraits traits;
    traits.widthDots = profile.widthDots;
    traits.usualCut = profile.cuts.empty() ? CutKind::None : profile.cuts.front();
    if (profile.presenter) {
        traits.presenter = true;
        traits.retract = !profile.presenter->retract.empty();
        traits.expel = !profile.presenter->expel.empty();
        traits.takenSensor = profile.presenter->ticketSensor;
        traits.retractAfter = profile.presenter->retractAfter;
    }
    std::string cuts;
    for (const auto cut : profile.cuts) {
        cuts.append(cuts.empty() ? " cut " : " or ").append(wordOf(kCuts, cut));
    }
    traits.abilities = fmt::format("{} dots, pictures by {},{}{}{}", profile.widthDots,
                                   profile.raster == RasterCommand::GsL ? "GS ( L" : "GS v 0",
                                   cuts.empty() ? " tear bar" : cuts,
                                   profile.nativeQr ? ", QR codes of its own" : "",
                                   profile.presenter ? ", presenter" : "");
    return traits;
}

} // namespace guichet::escpos
