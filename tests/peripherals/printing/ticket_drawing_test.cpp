// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/ticket_drawing.h"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "peripherals/host/ticket_preview.h"

using namespace guichet;
using namespace guichet::host;

namespace {

xfs::TicketForm ticket()
{
    xfs::TicketForm form;
    form.ticketId = "0b0c";
    form.outlet = "示范网点 Demo outlet";
    form.service = "现金业务 Cash";
    form.number = "A012";
    form.rows = {{"前面人数 Ahead", "3"}, {"预计等候 Wait", "8-15 分钟 min"}};
    form.footer = {"请留意叫号屏"};
    form.code = "https://demo.example/t/3kJ9-x_2";
    return form;
}

/// A bank's folder of templates.
class Folder {
public:
    explicit Folder(std::string_view ticket)
        : path(std::filesystem::temp_directory_path() / ("guichet-" + randomUuid()))
    {
        std::filesystem::create_directories(path);
        std::ofstream(path / "ticket.receipt") << ticket;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path path;
};

Terminal terminalWith(const std::filesystem::path& templates)
{
    auto file = ConfigFile::parse("[receiptprinter]\ndriver = \"escpos\"\n"
                                  "connection = \"tcp:192.0.2.7:9100\"\n"
                                  "templates = \"" +
                                      templates.string() + "\"\n",
                                  "devices.toml");
    REQUIRE(file);
    auto terminal = readTerminal(std::move(*file), {.data = "/var/lib/guichet"});
    REQUIRE(terminal);
    return std::move(*terminal);
}

std::string contentOf(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

} // namespace

TEST_CASE("ticket drawing: a ticket is as wide as the head")
{
    const auto draw = ticketDrawing({});
    const auto width = GENERATE(384, 512, 576);
    const auto drawn = draw(ticket(), width);
    REQUIRE(drawn);
    CHECK(drawn->dots.width() == width);
    CHECK(drawn->cut == CutKind::Usual);
    CHECK_FALSE(drawn->presentMm);
}

TEST_CASE("ticket drawing: large print and copies make another paper")
{
    const auto draw = ticketDrawing({});
    const auto usual = draw(ticket(), 576)->dots.height();
    auto large = ticket();
    large.large = true;
    CHECK(draw(large, 576)->dots.height() > usual);
    auto copy = ticket();
    copy.printIndex = 2;
    CHECK(draw(copy, 576)->dots.height() > usual);
}

TEST_CASE("ticket drawing: the bank's own template is drawn, with its cut")
{
    const Folder folder("{x-cut:full;x-present:80}\n^^^{{number}}\n");
    const auto drawn = ticketDrawing(folder.path)(ticket(), 576);
    REQUIRE(drawn);
    CHECK(drawn->dots.height() < 100);
    CHECK(drawn->cut == CutKind::Full);
    CHECK(drawn->presentMm == 80);
}

TEST_CASE("ticket drawing: a template that is wrong costs nobody a ticket")
{
    const auto ours = ticketDrawing({})(ticket(), 576);
    REQUIRE(ours);
    const Folder folder(GENERATE("{{account}}\n", "{command:\\x1b}\n", "{{number}}\n===\nmore\n"));
    const auto drawn = ticketDrawing(folder.path)(ticket(), 576);
    REQUIRE(drawn);
    CHECK(drawn->dots == ours->dots);
    CHECK(ticketDrawing(folder.path / "none")(ticket(), 576)->dots == ours->dots);
}

TEST_CASE("ticket preview: a bank sees its ticket as picture and as PDF")
{
    const Folder folder("^^^{{number}} {{copy}}\n");
    const auto file = folder.path / GENERATE("ticket.png", "ticket.pdf");
    const auto terminal = terminalWith(folder.path);
    REQUIRE(previewTicket(terminal, file));
    CHECK(contentOf(file).starts_with(file.extension() == ".pdf" ? "%PDF-1." : "\x89PNG"));
    CHECK(previewTicket(terminal, folder.path / "none" / "ticket.png").error().code ==
          Errc::Denied);
    CHECK(previewTicket(Terminal{}, file).error().code == Errc::NotFound);
}

TEST_CASE("ticket preview: a wrong template is named with its line, and nothing is drawn")
{
    const Folder folder("{{number}}\n{{account}}\n");
    const auto drawn = previewTicket(terminalWith(folder.path), folder.path / "ticket.png");
    REQUIRE_FALSE(drawn);
    CHECK(drawn.error().detail.find("ticket.receipt: line 2, column 1") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder.path / "ticket.png"));
}
