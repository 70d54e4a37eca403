// SPDX-License-Identifier: Apache-2.0
#include "queue/api/visit_page.h"

#include <chrono>

#include <fmt/format.h>

namespace guichet::queue::api {
namespace {

using domain::VisitState;

struct Words {
    const char* tag;
    const char* number;
    const char* next;
    const char* ahead;
    const char* wait;
    const char* noWait;
    const char* upTo;
    const char* range;
    const char* called;
    const char* serving;
    const char* parked;
    const char* ended;
    const char* remark;
    const char* asOf;
};

constexpr Words kChinese{"zh-CN",
                         "您的号码",
                         "下一位就是您",
                         "前面还有 {} 位",
                         "预计等候：{}",
                         "无需等候",
                         "不到 {} 分钟",
                         "约 {} 至 {} 分钟",
                         "请到 {} 号窗口",
                         "正在为您办理",
                         "您的号码已为您保留，请联系大堂工作人员。",
                         "这个号码已经结束。需要时请重新取号，或请大堂工作人员帮忙。",
                         "请留意叫号。本页会自动更新。",
                         "更新于 {}"};
constexpr Words kEnglish{"en",
                         "Your number",
                         "You are next",
                         "{} ahead of you",
                         "Expected wait: {}",
                         "no wait",
                         "less than {} minutes",
                         "about {} to {} minutes",
                         "Please go to counter {}",
                         "You are being served",
                         "Your number is kept for you. Please speak to a member of staff.",
                         "This number has ended. You can take a new one, or ask a member of staff.",
                         "Please listen for your number. This page updates by itself.",
                         "As of {}"};

constexpr const char* kStyle =
    "body{margin:0;background:#FAF8F4;color:#1B1F23;font:1.125rem/1.5 'Noto Sans CJK SC',"
    "'PingFang SC','Microsoft YaHei',sans-serif}"
    "main{max-width:28rem;margin:0 auto;padding:2rem 1.25rem;text-align:center}"
    "h1{font-size:1.125rem;font-weight:500;margin:0;color:#5B6470}"
    ".number{font-size:4.5rem;line-height:1.2;font-weight:700;margin:.25rem 0 1rem;color:#0B6E5F}"
    "section{background:#FFF;border:1px solid #E4DFD6;border-radius:1rem;padding:1.25rem}"
    ".state{font-size:1.5rem;font-weight:600;margin:0}.small{color:#5B6470;margin:.75rem 0 0}";

std::string escaped(std::string_view text)
{
    std::string result;
    for (const char letter : text) {
        switch (letter) {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        case '"':
            result += "&quot;";
            break;
        default:
            result += letter;
        }
    }
    return result;
}

std::string nameIn(const domain::Names& names, const char* tag)
{
    const auto found = names.find(tag);
    return found == names.end() ? std::string() : escaped(found->second);
}

std::string page(const char* tag, std::string_view title, std::string_view body, bool live)
{
    return fmt::format("<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                       "<meta name=\"referrer\" content=\"no-referrer\">{}"
                       "<title>{}</title><style>{}</style></head>\n<body><main>{}</main></body>"
                       "</html>\n",
                       tag, live ? "<meta http-equiv=\"refresh\" content=\"20\">" : "", title,
                       kStyle, body);
}

std::string waitText(const domain::WaitRange& wait, const Words& words)
{
    const auto low = std::chrono::floor<std::chrono::minutes>(wait.low).count();
    const auto high = std::chrono::ceil<std::chrono::minutes>(wait.high).count();
    if (high == 0) {
        return words.noWait;
    }
    return low == 0 ? fmt::format(fmt::runtime(words.upTo), high)
                    : fmt::format(fmt::runtime(words.range), low, high);
}

std::string stateText(const domain::Visit& visit, const std::optional<domain::Outlook>& outlook,
                      const Words& words)
{
    if (outlook) {
        const auto place = outlook->ahead == 0
                               ? std::string(words.next)
                               : fmt::format(fmt::runtime(words.ahead), outlook->ahead);
        const auto wait = fmt::format(fmt::runtime(words.wait), waitText(outlook->wait, words));
        return fmt::format("<p class=\"state\">{}</p><p>{}</p>", place, wait);
    }
    std::string text = words.ended;
    if (visit.state == VisitState::Called) {
        text = fmt::format(fmt::runtime(words.called), escaped(visit.counter));
    } else if (visit.state == VisitState::Serving) {
        text = words.serving;
    } else if (visit.state == VisitState::Parked) {
        text = words.parked;
    }
    return fmt::format("<p class=\"state\" role=\"status\">{}</p>", text);
}

} // namespace

std::string visitPage(const domain::BranchSettings& branch, const domain::Visit& visit,
                      const std::optional<domain::Outlook>& outlook, Instant now)
{
    const auto& words = visit.language.starts_with("zh") ? kChinese : kEnglish;
    const auto* service = branch.service(visit.service);
    const auto label = escaped(visit.ticket.label());
    const bool live = !isTerminal(visit.state);
    const auto clock = toRfc3339(now, branch.timeZone).substr(11, 8);
    const auto body =
        fmt::format("<h1>{} · {}</h1><p class=\"number\" aria-label=\"{} {}\">{}</p><section>{}"
                    "<p class=\"small\">{}</p></section><p class=\"small\">{}</p>",
                    nameIn(branch.names, words.tag),
                    service == nullptr ? "" : nameIn(service->names, words.tag), words.number,
                    label, label, stateText(visit, outlook, words), live ? words.remark : "",
                    fmt::format(fmt::runtime(words.asOf), clock));
    return page(words.tag, fmt::format("{} {}", words.number, label), body, live);
}

std::string unknownVisitPage()
{
    return page("zh-CN", "Guichet",
                "<section><p class=\"state\">这个二维码在这里无效</p>"
                "<p>请核对纸票，或请大堂工作人员帮忙。</p>"
                "<p class=\"state\" lang=\"en\">This code is not valid here</p>"
                "<p lang=\"en\">Please check your ticket, or ask a member of staff.</p>"
                "</section>",
                false);
}

} // namespace guichet::queue::api
