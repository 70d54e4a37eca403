// SPDX-License-Identifier: Apache-2.0
// A kiosk that does what it is told on standard input, one JSON object a line, until that ends.
#include <QCoreApplication>
#include <QEventLoop>
#include <QSocketNotifier>
#include <functional>
#include <iostream>
#include <map>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "tests/e2e/story/steps.h"
#include "tests/e2e/support/kiosk.h"

using namespace guichet::test;
using nlohmann::json;

namespace {

/// Lines of standard input; the kiosk goes on while one is waited for.
class Orders {
public:
    /// False at the end of the input.
    bool next(std::string& line)
    {
        QSocketNotifier notifier(STDIN_FILENO, QSocketNotifier::Read);
        bool over = false;
        QObject::connect(&notifier, &QSocketNotifier::activated, &notifier, [this, &over] {
            std::array<char, 4096> part{};
            const auto count = ::read(STDIN_FILENO, part.data(), part.size());
            over = count <= 0;
            m_bytes.append(part.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        });
        while (m_bytes.find('\n') == std::string::npos && !over) {
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        }
        if (over) {
            return false;
        }
        line = m_bytes.substr(0, m_bytes.find('\n'));
        m_bytes.erase(0, line.size() + 1);
        return true;
    }

private:
    std::string m_bytes;
};

using Step = std::function<bool(const QString&)>;

std::map<std::string, Step> stepsOf(Kiosk& kiosk)
{
    const auto always = [](auto step) {
        return [step](const QString& what) {
            step(what);
            return true;
        };
    };
    return {{"chooseCash", always([&](const QString&) { chooseCash(kiosk); })},
            {"touch", always([&](const QString& control) { kiosk.touch(control); })},
            {"reaches", [&](const QString& page) { return kiosk.reaches(page); }},
            {"saysRecording", [&](const QString&) { return kiosk.saysRecording(); }},
            {"saysOfCall", [&](const QString& state) { return kiosk.saysOfCall(state); }},
            {"seesStaff", [&](const QString&) { return kiosk.seesStaff(); }}};
}

} // namespace

TEST_CASE("kiosk")
{
    Kiosk kiosk(qEnvironmentVariable("GUICHET_KIOSK_DATA"),
                {.calls = true,
                 .recordKey = qEnvironmentVariable("GUICHET_KIOSK_RECORD_KEY").toStdString()});
    const auto steps = stepsOf(kiosk);
    Orders orders;
    for (std::string line; orders.next(line);) {
        const auto order = json::parse(line);
        const auto what = QString::fromStdString(order.at("what").get<std::string>());
        const bool done = steps.at(order.at("does").get<std::string>())(what);
        std::cout << json{{"done", done}}.dump() << std::endl;
    }
}
