// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <unistd.h>

#include "peripherals/virtual/control.h"
#include "peripherals/virtual/options.h"
#ifdef GUICHET_WINDOW
#include "peripherals/virtual/window/run_window.h"
#endif

using namespace guichet;
using namespace guichet::virtualdevices;

namespace {

int sayNo(const Error& error, int status)
{
    std::cerr << "guichet-virtual-devices: " << error.detail << '\n';
    return status;
}

#ifdef GUICHET_WINDOW
bool hasDisplay()
{
    constexpr std::array kNames{"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"};
    return std::any_of(kNames.begin(), kNames.end(), [](const char* name) {
        return std::getenv(name) != nullptr; // NOLINT(concurrency-mt-unsafe): before any thread
    });
}
#endif

void waitForSignal(const sigset_t& signals)
{
    int got = 0;
    sigwait(&signals, &got);
}

} // namespace

int main(int count, char** values)
{
    const std::vector<std::string> arguments(values + 1, values + count);
    const auto options = parseOptions(arguments);
    if (!options) {
        return sayNo(options.error(), 2);
    }
    if (options->help) {
        std::cout << usage();
        return 0;
    }

    // Blocked before any thread starts, so that the one waiter gets them.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    auto world = World::start(options->world);
    if (!world) {
        return sayNo(world.error(), 1);
    }
    net::ServerConfig config;
    config.host = options->control.host;
    config.port = options->control.port;
    config.workers = 4;
    config.refuseOrigin = true;
    config.allowedPeerUids = {getuid()};
    auto control = net::Server::start(std::move(config), controlRoutes(**world));
    if (!control) {
        return sayNo(control.error(), 1);
    }
    std::cout << "control " << options->control.host << ':' << (*control)->port() << "\nprinter "
              << options->world.printer.host << ':' << (*world)->printer().port() << "\ncamera "
              << options->world.camera.host << ':' << (*world)->camera().port() << "\nresident "
              << options->world.resident.host << ':' << (*world)->resident().port() << "\ndocument "
              << options->world.document.host << ':' << (*world)->document().port() << "\nio "
              << options->world.io.host << ':' << (*world)->io().port() << '\n';
    if (auto* relay = (*world)->relay()) {
        std::cout << "relay " << options->world.relay->listen.host << ':' << relay->port() << '\n';
    }
    std::cout << "ready" << std::endl;

#ifdef GUICHET_WINDOW
    if (options->window && hasDisplay()) {
        return runWindow(**world, signals, count, values);
    }
#endif
    waitForSignal(signals);
    return 0;
}
