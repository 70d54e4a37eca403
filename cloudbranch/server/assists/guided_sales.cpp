// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/assists/guided_sales.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guichet::hub {

using nlohmann::json;
using signalling::Signal;

GuidedSales::GuidedSales(std::vector<guided::Script> scripts, Qualifications qualifications)
    : m_scripts(std::move(scripts))
    , m_qualifications(std::move(qualifications))
{
}

const std::vector<std::string>& GuidedSales::of(const std::string& seat) const
{
    static const std::vector<std::string> kNone;
    const auto found = m_qualifications.find(seat);
    return found == m_qualifications.end() ? kNone : found->second;
}

json GuidedSales::offered(const std::string& seat) const
{
    json all = json::array();
    for (const auto& script : m_scripts) {
        all.push_back({{"script", script.id},
                       {"version", script.version},
                       {"names", script.names},
                       {"product", script.product.names},
                       {"missing", guided::missing(script.product, of(seat))}});
    }
    return all;
}

Result<Signal> GuidedSales::order(const std::string& seat, const Signal& wish) const
{
    const auto& what = wish.body.at("do").get_ref<const std::string&>();
    if (wish.body.contains("document")) {
        return fail(Errc::Denied, "guide: the script is the bank's, not the seat's");
    }
    if (what == "goOn" || what == "repeat" || what == "stop") {
        return Signal{wish.type, wish.assist, wish.body, seat};
    }
    if (what != "begin") {
        return fail(Errc::Denied, "guide: want begin, goOn, repeat or stop; only the customer "
                                  "presses, signs and answers");
    }
    const auto script =
        std::ranges::find(m_scripts, wish.body.value("script", ""), &guided::Script::id);
    if (script == m_scripts.end()) {
        return fail(Errc::NotFound, "guide: the outlet has no such script");
    }
    if (const auto lacking = guided::missing(script->product, of(seat)); !lacking.empty()) {
        return fail(Errc::Denied, fmt::format("guide: {} lacks {} for {}", seat,
                                              fmt::join(lacking, ", "), script->product.id));
    }
    auto body = wish.body;
    body["document"] = {{"script", guided::document(*script)},
                        {"seller", {{"id", seat}, {"qualifications", of(seat)}}}};
    return Signal{wish.type, wish.assist, std::move(body), seat};
}

} // namespace guichet::hub
