// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/kiosk_parts.h"

#include <QCoreApplication>
#include <optional>

#include "kiosk/app/case_entries.h"
#include "kiosk/bank/http_bank_host.h"
#include "queue/client/connection.h"

namespace guichet::kiosk {

queue::Client::Config hubConfig(const KioskConfig& config)
{
    queue::Client::Config result;
    result.url = config.hubUrl;
    result.bearer = config.bearer;
    result.branch = config.branch;
    result.authority = config.authority;
    result.certificate = config.certificate;
    result.key = config.key;
    return result;
}

namespace {

std::string evidenceFolder(const KioskConfig& config)
{
    return config.data + "/evidence";
}

std::optional<assist::TerminalCall::Recording> recordingSettings(const KioskConfig& config)
{
    if (config.recordKey.empty()) {
        return std::nullopt;
    }
    return assist::TerminalCall::Recording{.root = evidenceFolder(config),
                                           .terminal = config.terminal,
                                           .recipient = config.recordKey,
                                           .signer = config.key};
}

CallControl::Settings callSettings(const KioskConfig& config)
{
    auto program = QString::fromStdString(config.callProgram);
    if (!program.isEmpty() && !program.contains(QLatin1Char('/'))) {
        program.prepend(QCoreApplication::applicationDirPath() + QLatin1Char('/'));
    }
    QStringList arguments;
    const auto add = [&arguments](const char* option, const std::string& value) {
        if (!value.empty()) {
            arguments << QString::fromLatin1(option) << QString::fromStdString(value);
        }
    };
    add("--audio-source", config.audioSource);
    add("--audio-sink", config.audioSink);
    if (config.loopback) {
        arguments << QStringLiteral("--loopback");
    }
    return {.program = program,
            .arguments = arguments,
            .call = {.camera = config.cameraFrames,
                     .picture = config.data + "/staff.sock",
                     .recording = recordingSettings(config)}};
}

} // namespace

KioskParts::KioskParts(const KioskConfig& config, const Journeys& journeys, Journal& journal)
    : hub(hubConfig(config))
    , devices(config.publisherHost, config.publisherPort)
    , assist(hubConfig(config))
    , call(assist, callSettings(config))
    , evidence(config.recordKey.empty()
                   ? nullptr
                   : std::make_unique<CaseSender>(evidenceFolder(config),
                                                  queue::connection(hubConfig(config))))
    , camera(config.cameraFrames)
    , callPicture(callSettings(config).call.picture)
    , staff(assist, call)
    , help(assist, {.content = [this] { return staff.content(); },
                    .picture =
                        [this](const auto& handle) {
                            const auto* content = bankEffects.evidence(handle);
                            return content == nullptr ? nlohmann::json()
                                                      : pictureForStaff(*content);
                        },
                    .begin = [this](bool recorded) { call.begin(recorded); },
                    .recorded = !config.recordKey.empty()})
    , effects(journeys, hub, devices, help, config.publicUrl)
    , paper(effects, devices)
    , bankPort(std::make_unique<bank::HttpBankHost>(
          bank::HttpBankHost::Config{.url = config.bankUrl, .bearer = config.bankBearer}))
    , bankEffects(effects, bankPort, devices)
    , caseWatch({config, window, devices, assist, call, camera, staff, effects, bankEffects})
    , guided({assist, call, staff, effects, devices, caseWatch})
    , session({config, journeys, journal, effects, hub, devices, staff, window})
{
    QObject::connect(&window, &KioskWindow::livePictureWanted, &camera, &CameraPicture::watch);
    QObject::connect(&camera, &CameraPicture::changed, &window, &KioskWindow::setLivePicture);
    QObject::connect(&bankEffects, &BankEffects::advised, &window, &KioskWindow::setAdvice);
    QObject::connect(&window, &KioskWindow::handwritten, &bankEffects, &BankEffects::holdWriting);
    QObject::connect(&call, &CallControl::changed, &callPicture, [this] {
        callPicture.watch(call.video());
        if (evidence) {
            evidence->setOpen(call.written());
        }
    });
    QObject::connect(&call, &CallControl::pointedAt, &window, &KioskWindow::pointAt);
    QObject::connect(&callPicture, &CameraPicture::changed, &window, &KioskWindow::setCallPicture);
}

} // namespace guichet::kiosk
