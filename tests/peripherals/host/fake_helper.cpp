// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include <unistd.h>

#include "peripherals/host/helper_loop.h"
#include "peripherals/host/helper_protocol.h"

namespace {

using namespace guichet;
using namespace std::chrono_literals;
using nlohmann::json;

/// A device that misbehaves on request.
class FakeDevice final : public host::HelperDevice {
public:
    Result<json> perform(const std::string& operation, const json& arguments,
                         host::HelperLine& line, std::stop_token stop) override
    {
        if (operation == "echo") {
            line.event("heard", arguments);
            return arguments;
        }
        if (operation == "wait") {
            line.event("waiting", json::object());
            while (!stop.stop_requested()) {
                std::this_thread::yield();
            }
            return fail(Errc::Cancelled, "stopped");
        }
        if (operation == "mute") {
            line.step("apdu", 100ms);
            line.event("silent", json::object());
            ::pause();
        }
        if (operation == "freeze") {
            ::raise(SIGSTOP);
        }
        if (operation == "cling") {
            line.event("waiting", json::object());
            ::pause();
        }
        if (operation == "printTicket") {
            return print(arguments, line, stop);
        }
        if (operation == "readRawData") {
            line.event("CardReader.InsertCardEvent", json::object());
            line.event("CardReader.MediaInsertedEvent", json::object());
            return json{{"atr", "O2gA"}};
        }
        if (operation == "chipIo") {
            return json{{"data", "kAA="}};
        }
        if (operation == "chipPower") {
            return json{{"atr", "O2gA"}};
        }
        if (operation == "release" || operation == "reset") {
            line.signal("cardRemoved", json::object());
            return json::object();
        }
        if (operation == "cut" || operation == "printRaw") {
            return json{{"outcome", "printed"}};
        }
        if (operation == "takePicture") {
            return json{{"picture", "/9j/2Q=="}};
        }
        if (operation == "read") {
            return json{{"symbology", "qrCode"}, {"data", "R1QxOlg="}};
        }
        if (operation == "readCard") {
            return readCard(line);
        }
        std::abort();
    }
    void watch(host::HelperLine& line) override
    {
        line.status({{"common", {{"device", "online"}}}});
    }

private:
    static json readCard(host::HelperLine& line)
    {
        line.event("CardReader.InsertCardEvent", json::object());
        line.event("CardReader.MediaInsertedEvent", json::object());
        line.event("reading", json::object());
        return {{"scheme", "UnionPay"},
                {"label", "PBOC DEBIT"},
                {"maskedPan", "622202******0123"},
                {"last4", "0123"},
                {"expiry", "2030-12"},
                {"handle", "00000000-0000-4000-8000-000000000000"},
                {"sealed", "a..b.c.d"}};
    }
    /// Prints as the ticket's number says.
    static Result<json> print(const json& arguments, host::HelperLine& line,
                              const std::stop_token& stop)
    {
        const auto how = arguments["fields"]["number"].get<std::string>();
        const auto report = [](const char* outcome, bool discarded = false,
                               const Error& error = {Errc::Denied, Remedy::ReloadPaper, "paper"}) {
            return json{{"outcome", outcome},
                        {"proof", "none"},
                        {"bytesSent", std::string(outcome) == "refused" ? 0 : 100},
                        {"restDiscarded", discarded},
                        {"error", host::errorToJson(error)}};
        };
        line.event("rendered", json::object());
        if (how == "dieBefore") {
            std::abort();
        }
        if (how == "refused") {
            return report("refused");
        }
        if (how == "stoppedLate") {
            while (!stop.stop_requested()) {
                std::this_thread::yield();
            }
        }
        if (auto allowed = line.ask("sending", {{"bytes", 100}, {"sha256", "00"}}); !allowed) {
            return report("refused", false, allowed.error());
        }
        if (how == "dieSending") {
            std::abort();
        }
        if (how == "nothingLeft") {
            return report("refused");
        }
        line.event("sent", json::object());
        if (how == "dieSent") {
            std::abort();
        }
        return how == "unknown"     ? report("unknown")
               : how == "discarded" ? report("unknown", true)
               : how == "clearedUnproven"
                   ? report("unknown", true, {Errc::Timeout, Remedy::CallStaff, "no proof"})
                   : report("printed");
    }
};

} // namespace

int main(int argc, char** argv)
{
    if (argc > 1 && std::string(argv[1]) == "dies") {
        return 1;
    }
    if (!host::hardenHelper()) {
        return 1;
    }
    host::runHelper(0, 20ms, [] { return std::make_unique<FakeDevice>(); });
}
