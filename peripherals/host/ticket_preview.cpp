// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/ticket_preview.h"

#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include "drivers/receipt/receipt_forms.h"
#include "drivers/receipt/receipt_painter.h"
#include "peripherals/host/ticket_drawing.h"

namespace guichet::host {

namespace {

/// With everything that a ticket can have.
xfs::TicketForm sample()
{
    xfs::TicketForm form;
    form.ticketId = "sample";
    form.printIndex = 2;
    form.outlet = "示范网点 Demo outlet";
    form.service = "现金业务 Cash";
    form.number = "A012";
    form.rows = {{"前面还有 Ahead", "3"},
                 {"预计等候 Wait", "8-15 分钟 min"},
                 {"取号时间 Taken", "2026-11-24 10:15"}};
    form.footer = {"请留意叫号屏 Please watch the display"};
    form.code = "https://demo.example/t/3kJ9-x_2";
    return form;
}

} // namespace

Result<void> previewTicket(const Terminal& terminal, const std::filesystem::path& file)
{
    const auto device =
        std::find_if(terminal.devices.begin(), terminal.devices.end(), [](const Device& each) {
            return each.deviceClass == DeviceClass::ReceiptPrinter;
        });
    if (device == terminal.devices.end()) {
        return fail(Errc::NotFound, "preview: this terminal has no receipt printer");
    }
    const auto forms = device->templates.empty()
                           ? receipt::ReceiptForms::builtIn()
                           : receipt::ReceiptForms::fromFolder(device->templates);
    const auto painter = receipt::ReceiptPainter::open();
    if (!forms || !painter) {
        return tl::unexpected(!forms ? forms.error() : painter.error());
    }
    const auto tree =
        forms->set(xfs::kTicketForm, ticketData(sample()), "zh-CN", device->printer.widthDots);
    if (!tree) {
        return tl::unexpected(tree.error());
    }
    const auto content =
        file.extension() == ".pdf" ? painter->archive(*tree).form : painter->preview(*tree).form;
    std::ofstream stream(file, std::ios::binary);
    stream << asText(content);
    stream.close();
    return stream ? Result<void>() : fail(Errc::Denied, file.string() + ": cannot be written");
}

} // namespace guichet::host
