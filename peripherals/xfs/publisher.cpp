// SPDX-License-Identifier: Apache-2.0
#include "peripherals/xfs/publisher.h"

#include <algorithm>
#include <map>
#include <mutex>

#include <spdlog/spdlog.h>

#include "peripherals/xfs/common_interface.h"
#include "peripherals/xfs/messages.h"
#include "peripherals/xfs/service.h"

namespace guichet::xfs {

using nlohmann::json;

namespace {

constexpr std::string_view kRoot = "xfs4iot/v1.0";

/// "XFS4IoT/v1.0/CardReader/" -> "xfs4iot/v1.0/cardreader"
std::string canonicalPath(std::string_view path)
{
    while (!path.empty() && path.back() == '/') {
        path.remove_suffix(1);
    }
    while (!path.empty() && path.front() == '/') {
        path.remove_prefix(1);
    }
    std::string lower(path);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

} // namespace

struct Publisher::Directory {
    std::string vendorName;
    std::map<std::string, Service*> services; ///< by canonical path

    void offer(std::string uri)
    {
        const std::lock_guard lock(m_mutex);
        m_uris.push_back(std::move(uri));
    }

    [[nodiscard]] std::vector<std::string> offered() const
    {
        const std::lock_guard lock(m_mutex);
        return m_uris;
    }

    [[nodiscard]] std::string answer(const Command& command) const
    {
        if (command.name != "ServicePublisher.GetServices" || !sameMajor(command.version, "2.0")) {
            return encodeCompletion(
                command, command.version,
                failure(CompletionCode::UnsupportedCommand, "a publisher answers GetServices"));
        }
        json list = json::array();
        for (const auto& uri : offered()) {
            list.push_back({{"serviceURI", uri}});
        }
        return encodeCompletion(
            command, "2.0", success({{"vendorName", vendorName}, {"services", std::move(list)}}));
    }

    void receive(net::Socket& socket, std::string_view text) const
    {
        const auto command = decodeCommand(text);
        if (!command) {
            spdlog::warn("xfs publisher: message refused: {}", command.error().detail);
            socket.send(encodeRefusal(command.error()));
            return;
        }
        socket.send(encodeAcknowledge(*command));
        socket.send(answer(*command));
    }

    [[nodiscard]] std::variant<net::SocketCallbacks, net::Response>
    accept(const std::shared_ptr<const Directory>& self, const std::string& path,
           std::shared_ptr<net::Socket> socket) const
    {
        if (path == kRoot) {
            return net::SocketCallbacks{
                [self, socket](std::string_view text) { self->receive(*socket, text); }, [] {}};
        }
        const auto found = services.find(path);
        if (found == services.end()) {
            return net::problem(404, "no-such-service", "no service under this path");
        }
        return found->second->accept(std::move(socket));
    }

private:
    mutable std::mutex m_mutex;
    std::vector<std::string> m_uris; ///< of a free port they are known only once it is open
};

Publisher::Publisher(std::shared_ptr<Directory> directory, std::unique_ptr<net::Server> server)
    : m_directory(std::move(directory))
    , m_server(std::move(server))
{
}

Publisher::~Publisher() = default;

Result<std::unique_ptr<Publisher>> Publisher::start(PublisherConfig config,
                                                    std::vector<Service*> services,
                                                    std::vector<OwnService> ownServices)
{
    Error last{Errc::Invalid, Remedy::None, "no port to try"};
    for (const auto port : config.ports) {
        auto directory = std::make_shared<Directory>();
        directory->vendorName = config.vendorName;
        for (Service* service : services) {
            directory->services[std::string(kRoot) + "/" + canonicalPath(service->name())] =
                service;
        }
        net::Router router;
        for (const auto& [path, handler] : ownServices) {
            router.socket(path, handler);
        }
        router.socket("/{rest*}", [directory](const net::Request& request,
                                              std::shared_ptr<net::Socket> socket) {
            return directory->accept(directory, canonicalPath(request.path), std::move(socket));
        });
        net::ServerConfig server;
        server.host = config.host;
        server.port = port;
        server.workers = 4;
        server.refuseOrigin = true;
        server.allowedPeerUids = config.allowedPeerUids;
        server.maxSocketMessage = kMaxMessageBytes;
        // Port 0 is for tests, which ask only after start has returned.
        const auto fill = [&directory, &config, &services](std::uint16_t known) {
            for (Service* service : services) {
                directory->offer("ws://" + config.host + ":" + std::to_string(known) + "/" +
                                 std::string(kRoot) + "/" + service->name());
            }
        };
        if (port != 0) {
            fill(port);
        }
        auto started = net::Server::start(std::move(server), std::move(router));
        if (!started) {
            last = std::move(started).error();
            continue;
        }
        if (port == 0) {
            fill((*started)->port());
        }
        return std::unique_ptr<Publisher>(new Publisher(std::move(directory), std::move(*started)));
    }
    return fail(std::move(last), "publisher");
}

std::uint16_t Publisher::port() const
{
    return m_server->port();
}

std::vector<std::string> Publisher::uris() const
{
    return m_directory->offered();
}

} // namespace guichet::xfs
