// SPDX-License-Identifier: Apache-2.0
#include "tests/support/coturn.h"

#include <array>
#include <csignal>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "peripherals/base/unique_handle.h"
#include "tests/support/shell.h"

namespace guichet::test {
namespace {

constexpr auto kConfiguration = GUICHET_SOURCE_DIR "/packaging/coturn/turnserver.conf";
constexpr auto kRealm = "turn.bank.example";

/// Of UDP and TCP, for as long as nobody else takes it.
int freePort()
{
    const UniqueFd tcp(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const UniqueFd udp(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(tcp.get(), generic, size) == 0);
    REQUIRE(::getsockname(tcp.get(), generic, &size) == 0);
    REQUIRE(::bind(udp.get(), generic, size) == 0);
    return ntohs(address.sin_port);
}

/// The bank's configuration with other values for what differs from machine to machine.
std::string configured(const std::map<std::string, std::string>& changes,
                       const std::set<std::string>& without)
{
    std::ifstream file(kConfiguration);
    std::ostringstream text;
    for (std::string line; std::getline(file, line);) {
        const auto key = line.substr(0, line.find('='));
        if (without.contains(key)) {
            continue;
        }
        const auto change = changes.find(key);
        text << (change == changes.end() ? line : key + "=" + change->second) << '\n';
    }
    return text.str();
}

} // namespace

Coturn::Coturn(const std::vector<std::string>& more, const std::set<std::string>& without)
    : m_certificate(m_folder.path() / "relay.pem")
    , m_port(freePort())
    , m_tlsPort(freePort())
{
    const auto key = (m_folder.path() / "relay.key").string();
    const auto made = run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                          "-days 2 -subj /CN=relay -addext subjectAltName=IP:127.0.0.1 -keyout " +
                          key + " -out " + m_certificate.string());
    REQUIRE(made.status == 0);
    const auto database = (m_folder.path() / "turndb").string();
    const auto secret = m_folder.file("turn.secret", kSecret).string();
    std::filesystem::permissions(secret, std::filesystem::perms::owner_read);
    // As packaging/coturn/README.md has it.
    const auto stored = run("sqlite3 " + database + " < /usr/share/coturn/schema.sql && " +
                            "printf \"INSERT INTO turn_secret VALUES ('" + kRealm +
                            "','%s');\" \"$(cat " + secret + ")\" | sqlite3 " + database);
    REQUIRE(stored.output.empty());
    auto text = configured({{"listening-ip", "127.0.0.1"},
                            {"relay-ip", "127.0.0.1"},
                            {"listening-port", std::to_string(m_port)},
                            {"tls-listening-port", std::to_string(m_tlsPort)},
                            {"aux-server", "127.0.0.1:" + std::to_string(freePort())},
                            {"cert", m_certificate.string()},
                            {"pkey", key},
                            {"userdb", database},
                            {"syslog", "no"}},
                           without);
    for (const auto& line : more) {
        text += line + "\n";
    }
    text += "verbose\n"; // it names who is given a way
    static_cast<void>(m_folder.file("turnserver.conf", text));
    start();
}

std::vector<std::string> Coturn::withBranches()
{
    return {"allow-loopback-peers", "allowed-peer-ip=127.0.0.1"};
}

std::string Coturn::url() const
{
    return "turn:127.0.0.1:" + std::to_string(m_port) + "?transport=udp";
}

std::filesystem::path Coturn::secretFile() const
{
    return m_folder.path() / "turn.secret";
}

std::size_t Coturn::allocations(std::string_view end) const
{
    return logged(end, "ALLOCATE processed, success");
}

std::size_t Coturn::refusals(std::string_view end) const
{
    return logged(end, "Cannot find credentials");
}

std::size_t Coturn::logged(std::string_view end, std::string_view words) const
{
    const auto name = ":" + std::string(end) + "-"; // the hub's user names are EXPIRY:END-ASSIST
    std::ifstream file(m_folder.path() / "relay.log");
    std::size_t count = 0;
    for (std::string line; std::getline(file, line);) {
        const bool both =
            line.find(name) != std::string::npos && line.find(words) != std::string::npos;
        count += both ? 1 : 0;
    }
    return count;
}

/// Coturn tells as a service of systemd does that it listens.
void Coturn::start()
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto place = (m_folder.path() / "ready").string();
    REQUIRE(place.size() < sizeof address.sun_path);
    std::memcpy(address.sun_path, place.c_str(), place.size());
    std::filesystem::remove(place);
    const UniqueFd ready(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const timeval limit{20, 0};
    REQUIRE(::setsockopt(ready.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0);
    REQUIRE(::bind(ready.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);

    const auto configuration = (m_folder.path() / "turnserver.conf").string();
    const auto log = (m_folder.path() / "relay.log").string();
    const auto pidFile = (m_folder.path() / "pid").string();
    const auto socketName = "NOTIFY_SOCKET=" + place;
    const auto parent = ::getpid();
    m_pid = ::fork();
    REQUIRE(m_pid >= 0);
    if (m_pid == 0) { // nothing that allocates: the test may have threads
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) {
            ::_exit(127);
        }
        const int out = ::open("/dev/null", O_WRONLY);
        ::dup2(out, STDOUT_FILENO);
        ::dup2(out, STDERR_FILENO);
        ::execl("/usr/bin/env", "env", socketName.c_str(), "turnserver", "-c",
                configuration.c_str(), "--pidfile", pidFile.c_str(), "--log-file", log.c_str(),
                "--simple-log", nullptr);
        ::_exit(127);
    }
    std::array<char, 200> said{};
    const auto count = ::recv(ready.get(), said.data(), said.size(), 0);
    REQUIRE(count > 0);
    REQUIRE(std::string_view(said.data(), static_cast<std::size_t>(count)).find("READY=1") !=
            std::string_view::npos);
}

void Coturn::kill()
{
    REQUIRE(::kill(m_pid, SIGKILL) == 0);
    REQUIRE(::waitpid(m_pid, nullptr, 0) == m_pid);
    m_pid = -1;
}

Coturn::~Coturn()
{
    if (m_pid > 0) {
        ::kill(m_pid, SIGTERM);
        ::waitpid(m_pid, nullptr, 0);
    }
}

std::string Coturn::client(const std::string& how, const TurnCredentials& credentials) const
{
    const auto ran = run("timeout 30 turnutils_uclient -c -n 1 -m 1 -u '" + credentials.username +
                         "' -w '" + credentials.password + "' " + how + " 127.0.0.1");
    return ran.output + "status " + std::to_string(ran.status) + "\n";
}

std::string Coturn::allocate(const TurnCredentials& credentials, const std::string& peer) const
{
    return client("-p " + std::to_string(m_port) + (peer.empty() ? " -y" : " -e " + peer),
                  credentials);
}

std::string Coturn::greetByTls() const
{
    return run("timeout 20 openssl s_client -connect 127.0.0.1:" + std::to_string(m_tlsPort) +
               " -CAfile " + m_certificate.string() + " < /dev/null")
        .output;
}

std::string Coturn::allocateOverTls(const TurnCredentials& credentials) const
{
    return client("-y -t -S -E " + m_certificate.string() + " -p " + std::to_string(m_tlsPort),
                  credentials);
}

} // namespace guichet::test
