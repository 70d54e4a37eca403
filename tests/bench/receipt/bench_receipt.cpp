// SPDX-License-Identifier: Apache-2.0
// usage: bench_receipt [TIMES]    From template and data to the dots of an 80 mm receipt of 30
// rows.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "drivers/receipt/receipt_painter.h"
#include "drivers/receipt/receipt_template.h"

using namespace guichet;
using namespace guichet::receipt;

namespace {

constexpr auto kTemplate = R"(^^^{{outlet}}^^^
"{{title}}" Receipt
---
{width:12,*}
|{{#if customer}}客户 Name | {{customer}}|{{/if}}
{border:line;width:*,8,14}
|项目 Item | 数量 | 金额 Amount|
---
{{#each items}}
|{{name}} | {{count}} | {{amount}}|
{{/each}}
{border:space;width:*,20}
^^合计 Total^^ | ^^￥{{total}}^^
{width:auto;option:qrcode,6,m}
{code:{{token}}}
{option:code128,2,72,hri}
{code:{{number}}}
请保管好您的回单 Please keep this receipt
=
)";

nlohmann::json sample()
{
    nlohmann::json data = {{"outlet", "示范网点 Demo"},
                           {"title", "业务回单"},
                           {"customer", "买买提·吐尔逊·阿卜杜热合曼江"},
                           {"total", "123,456.78"},
                           {"token", "BT1:6BF5 QEDZE9.7ASE+JE7%EK19M.CK3E*6B"},
                           {"number", "A042-2026"}};
    for (int i = 1; i <= 20; ++i) {
        data["items"].push_back({{"name", fmt::format("现金存款 Deposit {}", i)},
                                 {"count", i},
                                 {"amount", fmt::format("{}.00", 1000 * i)}});
    }
    return data;
}

Result<int> once(const ReceiptPainter& painter, const nlohmann::json& data)
{
    return fillIn(kTemplate, data, {})
        .and_then(parseReceipt)
        .and_then([](const Receipt& receipt) { return setReceipt(receipt); })
        .map([&](const ReceiptTree& tree) { return painter.paint(tree).form.height(); });
}

} // namespace

int main(int argc, char* argv[])
{
    const int times = argc > 1 ? std::max(1, std::atoi(argv[1])) : 200;
    const auto painter = ReceiptPainter::open();
    if (!painter) {
        fmt::print(stderr, "bench_receipt: {}\n", painter.error().detail);
        return 1;
    }
    const auto data = sample();
    std::vector<double> milliseconds;
    int rows = 0;
    const auto cpuBefore = std::clock();
    for (int i = 0; i < times; ++i) {
        const auto start = std::chrono::steady_clock::now();
        const auto height = once(*painter, data);
        if (!height) {
            fmt::print(stderr, "bench_receipt: {}\n", height.error().detail);
            return 1;
        }
        rows = *height;
        const auto passed = std::chrono::steady_clock::now() - start;
        milliseconds.push_back(std::chrono::duration<double, std::milli>(passed).count());
    }
    const double cpu = 1000.0 * static_cast<double>(std::clock() - cpuBefore) / CLOCKS_PER_SEC;
    const double first = milliseconds.front();
    std::ranges::sort(milliseconds);
    const auto count = milliseconds.size();
    fmt::print("{{\"rows\":{},\"firstMs\":{:.2f},\"medianMs\":{:.2f},\"p99Ms\":{:.2f},"
               "\"cpuMs\":{:.2f}}}\n",
               rows, first, milliseconds[count / 2], milliseconds[count * 99 / 100],
               cpu / static_cast<double>(count));
    return 0;
}
