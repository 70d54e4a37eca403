// SPDX-License-Identifier: Apache-2.0
#include <QApplication>
#include <QCommandLineParser>
#include <QLoggingCategory>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "kiosk/app/kiosk_parts.h"
#include "kiosk/engine/journey_checker.h"
#include "kiosk/journeys/journeys.h"
#include "queue/client/identity_renewal.h"

Q_LOGGING_CATEGORY(lcKiosk, "kiosk.app")

namespace guichet::kiosk {

namespace {

int usage(const std::string& problem)
{
    std::fprintf(stderr, "guichet-kiosk: %s\n", problem.c_str());
    return 2;
}

int failure(const Error& error)
{
    std::fprintf(stderr, "guichet-kiosk: %s\n", error.detail.c_str());
    return 1;
}

struct Options {
    KioskConfig config;
    QSize size; ///< empty: the whole screen
    bool check = false;
    std::string enrolCode; ///< not empty: enrol and end
    bool enrolled = false; ///< the identity in the data folder is in use
};

/// The identity in the data folder, unless the configuration names certificate files itself.
Result<void> useIdentity(Options& options)
{
    if (!options.config.certificate.empty()) {
        options.config.bearer.clear();
        return {};
    }
    const auto identity = queue::loadIdentity(options.config.data);
    if (identity) {
        applyIdentity(*identity, options.config);
        options.enrolled = true;
    }
    const bool never = !identity && identity.error().code == Errc::NotFound;
    return identity || never ? Result<void>() : tl::unexpected(identity.error());
}

/// Reads the command line. On refusal says why and gives the exit code; Ok to go on gives options.
tl::expected<Options, int> readOptions()
{
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addVersionOption();
    const auto option = [&](const char* name, const char* what, const char* value) {
        QCommandLineOption added(QString::fromLatin1(name), QString::fromLatin1(what),
                                 QString::fromLatin1(value));
        parser.addOption(added);
        return added;
    };
    const auto configFile = option("config", "Configuration file.", "FILE");
    const auto data = option("data", "Folder for the session's journal.", "DIR");
    const auto hub = option("hub", "The hub's address.", "URL");
    const auto bank = option("bank", "The bank host's address.", "URL");
    const auto bearer = option("bearer", "The terminal's token at the hub.", "TOKEN");
    const auto enrol = option("enrol", "Enrol this terminal at --hub and end.", "CODE");
    const auto publisher = option("publisher", "Where the devices are.", "HOST:PORT");
    const auto camera = option("camera-frames", "The socket of the camera's frames.", "PATH");
    const auto windowed = option("windowed", "A window of that size.", "WxH");
    const QCommandLineOption check(QStringLiteral("check-journeys"),
                                   QStringLiteral("Check every journey and end."));
    parser.addOption(check);
    if (!parser.parse(QCoreApplication::arguments())) {
        return tl::unexpected(usage(parser.errorText().toStdString()));
    }
    if (parser.isSet(QStringLiteral("help"))) {
        parser.showHelp(0);
    }
    if (parser.isSet(QStringLiteral("version"))) {
        parser.showVersion();
    }
    if (!parser.positionalArguments().isEmpty()) {
        return tl::unexpected(usage("unknown argument \"" +
                                    parser.positionalArguments().first().toStdString() + "\""));
    }
    Options options;
    options.check = parser.isSet(check);
    const std::filesystem::path usual("/etc/guichet/guichet-kiosk.toml");
    const auto file = parser.isSet(configFile)
                          ? std::filesystem::path(parser.value(configFile).toStdString())
                          : usual;
    if (parser.isSet(configFile) || std::filesystem::exists(file)) {
        if (auto read = readConfig(file, options.config); !read) {
            return tl::unexpected(failure(read.error()));
        }
    }
    const auto replace = [&](const QCommandLineOption& from, std::string& target) {
        if (parser.isSet(from)) {
            target = parser.value(from).toStdString();
        }
    };
    replace(data, options.config.data);
    replace(hub, options.config.hubUrl);
    replace(bank, options.config.bankUrl);
    replace(bearer, options.config.bearer);
    replace(camera, options.config.cameraFrames);
    if (parser.isSet(publisher)) {
        if (auto read = readPublisher(parser.value(publisher).toStdString(), options.config);
            !read) {
            return tl::unexpected(usage(read.error().detail));
        }
    }
    if (parser.isSet(windowed)) {
        const auto parts = parser.value(windowed).split(QLatin1Char('x'));
        options.size = parts.size() == 2 ? QSize(parts[0].toInt(), parts[1].toInt()) : QSize();
        constexpr int kLeast = 200;
        constexpr int kMost = 10'000;
        if (std::min(options.size.width(), options.size.height()) < kLeast ||
            std::max(options.size.width(), options.size.height()) > kMost) {
            return tl::unexpected(usage("--windowed wants WxH, such as 1080x1920"));
        }
    }
    options.enrolCode = parser.value(enrol).toStdString();
    if (!options.enrolCode.empty()) {
        return options;
    }
    if (auto used = useIdentity(options); !used) {
        return tl::unexpected(failure(used.error()));
    }
    if (options.config.publicUrl.empty()) {
        options.config.publicUrl = options.config.hubUrl;
    }
    return options;
}

/// Prints what is wrong with one journey. True if nothing is.
bool check(const Journey& journey)
{
    const auto findings = checkJourney(journey);
    for (const auto& finding : findings.problems) {
        std::printf("%s: %s\n", qPrintable(journey.task), qPrintable(finding));
    }
    std::printf("%s: %d situations walked, %d faults executed, %d findings\n",
                qPrintable(journey.task), findings.situations, findings.faults,
                static_cast<int>(findings.problems.size()));
    return findings.problems.isEmpty();
}

int checkJourneys(const Journeys& journeys)
{
    const auto links = checkLinks(journeys);
    for (const auto& finding : links) {
        std::printf("%s\n", qPrintable(finding));
    }
    bool good = links.isEmpty();
    for (const auto& [task, journey] : journeys) {
        good = check(journey) && good;
    }
    return good ? 0 : 1;
}

/// The journal of the last session if it can still be read; otherwise a new one.
Result<JournalFile::Opened> openJournal(const std::filesystem::path& folder)
{
    auto opened = JournalFile::open(folder);
    if (!opened && opened.error().code == Errc::Protocol) {
        qCWarning(lcKiosk) << opened.error().detail.c_str();
        removeJournal(folder);
        opened = JournalFile::open(folder);
    }
    return opened;
}

int enrol(const Options& options)
{
    const auto& config = options.config;
    const auto identity = queue::enrolTerminal(config.data, config.hubUrl, options.enrolCode);
    if (!identity) {
        return failure(identity.error());
    }
    std::printf("guichet-kiosk: enrolled as \"%s\" at %s, good until %s and renewed by itself\n",
                identity->name.c_str(), identity->hub.c_str(),
                toRfc3339(identity->expires).c_str());
    return 0;
}

/// Nothing where there is nothing to renew.
std::unique_ptr<queue::IdentityRenewal> renewal(const Options& options, const Clock& clock,
                                                HubPort& hub, AssistPort& assist)
{
    if (!options.enrolled) {
        return nullptr;
    }
    const auto renewed = [&hub, &assist,
                          config = options.config](const queue::TerminalIdentity& identity) {
        qCInfo(lcKiosk) << "renewed, good until" << toRfc3339(identity.expires).c_str();
        QMetaObject::invokeMethod(
            &hub,
            [&hub, &assist, config] {
                hub.reconnect(hubConfig(config));
                assist.reconnect(hubConfig(config));
            },
            Qt::QueuedConnection);
    };
    const auto failed = [](const Error& error) {
        qCWarning(lcKiosk) << "not renewed:" << error.detail.c_str();
    };
    return std::make_unique<queue::IdentityRenewal>(
        options.config.data, clock, queue::IdentityRenewal::Callbacks{renewed, failed});
}

int run(const Options& options, const Journeys& journeys)
{
    const auto& config = options.config;
    auto opened = openJournal(config.data);
    if (!opened) {
        return failure(opened.error());
    }
    const auto journal = journalOnThread(std::move(opened->file));
    KioskParts parts(config, journeys, *journal);
    auto& window = parts.window;
    QObject::connect(&window, &KioskWindow::firstFrame, &window,
                     [] { qCInfo(lcKiosk) << "first frame"; });
    const SystemClock clock;
    const auto renewing = renewal(options, clock, parts.hub, parts.assist);
    if (!parts.session.begin(opened->records)) {
        return 1;
    }
    if (options.size.isEmpty()) {
        window.showFullScreen();
    } else {
        window.resize(options.size);
        window.show();
    }
    return QApplication::exec();
}

} // namespace

int runKiosk()
{
    const auto options = readOptions();
    if (!options) {
        return options.error();
    }
    if (!options->enrolCode.empty()) {
        return enrol(*options);
    }
    registerBuiltInJourneys();
    const auto folder = options->config.journeys.empty()
                            ? QStringLiteral(":/journeys")
                            : QString::fromStdString(options->config.journeys);
    const auto journeys = loadJourneys(folder);
    if (!journeys) {
        return failure(journeys.error());
    }
    return options->check ? checkJourneys(*journeys) : run(*options, *journeys);
}

} // namespace guichet::kiosk

int main(int argc, char* argv[])
{
    bool windowless = false;
    for (int index = 1; index < argc; ++index) {
        const std::string_view argument(argv[index]);
        windowless = windowless || argument == "--check-journeys" || argument == "--help" ||
                     argument == "--version" || argument.starts_with("--enrol");
    }
    std::unique_ptr<QCoreApplication> application;
    if (windowless) {
        application = std::make_unique<QCoreApplication>(argc, argv);
    } else {
        application = std::make_unique<QApplication>(argc, argv);
    }
    QCoreApplication::setApplicationName(QStringLiteral("guichet-kiosk"));
    QCoreApplication::setApplicationVersion(QStringLiteral(GUICHET_VERSION));
    return guichet::kiosk::runKiosk();
}
