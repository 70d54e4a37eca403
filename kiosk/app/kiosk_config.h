// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "peripherals/base/error.h"
#include "queue/client/terminal_identity.h"

namespace guichet::kiosk {

/// The kiosk's configuration file and command line, as plain values.
struct KioskConfig {
    std::string hubUrl = "http://127.0.0.1:8480";
    std::string publicUrl;             ///< what tickets link to; empty: hubUrl
    std::string bearer = "demo-kiosk"; ///< nobody's where there is a certificate
    std::string certificate = {};      ///< PEM files; empty: the identity in the data folder
    std::string key = {};
    std::string authority = {};
    std::string branch = "demo";
    std::string bankUrl = "http://127.0.0.1:8490"; ///< see kiosk/bank
    std::string bankBearer = "demo-kiosk";
    std::string publisherHost = "127.0.0.1";
    std::uint16_t publisherPort = 5846;
    std::string cameraFrames = "/var/lib/guichet/frames/camera.sock"; ///< of guichet-devices
    std::string data = "/var/lib/guichet/kiosk";
    std::string journeys; ///< a folder of journeys; empty: the built-in ones
    std::string language = "zh-CN";
    std::string sound = "default"; ///< ALSA device; empty: none
    /// Without a folder: beside this program. Empty: remote staff by words only.
    std::string callProgram = "guichet-call";
    std::string audioSource =
        {}; ///< of calls, as GStreamer describes it; empty: the default device
    std::string audioSink = {};
    /// PEM file: the bank's public key that calls are recorded for, of customers who agree; empty:
    /// nothing is recorded.
    std::string recordKey = {};
    /// How long a recorded call is kept.
    struct RetentionClass {
        std::int64_t months = 6;
        bool fromCall = true; ///< its time runs from the call on; else from when the bank says so
    };
    std::map<std::string, RetentionClass> retentionClasses = {};
    std::string usualClass = {}; ///< in a task that names none; empty: until somebody decides
    std::string terminal = "demo-kiosk"; ///< this terminal's name at the hub
    bool loopback = false;               ///< calls may go to this machine's own seats (demo)
    std::int64_t idleSeconds = 60;
    std::int64_t warningSeconds = 30;
    std::int64_t slowFactor = 3;
    std::int64_t alarmSeconds = 15;
};

/// Reads `path` over `config`. Fails with Errc::NotFound or Errc::Invalid, in one line.
[[nodiscard]] Result<void> readConfig(const std::filesystem::path& path, KioskConfig& config);

/// Takes hub, branch and certificate of an enrolled terminal, where `config` says nothing else; a
/// bearer token is then nobody's.
void applyIdentity(const queue::TerminalIdentity& identity, KioskConfig& config);

/// "127.0.0.1:5846". Fails with Errc::Invalid.
[[nodiscard]] Result<void> readPublisher(const std::string& text, KioskConfig& config);

} // namespace guichet::kiosk
