// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/document_server.h"

#include <utility>

namespace guichet::virtualdevices {

namespace {

constexpr std::size_t kMostBytes = std::size_t{32} << 20U;

net::Response answer(OfficePrinter& printer, const net::Request& request)
{
    if (request.header("Content-Type") != "application/ipp") {
        return net::problem(415, "no-ipp", "want application/ipp");
    }
    auto answer = printer.answer(asBytes(request.body), std::chrono::steady_clock::now());
    if (!answer) {
        return net::problem(400, "no-ipp", answer.error().detail);
    }
    net::Response response;
    response.contentType = "application/ipp";
    response.body = std::move(*answer);
    return response;
}

} // namespace

DocumentServer::DocumentServer(Endpoint endpoint, const std::filesystem::path& folder)
    : m_endpoint(std::move(endpoint))
    , m_printer("ipp://" + m_endpoint.host + "/ipp/print", folder)
{
}

Result<std::unique_ptr<DocumentServer>> DocumentServer::start(const Endpoint& listen,
                                                              const std::filesystem::path& folder)
{
    std::error_code failed;
    if (!folder.empty()) {
        std::filesystem::create_directories(folder, failed);
    }
    if (failed) {
        return fail(Errc::Denied, folder.string() + ": " + failed.message());
    }
    std::unique_ptr<DocumentServer> server(new DocumentServer(listen, folder));
    return server->plug(true).map([&server] { return std::move(server); });
}

Result<std::unique_ptr<net::Server>> DocumentServer::listen()
{
    net::ServerConfig config;
    config.host = m_endpoint.host;
    config.port = m_endpoint.port;
    config.workers = 2;
    net::Router router;
    router.add("POST", "/ipp/print",
               [this](const net::Request& request) { return answer(m_printer, request); },
               {.maxBody = kMostBytes});
    return net::Server::start(std::move(config), std::move(router));
}

bool DocumentServer::plugged() const
{
    const std::lock_guard lock(m_mutex);
    return m_server != nullptr;
}

Result<void> DocumentServer::plug(bool in)
{
    const std::lock_guard lock(m_mutex);
    if (!in) {
        m_server.reset();
        return {};
    }
    if (m_server) {
        return {};
    }
    auto server = listen();
    if (!server) {
        return tl::unexpected(std::move(server.error()));
    }
    m_server = std::move(*server);
    m_endpoint.port = m_server->port();
    return {};
}

} // namespace guichet::virtualdevices
