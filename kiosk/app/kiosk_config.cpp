// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/kiosk_config.h"

#include <charconv>

#include "peripherals/base/config.h"

namespace guichet::kiosk {

Result<void> readPublisher(const std::string& text, KioskConfig& config)
{
    const auto colon = text.rfind(':');
    std::uint16_t port = 0;
    const auto* end = text.data() + text.size();
    if (colon == std::string::npos || colon == 0 ||
        std::from_chars(text.data() + colon + 1, end, port).ptr != end || port == 0) {
        return fail(Errc::Invalid, "publisher: wants HOST:PORT, got \"" + text + "\"");
    }
    config.publisherHost = text.substr(0, colon);
    config.publisherPort = port;
    return {};
}

void applyIdentity(const queue::TerminalIdentity& identity, KioskConfig& config)
{
    const KioskConfig unsaid;
    if (config.hubUrl == unsaid.hubUrl) {
        config.hubUrl = identity.hub;
    }
    if (config.branch == unsaid.branch) {
        config.branch = identity.branch;
    }
    config.terminal = identity.name;
    config.bearer.clear();
    config.certificate = config.key = config.authority = identity.file;
}

namespace {

void readClasses(ConfigFile& file, KioskConfig& config)
{
    constexpr std::int64_t kMostMonths = 1200;
    std::vector<std::string> names;
    file.read("evidence.classes", names);
    for (const auto& name : names) {
        KioskConfig::RetentionClass one;
        std::string from = "call";
        file.read("class." + name + ".months", one.months, 1, kMostMonths);
        file.read("class." + name + ".from", from);
        if (from != "call" && from != "end") {
            file.refuse("class." + name + ".from", "\"call\", or \"end\" of the product");
        }
        one.fromCall = from == "call";
        config.retentionClasses[name] = one;
    }
    file.read("evidence.usual", config.usualClass);
    if (!config.usualClass.empty() && !config.retentionClasses.contains(config.usualClass)) {
        file.refuse("evidence.usual", "one of evidence.classes");
    }
}

} // namespace

Result<void> readConfig(const std::filesystem::path& path, KioskConfig& config)
{
    auto file = ConfigFile::open(path);
    if (!file) {
        return tl::unexpected(file.error());
    }
    std::string publisher;
    file->read("hub.url", config.hubUrl);
    file->read("hub.public_url", config.publicUrl);
    file->read("hub.bearer", config.bearer);
    file->read("hub.branch", config.branch);
    file->read("hub.certificate", config.certificate);
    file->read("hub.key", config.key);
    file->read("hub.authority", config.authority);
    file->read("bank.url", config.bankUrl);
    file->read("bank.bearer", config.bankBearer);
    file->read("devices.publisher", publisher);
    file->read("devices.camera_frames", config.cameraFrames);
    file->read("data", config.data);
    file->read("journeys", config.journeys);
    file->read("language", config.language);
    file->read("sound.device", config.sound);
    file->read("call.program", config.callProgram);
    file->read("call.audio_source", config.audioSource);
    file->read("call.audio_sink", config.audioSink);
    file->read("call.record_key", config.recordKey);
    file->read("call.loopback", config.loopback);
    readClasses(*file, config);
    file->read("timeouts.idle_s", config.idleSeconds, 10, 600);
    file->read("timeouts.warning_s", config.warningSeconds, 20, 300);
    file->read("timeouts.slow_factor", config.slowFactor, 1, 10);
    file->read("timeouts.card_alarm_s", config.alarmSeconds, 3, 120);
    if (auto read = file->finish(); !read) {
        return read;
    }
    return publisher.empty() ? Result<void>{} : readPublisher(publisher, config);
}

} // namespace guichet::kiosk
