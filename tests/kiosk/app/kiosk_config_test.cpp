// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/kiosk_config.h"

#include <QTemporaryDir>
#include <fstream>

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::kiosk;

namespace {

Result<KioskConfig> read(const std::string& text)
{
    const QTemporaryDir folder;
    const auto file = folder.path().toStdString() + "/kiosk.toml";
    std::ofstream(file) << text;
    KioskConfig config;
    return readConfig(file, config).map([&] { return config; });
}

} // namespace

TEST_CASE("kiosk config: classes of retention have their months, and when these begin")
{
    const auto config = read("[evidence]\nclasses = [\"help\", \"fund\"]\nusual = \"help\"\n"
                             "[class.help]\nmonths = 6\n"
                             "[class.fund]\nmonths = 12\nfrom = \"end\"\n");
    REQUIRE(config);
    CHECK(config->usualClass == "help");
    CHECK(config->retentionClasses.at("help").months == 6);
    CHECK(config->retentionClasses.at("help").fromCall);
    CHECK_FALSE(config->retentionClasses.at("fund").fromCall);
}

TEST_CASE("kiosk config: a class that is not listed, or never ends, is refused by its line")
{
    const auto unknown = read("[evidence]\nclasses = [\"help\"]\nusual = \"sale\"\n");
    REQUIRE_FALSE(unknown);
    CHECK_THAT(unknown.error().detail, Catch::Contains(":3: evidence.usual: want one of"));
    const auto unlisted = read("[class.help]\nmonths = 6\n");
    REQUIRE_FALSE(unlisted);
    CHECK_THAT(unlisted.error().detail, Catch::Contains("unknown key"));
    const auto never = read("[evidence]\nclasses = [\"help\"]\n[class.help]\nfrom = \"birth\"\n");
    REQUIRE_FALSE(never);
    CHECK_THAT(never.error().detail, Catch::Contains("class.help.from: want"));
}
