// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "kiosk/app/device_port.h"
#include "peripherals/xfs/messages.h"

using namespace guichet;
using namespace guichet::kiosk;
using nlohmann::json;

namespace {

json output(const json& code)
{
    return {{"readOutput", json::array({code})}};
}

} // namespace

TEST_CASE("scanned code: the bytes come as they are", "[kiosk]")
{
    const auto code =
        codeFrom(xfs::success(output({{"symbology", "qrCode"}, {"barcodeData", "R1QxOgBa"}})));
    REQUIRE(code);
    CHECK(code->bytes == std::string("GT1:\0Z", 6));
    CHECK(code->symbology == "qrCode");
}

TEST_CASE("scanned code: an answer without a code is a mistake of the service", "[kiosk]")
{
    const json payload =
        GENERATE(json::object(), json{{"readOutput", nullptr}}, json{{"readOutput", json::array()}},
                 output(1), output({{"barcodeData", 1}}), output({{"barcodeData", "?"}}),
                 output({{"barcodeData", ""}}));
    const auto code = codeFrom(xfs::success(payload));
    REQUIRE_FALSE(code);
    CHECK(code.error().code == Errc::Protocol);
}

TEST_CASE("scanned code: time-out and remedy of the service are passed on", "[kiosk]")
{
    CHECK(codeFrom(xfs::failure(xfs::CompletionCode::TimeOut, "")).error().code == Errc::Timeout);
    const Error error{Errc::Protocol, Remedy::Retry, "helper died"};
    CHECK(codeFrom(xfs::failure(error)).error().remedy == Remedy::Retry);
}
