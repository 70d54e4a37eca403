// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/ipp/eve_printer.h"

#include <array>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <stdexcept>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

namespace guichet::test {

TemporaryFolder::TemporaryFolder()
{
    auto name = (std::filesystem::temp_directory_path() / "guichet-ipp-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("no temporary folder");
    }
    m_path = name;
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

/// What the program has said, handed from the listening thread to the waiting one.
struct Program::Said {
    std::mutex mutex;
    std::condition_variable changed;
    std::string text;
    bool ended = false;
};

Program::Program(std::vector<std::string> arguments, std::vector<std::string> moreEnvironment)
    : m_said(std::make_unique<Said>())
{
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    // It ends with the test even if that is killed.
    arguments.insert(arguments.begin(), {"setpriv", "--pdeathsig", "KILL", "--"});
    std::vector<char*> argv, environment;
    for (auto& argument : arguments) {
        argv.push_back(argument.data());
    }
    argv.push_back(nullptr);
    for (auto& variable : moreEnvironment) {
        environment.push_back(variable.data());
    }
    for (char** variable = environ; *variable != nullptr; ++variable) {
        environment.push_back(*variable);
    }
    environment.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], STDERR_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP); // its children end with it
    const int failed =
        ::posix_spawnp(&m_pid, argv[0], &actions, &attributes, argv.data(), environment.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
    if (failed != 0) {
        ::close(pipe[0]);
        throw std::runtime_error(arguments.at(4) +
                                 " does not start: install packaging/depends.txt");
    }
    m_listener = std::jthread([said = m_said.get(), output = pipe[0]] {
        std::array<char, 4096> piece{};
        ssize_t got = 0;
        do {
            got = ::read(output, piece.data(), piece.size());
            const std::lock_guard lock(said->mutex);
            said->text.append(piece.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
            said->ended = got <= 0;
            said->changed.notify_all();
        } while (got > 0);
        ::close(output);
    });
}

Program::~Program()
{
    kill();
}

bool Program::says(std::string_view text)
{
    std::unique_lock lock(m_said->mutex);
    const auto there = [&] { return m_said->text.find(text) != std::string::npos; };
    m_said->changed.wait(lock, [&] { return m_said->ended || there(); });
    return there();
}

void Program::kill()
{
    if (m_pid > 0) {
        ::kill(-m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
        m_pid = -1;
    }
}

EvePrinter::EvePrinter()
{
    const auto orders = m_folder.path() / "orders";
    if (::mkfifo(orders.c_str(), 0600) != 0) {
        throw std::runtime_error("no pipe for orders");
    }
    m_orders = UniqueFd(::open(orders.c_str(), O_RDWR | O_CLOEXEC));
    const std::string command = GUICHET_SOURCE_DIR "/tests/drivers/ipp/eve-command";
    do { // another program may take the port first
        m_port = freePort();
        m_program = std::make_unique<Program>(
            std::vector<std::string>{"ippeveprinter", "-r", "off", "-n", "127.0.0.1", "-p",
                                     std::to_string(m_port), "-d", m_folder.path(), "-K",
                                     m_folder.path(), "-k", "-v", "-c", command, "-f",
                                     "application/pdf", "Statement"},
            std::vector<std::string>{"LD_PRELOAD=" EVE_SHIM,
                                     "EVE_FOLDER=" + m_folder.path().string()});
    } while (!m_program->says("printer-uuid="));
}

std::string EvePrinter::uri(const std::string& scheme) const
{
    return scheme + "://127.0.0.1:" + std::to_string(m_port) + "/ipp/print";
}

void EvePrinter::order(const std::string& line) const
{
    const auto whole = line + "\n";
    if (::write(m_orders.get(), whole.data(), whole.size()) != static_cast<ssize_t>(whole.size())) {
        throw std::runtime_error("the printer takes no orders");
    }
}

std::vector<std::filesystem::path> EvePrinter::printed() const
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(m_folder.path())) {
        if (entry.path().filename().string().starts_with("printed-")) {
            files.push_back(entry.path());
        }
    }
    return files;
}

int freePort()
{
    const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket.get(), generic, size) != 0 ||
        ::getsockname(socket.get(), generic, &size) != 0) {
        throw std::runtime_error("no free port");
    }
    return ntohs(address.sin_port);
}

std::string blankPdf()
{
    std::string pdf = "%PDF-1.4\n";
    std::vector<std::size_t> places;
    const std::array<const char*, 3> objects{
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"};
    for (std::size_t i = 0; i < objects.size(); ++i) {
        places.push_back(pdf.size());
        pdf += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
    }
    const auto table = pdf.size();
    pdf += "xref\n0 4\n0000000000 65535 f \n";
    for (const auto place : places) {
        const auto digits = std::to_string(place);
        pdf += std::string(10 - digits.size(), '0') + digits + " 00000 n \n";
    }
    return pdf + "trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n" + std::to_string(table) +
           "\n%%EOF\n";
}

} // namespace guichet::test
