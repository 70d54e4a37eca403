// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/known_applications.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "drivers/emv/emv_protocol.h"

namespace guichet::emv {
namespace {

constexpr std::size_t kLongestShownName = 48; ///< bytes: 16 Chinese characters

bool isControl(char sign)
{
    const auto code = static_cast<unsigned char>(sign);
    return code < 0x20 || code == 0x7f;
}

std::optional<KnownApplication> parseLine(std::string_view line)
{
    const auto space = line.find(' ');
    if (space == std::string_view::npos) {
        return std::nullopt;
    }
    auto name = fromHex(line.substr(0, space));
    const auto label = line.substr(space + 1);
    if (!name || name->size() < kShortestName || name->size() > kLongestName || label.empty() ||
        label.front() == ' ' || label.size() > kLongestShownName ||
        std::any_of(label.begin(), label.end(), isControl)) {
        return std::nullopt;
    }
    return KnownApplication{std::move(*name), std::string(label)};
}

bool beginsWith(ByteView name, ByteView start)
{
    return name.size() >= start.size() && std::equal(start.begin(), start.end(), name.begin());
}

} // namespace

const std::vector<std::string>& usualApplicationLines()
{
    static const std::vector<std::string> lines{
        "A000000333010101 UnionPay debit",
        "A000000333010102 UnionPay credit",
        "A000000333010103 UnionPay quasi-credit",
        "A000000333010106 UnionPay electronic cash",
        "A0000000031010 Visa",
        "A0000000032010 Visa Electron",
        "A0000000032020 V PAY",
        "A0000000041010 Mastercard",
        "A0000000043060 Maestro",
        "A00000002501 American Express",
        "A0000000651010 JCB",
        "A0000001523010 Diners Club / Discover",
        "A0000003241010 Discover",
    };
    return lines;
}

const std::vector<KnownApplication>& usualApplications()
{
    static const auto applications = *parseApplications(usualApplicationLines());
    return applications;
}

Result<std::vector<KnownApplication>> parseApplications(const std::vector<std::string>& lines)
{
    if (lines.empty()) {
        return fail(Errc::Invalid, R"(at least one line such as "A0000000031010 Visa")");
    }
    std::vector<KnownApplication> applications;
    for (const auto& line : lines) {
        auto application = parseLine(line);
        if (!application) {
            return fail(Errc::Invalid,
                        fmt::format("lines such as \"A0000000031010 Visa\": an AID of 5 to 16 "
                                    "bytes in hexadecimal, a space and a label of at most 48 "
                                    "bytes, not \"{}\"",
                                    line));
        }
        const bool repeated =
            std::any_of(applications.begin(), applications.end(),
                        [&application](const auto& one) { return one.name == application->name; });
        if (repeated) {
            return fail(Errc::Invalid,
                        fmt::format("each AID once, {} is there twice", toHex(application->name)));
        }
        applications.push_back(std::move(*application));
    }
    return applications;
}

std::string_view labelIn(const std::vector<KnownApplication>& applications,
                         ByteView applicationName)
{
    const KnownApplication* best = nullptr;
    for (const auto& one : applications) {
        if (beginsWith(applicationName, one.name) &&
            (best == nullptr || one.name.size() > best->name.size())) {
            best = &one;
        }
    }
    return best == nullptr ? std::string_view() : best->label;
}

} // namespace guichet::emv
