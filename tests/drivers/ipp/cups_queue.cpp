// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/ipp/cups_queue.h"

#include <fstream>

#include <fmt/format.h>
#include <unistd.h>

namespace guichet::test {
namespace {

constexpr auto kFiles = R"(SystemGroup root
Sandboxing relaxed
ServerRoot {0}/root
CacheDir {0}/cache
StateDir {0}/state
RequestRoot {0}/spool
TempDir {0}/tmp
DataDir /usr/share/cups
ServerBin /usr/lib/cups
ServerKeychain {0}/root
AccessLog {0}/access
PageLog {0}/page
ErrorLog stderr
Printcap
)";

constexpr auto kDaemon = R"(LogLevel info
Listen 127.0.0.1:{}
Browsing No
WebInterface No
DefaultAuthType None
IdleExitTimeout 0
<Location />
  Order allow,deny
  Allow from 127.0.0.1
</Location>
<Policy default>
  JobPrivateAccess default
  JobPrivateValues default
  <Limit All>
    Order deny,allow
    Allow all
  </Limit>
</Policy>
)";

constexpr auto kPrinters = R"(<Printer statement>
Info statement
DeviceURI {}
State Idle
Accepting Yes
Shared No
JobSheets none none
ErrorPolicy abort-job
OpPolicy default
</Printer>
)";

} // namespace

CupsQueue::CupsQueue(const std::string& deviceUri)
{
    namespace fs = std::filesystem;
    const auto& folder = m_folder.path();
    const auto write = [&folder](const char* name, const std::string& text) {
        std::ofstream(folder / name) << text;
    };
    // What runs as lp must find its way through.
    fs::permissions(folder, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
    for (const auto* name : {"root", "cache", "state", "spool", "tmp"}) {
        fs::create_directory(folder / name);
    }
    const std::string user = ::geteuid() == 0 ? "User lp\nGroup lp\n" : "";
    write("cups-files.conf", user + fmt::format(kFiles, folder.string()));
    write("root/printers.conf", fmt::format(kPrinters, deviceUri));
    do { // another program may take the port first
        m_port = freePort();
        write("cupsd.conf", fmt::format(kDaemon, m_port));
        m_program = std::make_unique<Program>(
            std::vector<std::string>{"/usr/sbin/cupsd", "-f", "-c", folder / "cupsd.conf", "-s",
                                     folder / "cups-files.conf"},
            std::vector<std::string>{});
    } while (!m_program->says("Resuming new connection processing"));
}

std::string CupsQueue::uri() const
{
    return fmt::format("ipp://127.0.0.1:{}/printers/statement", m_port);
}

} // namespace guichet::test
