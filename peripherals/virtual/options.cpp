// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/options.h"

namespace guichet::virtualdevices {

namespace {

Result<void> readEndpoint(const std::string& option, const std::string& value, Endpoint& target)
{
    auto endpoint = parseEndpoint(value);
    if (!endpoint) {
        return fail(std::move(endpoint.error()), option);
    }
    target = std::move(*endpoint);
    return {};
}

Result<void> readRelay(const std::string& value, WorldConfig& world)
{
    const auto equals = value.find('=');
    if (equals == std::string::npos) {
        return fail(Errc::Invalid, "--relay: want LISTEN=TARGET");
    }
    WorldConfig::RelayEnds ends;
    if (auto read = readEndpoint("--relay", value.substr(0, equals), ends.listen); !read) {
        return read;
    }
    if (auto read = readEndpoint("--relay", value.substr(equals + 1), ends.target); !read) {
        return read;
    }
    world.relay = std::move(ends);
    return {};
}

} // namespace

Result<Options> parseOptions(std::span<const std::string> arguments)
{
    Options options;
    bool demo = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto& option = arguments[i];
        if (option == "--demo") {
            demo = true;
            continue;
        }
        if (option == "--no-window") {
            options.window = false;
            continue;
        }
        if (option == "--help") {
            options.help = true;
            return options;
        }
        const bool known = option == "--card" || option == "--printer" || option == "--control" ||
                           option == "--camera" || option == "--resident" ||
                           option == "--document" || option == "--io" || option == "--relay" ||
                           option == "--data";
        if (!known) {
            return fail(Errc::Invalid, option + ": no such option");
        }
        if (++i == arguments.size()) {
            return fail(Errc::Invalid, option + ": a value is missing");
        }
        const auto& value = arguments[i];
        Result<void> read;
        if (option == "--card") {
            read = readEndpoint(option, value, options.world.card);
        } else if (option == "--printer") {
            read = readEndpoint(option, value, options.world.printer);
        } else if (option == "--camera") {
            read = readEndpoint(option, value, options.world.camera);
        } else if (option == "--resident") {
            read = readEndpoint(option, value, options.world.resident);
        } else if (option == "--document") {
            read = readEndpoint(option, value, options.world.document);
        } else if (option == "--io") {
            read = readEndpoint(option, value, options.world.io);
        } else if (option == "--control") {
            read = readEndpoint(option, value, options.control);
        } else if (option == "--relay") {
            read = readRelay(value, options.world);
        } else {
            options.world.data = value;
        }
        if (!read) {
            return tl::unexpected(std::move(read.error()));
        }
    }
    if (demo && !options.world.relay) {
        options.world.relay = {{"127.0.0.1", 8481}, {"127.0.0.1", 8480}};
    }
    return options;
}

std::string usage()
{
    return "guichet-virtual-devices [--demo] [--data DIR] [--no-window] [--control HOST:PORT]\n"
           "    [--card HOST:PORT] [--printer HOST:PORT] [--camera HOST:PORT]\n"
           "    [--resident HOST:PORT] [--document HOST:PORT] [--io HOST:PORT]\n"
           "    [--relay LISTEN=TARGET]\n"
           "  --demo     as without, and a relay 127.0.0.1:8481=127.0.0.1:8480 to the hub\n"
           "  --data     what was printed is kept as DIR/tickets/NNN.png, DIR/documents/N.pdf\n"
           "  --card     where the vpcd driver of pcscd listens (127.0.0.1:35963)\n"
           "  --printer  where the printer listens (127.0.0.1:9100)\n"
           "  --camera   where the camera listens, http://HOST:PORT/stream.mjpg (127.0.0.1:8498)\n"
           "  --resident where the resident card reader listens, SDT frames (127.0.0.1:8497)\n"
           "  --document where the A4 printer listens, ipp://HOST:PORT/ipp/print (127.0.0.1:8631)\n"
           "  --io       where the I/O unit with doors and lights listens, Modbus TCP "
           "(127.0.0.1:8502)\n"
           "  --control  where the control API listens (127.0.0.1:8499)\n"
           "  Port 0 takes any free port and says which.\n";
}

} // namespace guichet::virtualdevices
