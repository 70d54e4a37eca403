// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <catch2/catch.hpp>

#include "cloudbranch/server/announcement.h"
#include "cloudbranch/server/wave.h"
#include "cloudbranch/web/files.h"
#include "tests/cloudbranch/server/hub_caller.h"

using namespace guichet;
using namespace guichet::hub;
using namespace std::chrono_literals;
using Clips = std::vector<std::string>;

namespace {

std::string clip(const std::string& name)
{
    return std::string(web::file("voice/" + name + ".wav"));
}

} // namespace

TEST_CASE("voice: a number is read digit by digit, the counter as one says it")
{
    CHECK(announcementClips("A012", "3", "zh-CN") ==
          Clips{"please", "A", "0", "1", "2", "number-to", "3", "counter"});
    CHECK(announcementClips("A012", "3", "en") ==
          Clips{"number", "A", "0", "1", "2", "go-to-counter", "3"});
    CHECK(announcementClips("b7", "1", "zh-CN") ==
          Clips{"please", "B", "7", "number-to", "one", "counter"});
}

TEST_CASE("voice: Chinese counters from 10 to 99 are numbers, others are spelled")
{
    const auto counter = [](const char* id) {
        const auto clips = announcementClips("", id, "zh-CN");
        return Clips(clips.begin() + 2, clips.end() - 1);
    };
    CHECK(counter("10") == Clips{"ten"});
    CHECK(counter("12") == Clips{"ten", "2"});
    CHECK(counter("21") == Clips{"2", "ten", "one"});
    CHECK(counter("100") == Clips{"1", "0", "0"});
    CHECK(counter("VIP-2") == Clips{"V", "I", "P", "2"});
}

TEST_CASE("voice: there is a clip for whatever can be said, in both languages")
{
    for (const std::string language : {"zh-CN", "en"}) {
        for (const std::string& name :
             announcementClips("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "11", language)) {
            INFO(language << "/" << name);
            CHECK(samplesOf(clip(language + "/" + name)));
        }
    }
    CHECK(announcementClips("A1", "1", "fr").empty());
    CHECK(announcement("A1", "1", "fr").error().code == Errc::NotFound);
}

TEST_CASE("voice: an announcement is as long as its clips and the pauses between them")
{
    const auto wave = announcement("A012", "3", "zh-CN");
    REQUIRE(wave);
    std::size_t expected = 0;
    for (const auto& name : announcementClips("A012", "3", "zh-CN")) {
        expected += samplesOf(clip("zh-CN/" + name))->size();
    }
    expected += 7 * 2 * kVoiceRate * 60 / 1000;
    const auto samples = samplesOf(*wave);
    REQUIRE(samples);
    CHECK(samples->size() == expected);
    CHECK(std::ranges::any_of(*samples, [](char byte) { return byte != 0; }));
}

TEST_CASE("wave: files that are not the voice's format are refused, wherever they are cut")
{
    const auto wave = clip("en/1");
    REQUIRE(samplesOf(wave));
    for (std::size_t size = 0; size < wave.size(); size += size < 64 ? 1 : 997) {
        INFO(size);
        CHECK_FALSE(samplesOf(wave.substr(0, size)));
    }
    const auto with = [&](std::size_t at, char byte) {
        auto changed = wave;
        changed[at] = byte;
        return changed;
    };
    CHECK_FALSE(samplesOf(with(0, 'X')));     // RIFF
    CHECK_FALSE(samplesOf(with(8, 'X')));     // WAVE
    CHECK_FALSE(samplesOf(with(20, 3)));      // floating point
    CHECK_FALSE(samplesOf(with(22, 2)));      // stereo
    CHECK_FALSE(samplesOf(with(24, 0)));      // rate
    CHECK_FALSE(samplesOf(with(34, 8)));      // bits
    CHECK_FALSE(samplesOf(with(43, '\x7f'))); // samples beyond the file
}

TEST_CASE("wave: chunks that say other things are skipped, at even places")
{
    auto wave = clip("en/1");
    wave.insert(12, std::string("LIST\x03\0\0\0abc\0", 12));
    CHECK(samplesOf(wave));
    wave.insert(12, std::string("LIST\xff\xff\xff\xff", 8));
    CHECK_FALSE(samplesOf(wave));
}

TEST_CASE("wave: the joined file says its own lengths, and joins again")
{
    const auto one = clip("en/1");
    const std::vector<std::string_view> twice{one, one};
    const auto both = joined(twice, 100ms);
    REQUIRE(both);
    CHECK(samplesOf(*both)->size() == 2 * samplesOf(one)->size() + 3200);
    const std::vector<std::string_view> again{*both, "RIFF"};
    CHECK(joined(again, 0ms).error().detail.starts_with("clip 1: "));
    CHECK(samplesOf(*joined({}, 0ms))->empty());
}

TEST_CASE("hub: a recent call can be heard in both languages, others cannot")
{
    hub::test::HubCaller hub;
    const auto label = hub.take().at("ticket").at("label").get<std::string>();
    const auto session = hub.openSession(hub.teller, "2");
    REQUIRE(hub.callNext(session, hub.teller).status == 200);
    const auto position =
        hub::test::parsed(hub.get("/v1/branches/demo/queue")).at("calls").at(0).at("position");
    const auto voice = [&](const std::string& call, const std::string& language) {
        return hub.send({.path = "/v1/branches/demo/calls/" + call + "/voice.wav",
                         .query = {{"language", language}}});
    };
    const auto heard = voice(position.dump(), "zh-CN");
    CHECK(heard.status == 200);
    CHECK(heard.header("Content-Type") == "audio/wav");
    CHECK(heard.body == *announcement(label, "2", "zh-CN"));
    CHECK(voice(position.dump(), "en").body == *announcement(label, "2", "en"));
    CHECK(voice(position.dump(), "bo").status == 404);
    CHECK(voice("999", "en").status == 404);
    CHECK(voice("1x", "en").status == 404);
}
