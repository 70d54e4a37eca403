// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <signal.h>
#include <unistd.h>

#include "peripherals/base/random.h"
#include "tests/support/shell.h"

using namespace guichet;
using guichet::test::Ran;
using guichet::test::run;

namespace {

const std::string kHub = GUICHET_BIN_DIR "/guichet-hub";
const std::string kKiosk = GUICHET_BIN_DIR "/guichet-kiosk";

class Folder {
public:
    Folder()
        : m_path(std::filesystem::temp_directory_path() / ("guichet-programs-" + randomUuid()))
    {
        std::filesystem::create_directories(m_path);
    }
    ~Folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string operator/(const std::string& name) const { return m_path / name; }

private:
    std::filesystem::path m_path;
};

/// guichet-hub as a process of its own.
class HubProcess {
public:
    HubProcess(const std::string& data, const std::string& listen)
    {
        int ends[2];
        REQUIRE(pipe(ends) == 0);
        m_pid = fork();
        REQUIRE(m_pid >= 0);
        if (m_pid == 0) {
            dup2(ends[1], STDOUT_FILENO);
            execl(kHub.c_str(), kHub.c_str(), "--listen", listen.c_str(), "--data", data.c_str(),
                  static_cast<char*>(nullptr));
            _exit(127);
        }
        close(ends[1]);
        std::string line;
        char byte = 0;
        while (read(ends[0], &byte, 1) == 1 && byte != '\n') {
            line += byte;
        }
        close(ends[0]);
        const auto at = line.rfind("https://");
        REQUIRE(at != std::string::npos);
        m_url = line.substr(at);
    }
    ~HubProcess() { kill(); }
    HubProcess(const HubProcess&) = delete;
    HubProcess& operator=(const HubProcess&) = delete;

    void kill()
    {
        if (m_pid > 0) {
            ::kill(m_pid, SIGKILL);
            waitpid(m_pid, nullptr, 0);
            m_pid = -1;
        }
    }
    [[nodiscard]] const std::string& url() const { return m_url; }
    [[nodiscard]] std::string address() const
    {
        return m_url.substr(std::string("https://").size());
    }

private:
    pid_t m_pid = -1;
    std::string m_url;
};

Ran init(const std::string& data, const std::string& password = "correct horse")
{
    return run("echo '" + password + "' | " + kHub + " init --data " + data +
               " --branch west --supervisor anna");
}

std::string codeFor(const std::string& data, const std::string& terminal)
{
    const auto made = run(kHub + " enrol-code --data " + data + " --terminal " + terminal);
    REQUIRE(made.status == 0);
    return made.output.substr(0, made.output.find('\n'));
}

Ran enrol(const std::string& code, const std::string& url, const std::string& terminalData)
{
    return run("QT_QPA_PLATFORM=offscreen ASAN_OPTIONS=detect_leaks=0 " + kKiosk + " --enrol " +
               code + " --hub " + url + " --data " + terminalData);
}

/// The status that a stranger's program, curl, gets with a terminal's identity.
std::string statusBy(const std::string& url, const std::string& identity)
{
    return run("curl -s -o /dev/null -w '%{http_code}' --cacert " + identity + " --cert " +
               identity + " --key " + identity + " " + url + "/v1/branches/west/queue")
        .output;
}

} // namespace

TEST_CASE("programs: an outlet is made, a terminal enrolled, the hub killed, the terminal revoked")
{
    const Folder folder;
    const auto data = folder / "hub";
    const auto made = init(data);
    INFO(made.output);
    REQUIRE(made.status == 0);
    CHECK(made.output.find("otpauth://totp/") != std::string::npos);
    CHECK(made.output.find("guichet-hub enrol-code") != std::string::npos);

    auto hub = std::make_unique<HubProcess>(data, "127.0.0.1:0");
    const auto url = hub->url();
    const auto address = hub->address();
    const auto code = codeFor(data, "k1");
    const auto enrolled = enrol(code, url, folder / "k1");
    INFO(enrolled.output);
    REQUIRE(enrolled.status == 0);
    CHECK(enrolled.output.find("enrolled as \"k1\"") != std::string::npos);
    const auto identity = folder / "k1/terminal.pem";
    CHECK(std::filesystem::status(identity).permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    CHECK(run("openssl verify -purpose sslclient -CAfile " + data + "/authority/authority.pem " +
              identity)
              .status == 0);
    CHECK(statusBy(url, identity) == "200");
    CHECK(enrol(code, url, folder / "k2").status == 1); // it was for one terminal, once
    CHECK_FALSE(std::filesystem::exists(folder / "k2/terminal.pem"));

    hub->kill();
    hub = std::make_unique<HubProcess>(data, address);
    CHECK(statusBy(url, identity) == "200");
    CHECK(run(kHub + " terminals --data " + data).output.find("k1") == 0);
    CHECK(run(kHub + " revoke --data " + data + " --terminal k1").status == 0);
    CHECK(statusBy(url, identity) == "401");
    hub->kill();
    hub = std::make_unique<HubProcess>(data, address);
    CHECK(statusBy(url, identity) == "401");
}

TEST_CASE("programs: init overwrites nothing, and says what is wrong in one line")
{
    const Folder folder;
    const auto data = folder / "hub";
    CHECK(init(data, "short").status == 1);
    CHECK_FALSE(std::filesystem::exists(data + "/authority/authority.pem"));
    REQUIRE(init(data).status == 0); // what was begun is finished
    const auto again = init(data);
    CHECK(again.status == 1);
    CHECK(again.output.find("is an outlet already") != std::string::npos);
    CHECK(again.output.find('\n') == again.output.size() - 1);
    CHECK(run(kHub + " init --data").status == 2);
    CHECK(run(kHub + " init --data " + data + " --password secret").status == 2);
    CHECK(run(kHub + " enrol-code --data " + data).status == 2);
    CHECK(run(kHub + " staff fire --data " + data).status == 2);
    CHECK(run(kHub + " enrol-code --data " + (folder / "none") + " --terminal k1").status == 1);
}

TEST_CASE("programs: an outlet's file that is there stays as it is")
{
    const Folder folder;
    const auto config = folder / "outlet.toml";
    std::ofstream(config) << "[branch]\nid = \"west\"\ntime_zone = \"Asia/Shanghai\"\n"
                             "services = [\"loans\"]\n[service.loans]\nseries = \"L\"\n";
    const auto made = run("echo 'correct horse' | " + kHub + " init --data " + (folder / "hub") +
                          " --supervisor anna --config " + config);
    INFO(made.output);
    CHECK(made.status == 0);
    CHECK(made.output.find("stays as it is") != std::string::npos);
    std::ifstream stream(config);
    const std::string text((std::istreambuf_iterator<char>(stream)), {});
    CHECK(text.find("loans") != std::string::npos);
}

TEST_CASE("programs: a code shown to another hub is not given away")
{
    const Folder folder;
    REQUIRE(init(folder / "hub").status == 0);
    REQUIRE(init(folder / "other").status == 0);
    const HubProcess other(folder / "other", "127.0.0.1:0");
    const auto refused = enrol(codeFor(folder / "hub", "k1"), other.url(), folder / "k1");
    CHECK(refused.status == 1);
    CHECK(refused.output.find("not the hub that gave the code") != std::string::npos);
}
