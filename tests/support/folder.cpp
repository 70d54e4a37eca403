// SPDX-License-Identifier: Apache-2.0
#include "tests/support/folder.h"

#include <fstream>

#include "peripherals/base/random.h"

namespace guichet::test {

Folder::Folder()
    : m_path(std::filesystem::temp_directory_path() / ("guichet-test-" + randomUuid()))
{
    std::filesystem::create_directories(m_path);
}

Folder::~Folder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

std::filesystem::path Folder::file(const std::string& name, const std::string& text) const
{
    std::ofstream(m_path / name) << text;
    return m_path / name;
}

} // namespace guichet::test
