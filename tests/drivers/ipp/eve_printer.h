// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/types.h>

#include "peripherals/base/unique_handle.h"

namespace guichet::test {

/// A folder of its own below the system's temporary one, gone with the object.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

/// A program started for a test and killed with it; its standard error is read all the while.
class Program {
public:
    Program(std::vector<std::string> arguments, std::vector<std::string> moreEnvironment);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// Waits until that text was written; false if the program ended without it.
    [[nodiscard]] bool says(std::string_view text);
    void kill();

private:
    struct Said;

    std::unique_ptr<Said> m_said;
    pid_t m_pid = -1;
    std::jthread m_listener; ///< ends when the program has; before what it writes to goes
};

/// ippeveprinter of CUPS on a port of loopback: a real IPP printer that does what the test orders.
class EvePrinter {
public:
    EvePrinter();
    [[nodiscard]] std::string uri(const std::string& scheme = "ipp") const;
    /// What the printer's print command does next: see eve-command.
    void order(const std::string& line) const;
    /// The documents that its print command was started with.
    [[nodiscard]] std::vector<std::filesystem::path> printed() const;
    /// Pulls the plug.
    void kill() { m_program->kill(); }

private:
    TemporaryFolder m_folder;
    int m_port = 0;
    UniqueFd m_orders;
    std::unique_ptr<Program> m_program;
};

/// A port of 127.0.0.1 that nobody listens on now.
[[nodiscard]] int freePort();

/// One empty page of A4 as a PDF of its own making.
[[nodiscard]] std::string blankPdf();

} // namespace guichet::test
