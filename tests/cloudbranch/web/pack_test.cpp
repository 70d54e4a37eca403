// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/web/pack.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "cloudbranch/web/files.h"

using namespace guichet::web;

TEST_CASE("web: what is packed is the file, byte for byte")
{
    for (const char* name : {"site/visit.js", "site/site.css", "words/visit.json"}) {
        std::ifstream stream(std::string(GUICHET_SOURCE_DIR "/cloudbranch/web/") + name,
                             std::ios::binary);
        const std::string onDisk{std::istreambuf_iterator<char>(stream), {}};
        CHECK(file(name) == onDisk);
        CHECK_FALSE(onDisk.empty());
    }
}

TEST_CASE("web: packed files are found by name, and others are not")
{
    CHECK(std::ranges::is_sorted(files(), {}, &File::name));
    CHECK(file("voice/zh-CN/1.wav").starts_with("RIFF"));
    CHECK(file("site/nothing.js").empty());
    CHECK(file("").empty());
}

TEST_CASE("web: no packed text names a folder of the machine that built it")
{
    for (const auto& packed : files()) {
        INFO(packed.name);
        CHECK(packed.bytes.find(GUICHET_SOURCE_DIR) == std::string_view::npos);
    }
}

TEST_CASE("web: a digit behind an escaped byte stays a digit")
{
    const auto source = pack({{"a", std::string("\0012\"\\?\n", 6)}});
    CHECK(source.find(R"("\0012\042\134\077\012")") != std::string::npos);
    CHECK(source.find(", 6)") != std::string::npos);
}

TEST_CASE("web: the same files give the same source, an empty one too")
{
    const std::map<std::string, std::string> contents{{"b", ""}, {"a", std::string(300, 'x')}};
    const auto source = pack(contents);
    CHECK(source == pack(contents));
    CHECK(source.find("{\"a\"") < source.find("{\"b\""));
    CHECK(source.find("std::array<File, 2>") != std::string::npos);
}
