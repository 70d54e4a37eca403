// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/confinement.h"

#include <fstream>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "tests/peripherals/host/waiting.h"

using namespace guichet;
using nlohmann::json;

namespace {

/// A helper within bounds, and what it can do there.
class Confined {
public:
    explicit Confined(const std::string& network)
        : m_folder(std::filesystem::temp_directory_path() / ("guichet-" + randomUuid()))
    {
        std::filesystem::create_directories(m_folder);
        for (const char* name : {"readable", "writable", "forbidden"}) {
            std::ofstream(m_folder / name) << name;
        }
        auto config = test::FakeHelper::configuration();
        for (const auto& word :
             {std::string("confined"), file("readable"), file("writable"), network}) {
            config.command.push_back(word);
        }
        test::FakeHelper helper(config);
        REQUIRE(helper.ups.take());
        helper.start("probe", {{"readable", file("readable")},
                               {"writable", file("writable")},
                               {"forbidden", file("forbidden")}});
        const auto answer = helper.answers.take();
        REQUIRE(answer);
        can = *answer;
    }
    ~Confined() { std::filesystem::remove_all(m_folder); }

    json can;

private:
    [[nodiscard]] std::string file(const char* name) const { return m_folder / name; }
    std::filesystem::path m_folder;
};

} // namespace

TEST_CASE("confinement: a helper does its work and nothing else", "[host]")
{
    const Confined helper("alone");
    CHECK(helper.can == json{{"reads", true},
                             {"writesReadable", false},
                             {"readsForbidden", false},
                             {"writes", true},
                             {"library", true},
                             {"local", true},
                             {"network", false},
                             {"packets", false},
                             {"thread", true},
                             {"process", false},
                             {"program", false}});
}

TEST_CASE("confinement: only who is told may use the network", "[host]")
{
    CHECK(Confined("network").can["network"] == true);
}
