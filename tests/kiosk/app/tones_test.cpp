// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/tones.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <array>
#include <atomic>

#include <catch2/catch.hpp>

#include "kiosk/models/page.h"

using namespace guichet::kiosk;

namespace {

constexpr std::array kTones{Tone::Done, Tone::Trouble, Tone::Attention, Tone::Alarm};

/// ALSA itself, with a file for a loudspeaker: what is played can be looked at.
class Loudspeaker {
public:
    Loudspeaker()
    {
        QFile config(m_folder.filePath(QStringLiteral("asound.conf")));
        REQUIRE(config.open(QIODevice::WriteOnly));
        config.write("pcm.nothing { type null }\n"
                     "pcm.paper { type file slave.pcm nothing format raw file \"" +
                     path().toUtf8() + "\" }\n");
        qputenv("ALSA_CONFIG_PATH", config.fileName().toUtf8());
    }
    ~Loudspeaker() { qunsetenv("ALSA_CONFIG_PATH"); }

    [[nodiscard]] QByteArray played() const
    {
        QFile file(path());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private:
    [[nodiscard]] QString path() const { return m_folder.filePath(QStringLiteral("played.raw")); }

    QTemporaryDir m_folder;
};

QByteArray bytesOf(Tone tone)
{
    const auto samples = samplesOf(tone);
    return {reinterpret_cast<const char*>(samples.data()),
            static_cast<qsizetype>(samples.size() * sizeof samples[0])};
}

} // namespace

TEST_CASE("tones: each begins and ends in silence and stays soft", "[unit]")
{
    for (const auto tone : kTones) {
        const auto samples = samplesOf(tone);
        REQUIRE_FALSE(samples.empty());
        CHECK(samples.front() == 0);
        CHECK(samples.back() == 0);
        const auto loudest = *std::max_element(samples.begin(), samples.end());
        CHECK(loudest > INT16_MAX / 8);
        CHECK(loudest <= INT16_MAX / 2);
    }
}

TEST_CASE("tones: a card left behind is told of for 3 s, an outcome for less than a second",
          "[unit]")
{
    CHECK(samplesOf(Tone::Alarm).size() == 3 * kSampleRate);
    for (const auto tone : {Tone::Done, Tone::Trouble, Tone::Attention}) {
        CHECK(samplesOf(tone).size() < kSampleRate);
    }
}

TEST_CASE("tones: a page that asks for nothing and tells of nothing is silent", "[unit]")
{
    Page page;
    CHECK_FALSE(toneOf(page));
    page.kind = PageKind::Choose;
    CHECK_FALSE(toneOf(page));
    page.trouble = true;
    CHECK(toneOf(page) == Tone::Trouble);
    page.kind = PageKind::Warning;
    CHECK(toneOf(page) == Tone::Attention);
}

TEST_CASE("tones: the ticket sounds when it is there, not while it is printed", "[unit]")
{
    Page page;
    page.kind = PageKind::Print;
    page.ticket.emplace();
    page.busy = true;
    CHECK_FALSE(toneOf(page));
    page.busy = false;
    CHECK(toneOf(page) == Tone::Done);
}

TEST_CASE("tones: what is played is the tone, whole", "[sim]")
{
    const Loudspeaker loudspeaker;
    TonePlayer player("paper");
    player.play(Tone::Done);
    const auto wanted = bytesOf(Tone::Done);
    CHECK(QTest::qWaitFor([&] { return loudspeaker.played().startsWith(wanted); }, 20'000));
}

TEST_CASE("tones: a kiosk without a sound card says so once and goes on", "[sim]")
{
    static std::atomic<int> said = 0;
    said = 0;
    const auto before =
        qInstallMessageHandler([](QtMsgType, const QMessageLogContext&, const QString& text) {
            said += text.contains(QStringLiteral("no sound on")) ? 1 : 0;
        });
    {
        const Loudspeaker loudspeaker;
        TonePlayer player("no such device");
        for (int i = 0; i < 3; ++i) {
            player.play(Tone::Trouble);
            CHECK(QTest::qWaitFor([&] { return said > 0 && player.silent(); }, 20'000));
        }
    }
    qInstallMessageHandler(before);
    CHECK(said == 1);
}
