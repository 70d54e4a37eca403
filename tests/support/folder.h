// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace guichet::test {

/// A folder that goes with the test.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    /// Writes a file and returns its path.
    [[nodiscard]] std::filesystem::path file(const std::string& name,
                                             const std::string& text) const;

private:
    std::filesystem::path m_path;
};

} // namespace guichet::test
