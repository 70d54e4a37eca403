// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <sys/socket.h>

#include <fcntl.h>
#include <unistd.h>

#include "peripherals/base/sealing.h"
#include "peripherals/base/unique_handle.h"
#include "peripherals/host/confinement.h"
#include "peripherals/host/helper_loop.h"
#include "peripherals/host/helper_protocol.h"

namespace {

using namespace guichet;
using namespace std::chrono_literals;
using nlohmann::json;

/// A device that misbehaves on request.
class FakeDevice final : public host::HelperDevice {
public:
    /// Zones are to be sealed to that key, which also says how the chip behaves; empty: to none.
    explicit FakeDevice(std::string zoneKey = {})
        : m_zoneKey(std::move(zoneKey))
    {
    }
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
        if (operation == "probe") {
            return probe(arguments);
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
        if (operation == "printNative") {
            return printDocument(arguments.at("id"), line, stop);
        }
        if (operation == "resume") {
            return findDocument(arguments.at("id"), stop);
        }
        if (operation == "setLights") {
            return arguments.at("rates").contains("pinPad")
                       ? Result<json>(fail(Errc::NotFound, "no such light"))
                       : json::object();
        }
        if (operation == "readImage") {
            return readImage(arguments, line, stop);
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
        if (operation == "readPassport") {
            return readPassport(arguments, line);
        }
        if (operation == "readDataGroups") {
            return readDataGroups(arguments, line, stop);
        }
        if (operation == "takeFace") {
            return takeFace(line);
        }
        if (operation == "checkFace") {
            return json{{"match",
                         {{"verdict", "notChecked"},
                          {"reason", "no model"},
                          {"score", nullptr},
                          {"threshold", 0.363},
                          {"unverified", true}}}};
        }
        if (operation == "readMrz") {
            return readMrz(arguments, line);
        }
        if (operation == "readResident") {
            return readResident(line);
        }
        std::abort();
    }
    void watch(host::HelperLine& line) override
    {
        if (!m_zoneKey.empty()) {
            line.signal("zoneRecipient", {{"publicKey", std::exchange(m_zoneKey, {})}});
        }
        line.status({{"common", {{"device", "online"}}}});
    }

private:
    /// What this process may still do, by trying it.
    static json probe(const json& arguments)
    {
        const auto file = [&arguments](const char* name, int flags) {
            const UniqueFd opened(::open(arguments[name].get<std::string>().c_str(), flags));
            return bool(opened);
        };
        const auto socket = [](int family) {
            return bool(UniqueFd(::socket(family, SOCK_STREAM, 0)));
        };
        bool thread = false;
        std::thread([&thread] { thread = true; }).join();
        const auto child = ::fork();
        if (child == 0) {
            std::_Exit(0);
        }
        return {{"reads", file("readable", O_RDONLY)},
                {"writesReadable", file("readable", O_WRONLY)},
                {"readsForbidden", file("forbidden", O_RDONLY)},
                {"writes", file("writable", O_RDWR)},
                {"library", bool(UniqueFd(::open("/etc/passwd", O_RDONLY)))},
                {"local", socket(AF_UNIX)},
                {"network", socket(AF_INET)},
                {"packets", bool(UniqueFd(::socket(AF_PACKET, SOCK_RAW, 0)))},
                {"thread", thread},
                {"process", child > 0},
                {"program", ::system("exit 0") == 0}};
    }
    static json zonesFor(const json& recipients)
    {
        auto zoneFor = json::object();
        for (const auto& [device, key] : recipients.items()) {
            zoneFor[device] = "zone for " + key.get<std::string>();
        }
        return zoneFor;
    }
    /// Nobody ever lays down what is to be scanned in grey.
    static Result<json> readImage(const json& arguments, host::HelperLine& line,
                                  const std::stop_token& stop)
    {
        const bool front = arguments.value("front", true);
        line.event(front ? "Printer.NoMediaEvent" : "showDocument", json::object());
        if (!arguments.at("colour").get<bool>()) {
            waitFor(stop);
            return fail(Errc::Cancelled, "stopped");
        }
        line.event(front ? "Printer.MediaInsertedEvent" : "reading", json::object());
        auto result = front ? json{{"picture", "/9j/2Q=="}} : json::object();
        if (const auto recipients = arguments.find("recipients"); recipients != arguments.end()) {
            result["zoneFor"] = zonesFor(*recipients);
        }
        return result;
    }
    static Result<json> readDataGroups(const json& arguments, host::HelperLine& line,
                                       const std::stop_token& stop)
    {
        const auto zone = arguments.at("sealedZone").get<std::string>();
        line.event("CardReader.InsertCardEvent", json::object());
        if (zone == "zone for noChip") {
            waitFor(stop);
            return fail(Errc::Cancelled, "stopped");
        }
        line.event("CardReader.MediaInsertedEvent", json::object());
        line.event("reading", json::object());
        if (zone == "zone for slow") {
            waitFor(stop);
            return fail(Errc::Cancelled, "stopped");
        }
        if (zone == "zone for dies") {
            std::abort();
        }
        if (zone == "zone for torn") {
            return fail(Errc::Disconnected, "torn out", Remedy::ReinsertCard);
        }
        if (zone == "zone for other") {
            return fail(Errc::Denied, "the key does not fit", Remedy::Retry);
        }
        if (zone == "zone for bankCard") {
            return fail(Errc::Unsupported, "no travel document", Remedy::RemoveCard);
        }
        if (zone == "zone for restarted") {
            return fail(Errc::NotFound, "sealed to another key", Remedy::Retry);
        }
        const bool face = arguments.at("face").get<bool>() && zone != "zone for faceless";
        const std::string files = face ? R"({"DG1":"YQ==","DG2":"dQ=="})" : R"({"DG1":"YQ=="})";
        const auto recipient = SealingKey::fromPem(arguments.at("recipient").get<std::string>());
        return json{{"sealed", *recipient->seal(asBytes(files))}};
    }
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
                {"authentication", {{"method", "dda"}, {"verdict", "genuine"}, {"reason", ""}}},
                {"handle", "00000000-0000-4000-8000-000000000000"},
                {"sealed", "a..b.c.d"}};
    }
    static json takeFace(host::HelperLine& line)
    {
        for (const char* advice : {"showFace", "comeCloser", "moreLight", "holdStill"}) {
            line.event(advice, json::object());
        }
        return {{"verdict", "good"}, {"steady", true}, {"finder", "cascades"},
                {"faces", 1},        {"width", 0.4},   {"light", 120},
                {"burnt", 0},        {"sides", 1.1},   {"eyes", 2},
                {"sharpness", 0.05}, {"tilt", -3}};
    }
    static json readMrz(const json& arguments, host::HelperLine& line)
    {
        line.event("showDocument", json::object());
        return {{"format", "TD3"},
                {"documentCode", "PO"},
                {"issuer", "UTO"},
                {"nationality", "UTO"},
                {"surname", "LI"},
                {"givenName", "MING"},
                {"nameMayBeCut", false},
                {"sex", "male"},
                {"birth", "1985-06-10"},
                {"validTo", "2033-01-01"},
                {"expired", false},
                {"maskedNumber", "E******32"},
                {"confirm", false},
                {"repaired", false},
                {"handle", "00000000-0000-4000-8000-000000000001"},
                {"zoneFor", zonesFor(arguments.at("recipients"))},
                {"sealed", "a..b.c.d"}};
    }
    static Result<json> readPassport(const json& arguments, host::HelperLine& line)
    {
        if (arguments.contains("sealedZone") &&
            arguments.at("sealedZone") != "zone for the fake's key") {
            return fail(Errc::NotFound, "sealed to another key", Remedy::Retry);
        }
        const json key = arguments.value("key", json{{"documentNumber", "E98765432"}});
        line.event("reading", json::object());
        const json fine{{"verdict", "passed"}, {"reason", "it fits"}};
        const auto number = key.at("documentNumber").get<std::string>();
        return json{
            {"documentCode", "PO"},
            {"issuer", "UTO"},
            {"nationality", "UTO"},
            {"surname", "LI"},
            {"givenName", "MING"},
            {"fullName", "李明"},
            {"nameMayBeCut", false},
            {"sex", "male"},
            {"birth", "1985-06-10"},
            {"validTo", "2033-01-01"},
            {"expired", false},
            {"maskedNumber", number.substr(0, 1) + "******" + number.substr(7)},
            {"portrait", "sealed"},
            {"access", "pace"},
            {"checks",
             {{"signature", fine},
              {"chain", fine},
              {"country", fine},
              {"hashes", {{"DG1", fine}}},
              {"printedZone", fine},
              {"accessOffer", fine},
              {"chipAuthentication", fine},
              {"activeAuthentication", {{"verdict", "notChecked"}, {"reason", "no DG15"}}}}},
            {"handle", "00000000-0000-4000-8000-000000000000"},
            {"sealed", "a..b.c.d"}};
    }
    static json readResident(host::HelperLine& line)
    {
        line.event("insertCard", json::object());
        line.event("reading", json::object());
        return {{"kind", "resident"},
                {"name", "李明"},
                {"englishName", ""},
                {"sex", "female"},
                {"ethnicGroup", "汉"},
                {"birth", "1949-12-31"},
                {"maskedNumber", "110***********002X"},
                {"numberOk", true},
                {"issuedBy", "北京市公安局"},
                {"nationality", ""},
                {"validFrom", "2018-06-30"},
                {"validTo", nullptr},
                {"longTerm", true},
                {"expired", false},
                {"nameMayBeCut", false},
                {"unreadable", false},
                {"photo", "notDecoded"},
                {"handle", "00000000-0000-4000-8000-000000000000"},
                {"sealed", "a..b.c.d"}};
    }
    static json documentReport(const char* outcome,
                               const Error& error = {Errc::Denied, Remedy::ReloadPaper, "paper"})
    {
        return {{"outcome", outcome},
                {"printerJob", 7},
                {"pages", 1},
                {"error", host::errorToJson(error)}};
    }
    static void waitFor(const std::stop_token& stop)
    {
        while (!stop.stop_requested()) {
            std::this_thread::yield();
        }
    }
    /// Finds what the document's id says behind its dot.
    static json findDocument(const std::string& id, const std::stop_token& stop)
    {
        if (id.ends_with(".stopped")) {
            waitFor(stop);
            return documentReport("ended", {Errc::Cancelled, Remedy::None, "stopped"});
        }
        return documentReport(id.ends_with(".printed") ? "printed"
                              : id.ends_with(".ended") ? "ended"
                                                       : "unknown");
    }
    /// Prints as the document's id says, up to its first dot.
    static Result<json> printDocument(const std::string& id, host::HelperLine& line,
                                      const std::stop_token& stop)
    {
        const auto how = id.substr(0, id.find('.'));
        const Error stopped{Errc::Cancelled, Remedy::None, "stopped"};
        if (how == "dieBefore") {
            std::abort();
        }
        if (how == "refused") {
            return documentReport("refused");
        }
        if (how == "stoppedBefore") {
            waitFor(stop);
            return documentReport("refused", stopped);
        }
        if (auto kept = line.ask("accepted", {{"printerJob", 7}, {"bytes", 100}}); !kept) {
            return documentReport("refused", kept.error());
        }
        if (how == "dieAccepted") {
            std::abort();
        }
        if (how == "stoppedSending") {
            waitFor(stop);
            return documentReport("ended", stopped);
        }
        line.event("sent", json::object());
        if (how == "dieSent") {
            std::abort();
        }
        if (how == "stoppedSent") {
            waitFor(stop);
            return documentReport("ended", stopped);
        }
        return documentReport(how == "ended" ? "ended" : "printed");
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

    std::string m_zoneKey; ///< until it is told
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
    if (argc > 4 && std::string(argv[1]) == "confined") {
        const host::Confinement allowed{.readable = {argv[2]},
                                        .writable = {argv[3]},
                                        .network = std::string(argv[4]) == "network"};
        if (!host::confine(allowed)) {
            return 1;
        }
    }
    const std::string zoneKey = argc > 2 && std::string(argv[1]) == "zoneKey" ? argv[2] : "";
    host::runHelper(0, 20ms, [zoneKey] { return std::make_unique<FakeDevice>(zoneKey); });
}
