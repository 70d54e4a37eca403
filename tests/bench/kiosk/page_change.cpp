// SPDX-License-Identifier: Apache-2.0
// How long a page change keeps the customer waiting: showPage plus painting the whole window, on
// the platform it is started on. Prints one JSON line. usage: bench_kiosk_pages [CHANGES]
#include <QApplication>
#include <QPixmap>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include <nlohmann/json.hpp>

#include "kiosk/views/kiosk_window.h"

using namespace guichet::kiosk;

namespace {

Page choosePage()
{
    Page page;
    page.id = QStringLiteral("service");
    page.kind = PageKind::Choose;
    page.title = QStringLiteral("您好，今天办什么？");
    page.subtitle = QStringLiteral("现在等候 7 人");
    for (const auto* name : {"cash", "account", "wealth", "corporate"}) {
        Choice choice;
        choice.event = QStringLiteral("service");
        choice.value = QString::fromLatin1(name);
        choice.title = QStringLiteral("现金业务");
        choice.note = QStringLiteral("约 10–20 分钟");
        choice.icon = choice.value;
        page.choices.append(choice);
    }
    return page;
}

Page ticketPage()
{
    TicketFace ticket;
    ticket.label = QStringLiteral("A012");
    ticket.service = QStringLiteral("现金业务");
    ticket.facts = {{QStringLiteral("前面还有"), QStringLiteral("4 人")}};
    ticket.qrText = QStringLiteral("http://127.0.0.1:8480/t/0123456789abcdefghijklmnopqrstuv");
    ticket.qrNote = QStringLiteral("手机扫码看进度");
    Page page;
    page.id = QStringLiteral("ticket");
    page.kind = PageKind::Print;
    page.title = QStringLiteral("请取走您的号票");
    page.ticket = ticket;
    return page;
}

} // namespace

int main(int argc, char* argv[])
{
    QApplication application(argc, argv);
    const int changes = argc > 1 ? std::atoi(argv[1]) : 200;
    KioskWindow window;
    window.resize(1080, 1920);
    Frame frame;
    frame.outlet = QStringLiteral("中山路网点");
    frame.time = QStringLiteral("10:42");
    window.setFrame(frame);
    window.show();
    std::vector<double> milliseconds;
    for (int i = 0; i < changes; ++i) {
        const auto page = i % 2 == 0 ? choosePage() : ticketPage();
        const auto start = std::chrono::steady_clock::now();
        window.showPage(page);
        QCoreApplication::sendPostedEvents();
        window.repaint();
        milliseconds.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                .count());
        QCoreApplication::processEvents();
    }
    std::sort(milliseconds.begin(), milliseconds.end());
    const auto at = [&](double share) {
        return milliseconds[static_cast<std::size_t>(share *
                                                     static_cast<double>(milliseconds.size() - 1))];
    };
    std::puts(
        nlohmann::json{{"name", "kiosk page change"}, {"p50_ms", at(0.5)}, {"p99_ms", at(0.99)}}
            .dump()
            .c_str());
}
