// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/cards/cardpeek.h"

#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "tests/e2e/cards/inserted_card.h"
#include "tests/support/shell.h"

namespace guichet::test {

Cardpeek::Cardpeek()
{
    INFO("cardpeek is missing: packaging/install-depends test");
    REQUIRE(test::run("command -v cardpeek").status == 0);
    INFO(run("1\n1\n", "none", "os.exit()"));
    REQUIRE(std::filesystem::exists(m_home.path() / ".cardpeek/scripts/emv.lua"));
}

std::string Cardpeek::read(const std::string& script, const std::string& answers) const
{
    const auto tree = m_home.path() / "tree.xml";
    const auto said = run(answers, kVirtualReader,
                          "dofile(\"" + script + "\") local tree = io.open(\"" + tree.string() +
                              "\", \"w\") tree:write(nodes.to_xml(nodes.root())) tree:close() "
                              "os.exit()");
    INFO(said);
    std::ifstream file(tree);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string Cardpeek::run(const std::string& answers, const std::string& reader,
                          const std::string& lua) const
{
    const auto input = m_home.file("answers", answers);
    const auto command = m_home.file("command", lua);
    return test::run("export HOME=" + m_home.path().string() +
                     "; cd $HOME/.cardpeek/scripts 2>&- || cd $HOME; timeout 60 cardpeek -c "
                     "-r 'pcsc://" +
                     reader + "' -e \"$(cat " + command.string() + ")\" < " + input.string() +
                     " 2>&1 | head -c 400000")
        .output;
}

} // namespace guichet::test
