// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/ticket_drawing.h"

#include <memory>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "drivers/receipt/receipt_forms.h"
#include "drivers/receipt/receipt_painter.h"

namespace guichet::host {

using nlohmann::json;

namespace {

std::optional<receipt::ReceiptForms> formsOf(const std::filesystem::path& templates)
{
    if (templates.empty()) {
        return std::nullopt;
    }
    auto forms = receipt::ReceiptForms::fromFolder(templates);
    if (!forms) {
        spdlog::error("{}", forms.error().detail);
        return std::nullopt;
    }
    return std::move(*forms);
}

class Drawing {
public:
    Drawing(receipt::ReceiptPainter painter, const std::filesystem::path& templates)
        : m_painter(std::move(painter))
        , m_banks(formsOf(templates))
    {
    }

    [[nodiscard]] Result<DrawnTicket> draw(const xfs::TicketForm& form, int width) const
    {
        return set(form, width).map([this](const receipt::ReceiptTree& tree) {
            auto painted = m_painter.paint(tree);
            if (!painted.missing.empty()) {
                spdlog::warn("ticket: no font has {} of its characters", painted.missing.size());
            }
            return DrawnTicket{std::move(painted.form), tree.cut, tree.presentMm};
        });
    }

private:
    [[nodiscard]] Result<receipt::ReceiptTree> set(const xfs::TicketForm& form, int width) const
    {
        const auto data = ticketData(form);
        if (m_banks) {
            auto tree = m_banks->set(xfs::kTicketForm, data, form.language, width);
            if (tree) {
                return tree;
            }
            spdlog::error("{}", tree.error().detail);
        }
        return m_ours.set(xfs::kTicketForm, data, form.language, width);
    }

    receipt::ReceiptPainter m_painter;
    receipt::ReceiptForms m_ours = receipt::ReceiptForms::builtIn();
    std::optional<receipt::ReceiptForms> m_banks;
};

} // namespace

json ticketData(const xfs::TicketForm& form)
{
    json rows = json::array();
    for (const auto& [label, value] : form.rows) {
        rows.push_back({{"label", label}, {"value", value}});
    }
    return {{"outlet", form.outlet}, {"service", form.service}, {"number", form.number},
            {"rows", rows},          {"footer", form.footer},   {"code", form.code},
            {"large", form.large},   {"copy", form.printIndex}};
}

RenderTicket ticketDrawing(const std::filesystem::path& templates)
{
    auto painter = receipt::ReceiptPainter::open();
    if (!painter) {
        spdlog::error("{}", painter.error().detail);
        return [error = painter.error()](const xfs::TicketForm&, int) -> Result<DrawnTicket> {
            return tl::unexpected(error);
        };
    }
    const auto shared // because std::function copies what it holds
        = std::make_shared<const Drawing>(std::move(*painter), templates);
    return [shared](const xfs::TicketForm& form, int width) { return shared->draw(form, width); };
}

} // namespace guichet::host
