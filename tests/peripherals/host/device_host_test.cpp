// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/device_host.h"

#include <catch2/catch.hpp>

#include "peripherals/base/bytes.h"
#include "peripherals/host/printing_service.h"
#include "peripherals/xfs/ticket_form.h"
#include "tests/peripherals/host/served_terminal.h"

using namespace guichet;
using namespace guichet::host;
using namespace guichet::test;
using nlohmann::json;

TEST_CASE("devices: what the card reader says is what the standard allows", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "cardreader");
    wire.waitUntilOnline();
    const auto succeeds = [&wire](const char* name, const char* version, const json& payload) {
        const auto end = wire.command(name, version, payload);
        INFO(end.dump());
        CHECK(end["header"]["completionCode"] == "success");
    };
    succeeds("Common.Capabilities", "2.0", json::object());
    succeeds("Common.SetVersions", "2.0", {{"commands", {{"CardReader.ChipIO", 3}}}});
    succeeds("Common.SetTransactionState", "2.0", {{"state", "active"}, {"transactionID", "x"}});
    succeeds("Common.GetTransactionState", "2.0", json::object());
    succeeds("CardReader.QueryIFMIdentifier", "2.0", json::object());
    succeeds("CardReader.ReadRawData", "2.0", {{"chip", true}});
    succeeds("CardReader.ChipIO", "3.0", {{"chipProtocol", "chipT0"}, {"chipData", "AKQEAA=="}});
    succeeds("CardReader.ChipPower", "2.0", {{"chipPower", "cold"}});
    succeeds("CardReader.Move", "2.0", {{"from", "transport"}, {"to", "exit"}});
    succeeds("CardReader.Reset", "2.0", json::object());
    const auto wrong = wire.command("CardReader.ChipPower", "2.0", {{"chipPower", "lukewarm"}});
    CHECK(wrong["header"]["completionCode"] == "invalidData");
}

TEST_CASE("devices: a refused command names the one field that is wrong", "[host]")
{
    const auto [name, version, payload, field] = GENERATE(
        std::tuple("CardReader.ReadRawData", "2.0", json{{"track2", 1}}, "track2"),
        std::tuple("CardReader.ChipIO", "3.0", json{{"chipData", "AKQEAA=="}}, "chipProtocol"),
        std::tuple("CardReader.ChipIO", "3.0", json{{"chipProtocol", "chipT0"}}, "chipData"),
        std::tuple("CardReader.ChipIO", "3.0",
                   json{{"chipProtocol", "chipT0"}, {"chipData", "AKQE"}}, "chipData"),
        std::tuple("CardReader.ChipIO", "3.0",
                   json{{"chipProtocol", "chipT0"}, {"chipData", std::string(87'396, 'A')}},
                   "chipData"),
        std::tuple("CardReader.Move", "2.0", json{{"from", 1}}, "from"),
        std::tuple("CardReader.Move", "2.0", json{{"to", 1}}, "to"));
    const Devices devices;
    XfsWire wire(devices, "cardreader");
    const auto end = wire.command(name, version, payload);
    CHECK(end["header"]["completionCode"] == "invalidData");
    CHECK(end["header"]["errorDescription"].get<std::string>().rfind(field, 0) == 0);
}

TEST_CASE("devices: what the printer says is what the standard allows", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "receiptprinter");
    wire.waitUntilOnline();
    const auto succeeds = [&wire](const char* name, const char* version, const json& payload) {
        const auto end = wire.command(name, version, payload);
        INFO(end.dump());
        CHECK(end["header"]["completionCode"] == "success");
    };
    xfs::TicketForm form;
    form.ticketId = "t";
    form.number = "A012";
    succeeds("Common.Capabilities", "2.0", json::object());
    succeeds("Printer.GetFormList", "2.0", json::object());
    succeeds("Printer.GetMediaList", "2.0", json::object());
    succeeds("Printer.GetQueryForm", "2.0", {{"formName", "ticket"}});
    succeeds("Printer.GetQueryMedia", "3.0", {{"name", "receipt"}});
    succeeds(
        "Printer.PrintForm", "3.0",
        {{"formName", "ticket"}, {"mediaName", "receipt"}, {"fields", xfs::ticketFields(form)}});
    succeeds("Printer.PrintRaw", "3.0", {{"data", "G0A="}});
    succeeds("Printer.ControlMedia", "3.0", {{"mediaControl", {{"cut", true}}}});
    succeeds("Printer.Reset", "3.0", json::object());
    const auto wrong =
        wire.command("Printer.ControlMedia", "3.0", {{"mediaControl", {{"stamp", true}}}});
    CHECK(wrong["header"]["completionCode"] == "invalidData");

    Wire printing(devices, kPrintingPath);
    printing.send({{"id", 1}, {"op", "attempt"}, {"ticketId", "t"}, {"printIndex", 1}});
    const auto answer = printing.frames.take();
    CHECK(own("printing.message.json", answer));
    CHECK(answer["state"] == "printed");
    printing.send({{"id", 2}, {"op", "history"}, {"ticketId", "t"}});
    const auto history = printing.frames.take();
    CHECK(own("printing.message.json", history));
    CHECK(history == json{{"id", 2}, {"next", 2}, {"paper", true}});
}

TEST_CASE("devices: what the document printer says is what the standard allows", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "documentprinter");
    wire.waitUntilOnline();
    const auto print = [&wire](const json& payload) {
        return wire.command("Printer.PrintNative", "3.0", payload)["header"]["completionCode"];
    };
    CHECK(print({{"data", toBase64(asBytes("%PDF-1.4 ..."))}}) == "success");
    CHECK(print({{"data", toBase64(asBytes("%!PS"))}}) == "invalidData");
    CHECK(print({{"data", "?"}}) == "invalidData");
    CHECK(print(json::object()) == "invalidData");
    CHECK(print({{"data", toBase64(asBytes("%PDF-1.4"))}, {"paperSource", "lower"}}) ==
          "invalidData");
    CHECK(wire.command("Printer.Reset", "3.0", json::object())["header"]["completionCode"] ==
          "success");
    CHECK(wire.command("Common.Capabilities", "2.0",
                       json::object())["payload"]["printer"]["type"] == json{{"document", true}});
    // A member that is none of the standard's is nothing to us.
    CHECK(print({{"data", toBase64(asBytes("%PDF-1.4"))}, {"documentId", "ended"}}) == "success");
}

TEST_CASE("devices: a document is printed once under its client's id", "[host]")
{
    const Devices devices;
    XfsWire(devices, "documentprinter").waitUntilOnline();
    Wire wire(devices, kPrintingPath);
    int id = 0;
    const auto ask = [&](json request) {
        request["id"] = ++id;
        CHECK(own("printing.request.json", request));
        wire.send(request);
        auto answer = wire.frames.take();
        INFO(answer.dump());
        CHECK(own("printing.message.json", answer));
        CHECK(answer["id"] == id);
        return answer;
    };
    const auto state = [&](const char* document) {
        return ask({{"op", "document"}, {"documentId", document}})["state"];
    };
    const auto print = [&](const char* document) {
        return ask({{"op", "print"}, {"documentId", document}, {"data", "JVBERi0xLjQ="}});
    };
    CHECK(state("printed") == "none");
    CHECK(print("printed")["state"] == "printed");
    CHECK(state("printed") == "printed");
    CHECK(print("ended")["error"]["remedy"] == "reloadPaper");
    CHECK(print("ended")["error"]["code"] == "conflict");
    CHECK(state("ended") == "ended");
    CHECK(ask({{"op", "print"},
               {"documentId", "other"},
               {"data", "JVBERi0xLjQ="},
               {"device", "receiptprinter"}})["error"]["code"] == "unsupported");
    CHECK(state("other") == "none");
}

TEST_CASE("devices: a document that is being printed is cancelled by its client's word or loss",
          "[host]")
{
    const Devices devices;
    XfsWire(devices, "documentprinter").waitUntilOnline();
    auto wire = std::make_unique<Wire>(devices, kPrintingPath);
    Wire other(devices, kPrintingPath);
    const auto state = [&other] {
        other.send({{"id", 1}, {"op", "document"}, {"documentId", "stoppedSent"}});
        return other.frames.take()["state"];
    };
    wire->send({{"id", 1}, {"op", "cancel"}});
    CHECK(wire->frames.take()["error"]["code"] == "notFound");
    wire->send(
        {{"id", 2}, {"op", "print"}, {"documentId", "stoppedSent"}, {"data", "JVBERi0xLjQ="}});
    while (state() != "sent") {
    }
    wire->send({{"id", 3}, {"op", "print"}, {"documentId", "b"}, {"data", "JVBERi0xLjQ="}});
    CHECK(wire->frames.take()["error"]["code"] == "busy");
    SECTION("word")
    {
        wire->send({{"id", 4}, {"op", "cancel"}});
        const auto heard = wire->frames.take();
        CHECK(own("printing.message.json", heard));
        CHECK(heard == json{{"id", 4}, {"cancelled", true}});
        const auto end = wire->frames.take();
        CHECK(own("printing.message.json", end));
        CHECK(end["id"] == 2);
        CHECK(end["state"] == "ended");
        CHECK(end["error"]["code"] == "cancelled");
    }
    SECTION("loss")
    {
        wire.reset();
    }
    while (state() != "ended") {
    }
}

TEST_CASE("devices: what the scanner says is what the standard allows", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "idreader");
    wire.waitUntilOnline();
    const auto scan = [&wire](const json& payload) {
        return wire.command("Printer.ReadImage", "3.0", payload);
    };
    const auto codeOf = [&scan](const json& payload) {
        return scan(payload)["header"]["completionCode"].get<std::string>();
    };
    const auto end = scan({{"frontImage", {{"imageType", "jpg"}, {"colorFormat", "fullcolor"}}}});
    CHECK(end["payload"]["images"]["front"]["status"] == "ok");
    CHECK(codeOf({{"frontImage", json::object()}, {"backImage", nullptr}}) == "success");
    CHECK(codeOf(json::object()) == "invalidData");
    CHECK(codeOf({{"frontImage", true}}) == "invalidData");
    CHECK(codeOf({{"frontImage", {{"imageType", 1}}}}) == "invalidData");
    CHECK(codeOf({{"frontImage", {{"imageType", "tif"}}}}) == "unsupportedData");
    CHECK(codeOf({{"frontImage", {{"colorFormat", "binary"}}}}) == "unsupportedData");
    CHECK(codeOf({{"frontImage", json::object()}, {"backImage", json::object()}}) ==
          "unsupportedData");
    CHECK(codeOf({{"frontImage", json::object()}, {"passportDataGroup1", true}}) ==
          "unsupportedData");
    CHECK(codeOf({{"frontImage", json::object()}, {"passportDataGroup2", false}}) == "success");
    const auto refused = scan({{"passportDataGroup1", true}});
    CHECK(refused["header"]["completionCode"] == "unsupportedData");
    CHECK(refused["header"]["errorDescription"].get<std::string>().rfind("passportDataGroup1", 0) ==
          0);
    const auto capabilities =
        wire.command("Common.Capabilities", "2.0", json::object())["payload"]["printer"];
    CHECK(capabilities["type"] == json{{"scanner", true}});
    CHECK(capabilities["imageSource"] == json{{"imageFront", true}});
    CHECK(wire.command("Printer.Reset", "3.0", json::object())["header"]["completionCode"] ==
          "success");
}

TEST_CASE("devices: a scan that the standard has no word for names the one field", "[host]")
{
    const auto [payload, field] = GENERATE(
        std::tuple(json{{"passportDataGroup1", false}}, "frontImage"),
        std::tuple(json{{"frontImage", {{"imageType", "heic"}}}}, "frontImage.imageType"),
        std::tuple(json{{"frontImage", {{"colorFormat", "purple"}}}}, "frontImage.colorFormat"),
        std::tuple(json{{"frontImage", {{"colorFormat", 1}}}}, "frontImage.colorFormat"),
        std::tuple(json{{"backImage", true}}, "backImage"),
        std::tuple(json{{"backImage", {{"imageType", "heic"}}}}, "backImage.imageType"),
        std::tuple(json{{"frontImage", json::object()}, {"passportDataGroup1", "yes"}},
                   "passportDataGroup1"),
        std::tuple(json{{"frontImage", json::object()}, {"passportDataGroup2", 1}},
                   "passportDataGroup2"));
    const Devices devices;
    XfsWire wire(devices, "idreader");
    const auto end = wire.command("Printer.ReadImage", "3.0", payload);
    CHECK(end["header"]["completionCode"] == "invalidData");
    CHECK(end["header"]["errorDescription"].get<std::string>().rfind(field, 0) == 0);
}

namespace {

/// A scan for which nobody lays anything down.
void startEndlessScan(XfsWire& wire, int id, int timeoutMs)
{
    wire.beginScan(id, timeoutMs, {{"frontImage", {{"colorFormat", "grayscale"}}}});
}

void awaitCustomerAsked(XfsWire& wire)
{
    while (wire.frames.take()["header"]["name"] != "Printer.NoMediaEvent") {
    }
}

/// How it ends.
std::string endOf(XfsWire& wire, int id)
{
    for (;;) {
        const auto header = wire.frames.take()["header"];
        if (header["type"] == "completion" && header["requestId"] == id) {
            return header["completionCode"];
        }
    }
}

} // namespace

TEST_CASE("devices: a scan without a time-out ends when cancelled, one with it by itself", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "idreader");
    wire.waitUntilOnline();
    startEndlessScan(wire, 1001, 0);
    awaitCustomerAsked(wire);
    wire.send({{"header",
                {{"type", "command"},
                 {"name", "Common.Cancel"},
                 {"version", "2.0"},
                 {"requestId", 1002}}},
               {"payload", {{"requestIds", {1001}}}}});
    CHECK(endOf(wire, 1001) == "canceled");
    startEndlessScan(wire, 1003, 50);
    CHECK(endOf(wire, 1003) == "timeOut");
}

TEST_CASE("devices: a client that leaves in the middle of a scan makes room for the next", "[host]")
{
    const Devices devices;
    auto lost = std::make_unique<XfsWire>(devices, "idreader");
    lost->waitUntilOnline();
    startEndlessScan(*lost, 1001, 0);
    awaitCustomerAsked(*lost);
    XfsWire next(devices, "idreader");
    CHECK(next.command("Common.Status", "2.0", json::object())["payload"]["common"]["device"] ==
          "online");
    lost.reset();
    const auto end =
        next.command("Printer.ReadImage", "3.0", {{"frontImage", {{"imageType", "jpg"}}}});
    CHECK(end["header"]["completionCode"] == "success");
}

TEST_CASE("devices: what the sensors say is what the standard allows", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "auxiliaries");
    wire.waitUntilOnline();
    const auto can = wire.command("Common.Capabilities", "2.0", json::object())["payload"];
    CHECK(can["auxiliaries"].size() == sensorNames().size() - 1);
    CHECK(can["common"]["antiFraudModule"] == true);
}

TEST_CASE("devices: what the lights say is what the standard allows", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "lights");
    wire.waitUntilOnline();
    const auto endOf = [&wire](const json& payload) {
        const auto end = wire.command("Lights.SetLight", "3.0", payload);
        const auto code = end["header"]["completionCode"].get<std::string>();
        return code == "commandErrorCode" ? end["payload"]["errorCode"].get<std::string>() : code;
    };
    const auto light = [](const char* name, json value) {
        return json{{name, {{"default", std::move(value)}}}};
    };
    CHECK(endOf(light("cardReader", {{"flashRate", "medium"}})) == "success");
    CHECK(endOf(json{{"cardReader", nullptr}}) == "success");
    CHECK(endOf(light("pinPad", {{"flashRate", "medium"}})) == "invalidLight");
    CHECK(endOf({{"cardReader", {{"left", {{"flashRate", "off"}}}}}}) == "invalidLight");
    CHECK(endOf(light("cardReader", {{"flashRate", "frantic"}})) == "invalidData");
    CHECK(endOf(light("cardReader", json::object())) == "invalidData");
    CHECK(endOf({{"cardReader", "medium"}}) == "invalidData");
    CHECK(endOf(light("cardReader", {{"flashRate", "slow"}, {"color", "red"}})) ==
          "unsupportedData");
    const auto can = wire.command("Common.Capabilities", "2.0", json::object())["payload"];
    CHECK(can["lights"]["cardReader"]["default"]["flashRate"]["quick"] == true);
}

TEST_CASE("devices: what the camera says is what the standard allows", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "camera");
    wire.waitUntilOnline();
    const auto codeOf = [&wire](const char* name, const json& payload) {
        const auto end = wire.command(name, "2.0", payload);
        INFO(end.dump());
        return end["header"]["completionCode"].get<std::string>();
    };
    CHECK(codeOf("Common.Capabilities", json::object()) == "success");
    CHECK(codeOf("Camera.TakePicture", {{"camera", "person"}}) == "success");
    CHECK(codeOf("Camera.TakePicture", {{"camera", "person"}, {"camData", ""}}) == "success");
    CHECK(codeOf("Camera.TakePicture", {{"camera", "person"}, {"camData", "x"}}) ==
          "unsupportedData");
    CHECK(codeOf("Camera.TakePicture", {{"camera", "room"}}) == "commandErrorCode");
    CHECK(codeOf("Camera.TakePicture", {{"camera", 1}}) == "invalidData");
    CHECK(codeOf("Camera.TakePicture", json::object()) == "invalidData");
    CHECK(codeOf("Camera.Reset", json::object()) == "success");
}

TEST_CASE("devices: what the barcode reader says is what the standard allows", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "barcodereader");
    wire.waitUntilOnline();
    const auto endOf = [&wire](const char* name, const json& payload) {
        return wire.command(name, "2.0", payload);
    };
    const auto codeOf = [&endOf](const char* name, const json& payload) {
        return endOf(name, payload)["header"]["completionCode"].get<std::string>();
    };
    CHECK(codeOf("Common.Capabilities", json::object()) == "success");
    const auto end = endOf("BarcodeReader.Read", {{"symbologies", {{"qrCode", true}}}});
    CHECK(end["payload"]["readOutput"] == json::array({{{"symbology", "qrCode"},
                                                        {"barcodeData", "R1QxOlg="},
                                                        {"symbologyName", "QR Code"}}}));
    CHECK(codeOf("BarcodeReader.Read", json::object()) == "success");
    CHECK(codeOf("BarcodeReader.Read", {{"symbologies", nullptr}}) == "success");
    CHECK(codeOf("BarcodeReader.Read", {{"symbologies", {{"msi", true}}}}) == "unsupportedData");
    CHECK(codeOf("BarcodeReader.Read", {{"symbologies", {{"msi", 1}}}}) == "invalidData");
    CHECK(codeOf("BarcodeReader.Read", {{"symbologies", true}}) == "invalidData");
    CHECK(codeOf("BarcodeReader.Reset", json::object()) == "success");
}

TEST_CASE("devices: a printing request that makes no sense names the one field", "[host]")
{
    const auto [request, field] = GENERATE(
        std::pair(json{{"id", 1}, {"op", "fly"}}, "op"),
        std::pair(json{{"id", 1}, {"op", "attempt"}, {"printIndex", 1}}, "ticketId"),
        std::pair(json{{"id", 1}, {"op", "attempt"}, {"ticketId", "t"}}, "printIndex"),
        std::pair(json{{"id", 1}, {"op", "document"}, {"documentId", 7}}, "documentId"),
        std::pair(json{{"id", 1}, {"op", "print"}, {"data", "?"}}, "documentId"),
        std::pair(json{{"id", 1}, {"op", "print"}, {"documentId", ""}}, "documentId"),
        std::pair(json{{"id", 1}, {"op", "print"}, {"documentId", "Li Ming"}}, "documentId"),
        std::pair(json{{"id", 1}, {"op", "print"}, {"documentId", std::string(128, 'a')}},
                  "documentId"),
        std::pair(json{{"id", 1}, {"op", "print"}, {"documentId", "a"}}, "data"),
        std::pair(json{{"id", 1},
                       {"op", "print"},
                       {"documentId", "a"},
                       {"data", "JVBERi0xLjQ="},
                       {"device", 7}},
                  "device"),
        std::pair(json{{"id", 1},
                       {"op", "print"},
                       {"documentId", "a"},
                       {"data", "JVBERi0xLjQ="},
                       {"repairMs", -1}},
                  "repairMs"));
    const Devices devices;
    Wire wire(devices, kPrintingPath);
    wire.send(request);
    const auto message = wire.frames.take();
    CHECK(own("printing.message.json", message));
    CHECK(message["error"]["detail"].get<std::string>().rfind(field, 0) == 0);
}
