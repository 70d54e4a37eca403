// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/usb_models.h"

#include <string_view>

namespace guichet::lab {
namespace {

Bytes hex(std::string_view text)
{
    return *fromHex(text);
}

std::optional<Bytes> printerRequest(PrinterOnTable& printer, const Setup& setup)
{
    constexpr std::uint8_t kDeviceId = 0, kPortStatus = 1, kReset = 2;
    constexpr std::string_view kId = "MFG:Guichet;MDL:Lab;CMD:ESC/POS;CLS:PRINTER;";
    const std::lock_guard guard(printer.lock);
    switch (setup[1]) {
    case kDeviceId: {
        Bytes answer{std::byte{}, static_cast<std::byte>(kId.size() + 2)};
        const auto text = asBytes(kId);
        answer.insert(answer.end(), text.begin(), text.end());
        return answer;
    }
    case kPortStatus:
        return Bytes{std::byte{printer.port}};
    case kReset:
        return Bytes();
    default:
        return std::nullopt;
    }
}

/// DLE EOT n: all is well. GS ( H 06 00 30 30 id: the id. GS a FF: a status block.
Bytes printerAnswers(PrinterOnTable& printer)
{
    Bytes answers;
    auto& at = printer.answered;
    const auto is = [&](std::string_view command, std::size_t size) {
        const auto text = std::string_view(reinterpret_cast<const char*>(printer.received.data()),
                                           printer.received.size());
        return text.substr(at, command.size()) == command && text.size() >= at + size;
    };
    for (; at < printer.received.size(); ++at) {
        if (is("\x10\x04", 3)) {
            answers.push_back(std::byte{0x12});
        } else if (is("\x1D\x61", 3)) {
            answers.insert(answers.end(), {std::byte{0x10}, {}, {}, {}});
        } else if (is(std::string_view("\x1D(H\x06\x00\x30\x30", 7), 11)) {
            const auto id = printer.received.begin() + static_cast<std::ptrdiff_t>(at) + 7;
            answers.insert(answers.end(), {std::byte{0x37}, std::byte{0x22}});
            answers.insert(answers.end(), id, id + 4);
            answers.push_back(std::byte{});
        }
    }
    return answers;
}

} // namespace

UsbModel printerModel(const std::shared_ptr<PrinterOnTable>& printer, const std::string& serial)
{
    return {hex("1201000200000040B804020E000100000301"),
            hex("0902200001010080320904000002070102000705010200020007058202000200"), serial,
            [printer](unsigned, ByteView bytes) {
                const std::lock_guard guard(printer->lock);
                printer->received.insert(printer->received.end(), bytes.begin(), bytes.end());
                return std::map<unsigned, Bytes>{{2, printerAnswers(*printer)}};
            },
            [printer](const Setup& setup) { return printerRequest(*printer, setup); }};
}

UsbModel residentReaderModel(const std::shared_ptr<virtualdevices::SdtReader>& reader,
                             ReaderPipes pipes)
{
    constexpr std::size_t kHead = 7;
    const bool twoPairs = pipes != ReaderPipes::OnePair;
    const auto take = [reader, twoPairs, pipes](unsigned endpoint, ByteView bytes) {
        std::map<unsigned, Bytes> answers;
        // The specification's pipes: a command on another one is not heard.
        if (twoPairs && endpoint != (bytes.size() == kHead ? 2U : 6U)) {
            return answers;
        }
        auto answer = reader->take(bytes);
        if (answer.empty() || !twoPairs) {
            answers[1] = std::move(answer);
        } else {
            const bool crossed = pipes == ReaderPipes::Crossed;
            answers[crossed ? 5 : 1] = Bytes(answer.begin(), answer.begin() + kHead);
            answers[crossed ? 1 : 5] = Bytes(answer.begin() + kHead, answer.end());
        }
        return answers;
    };
    return {hex("120100020000004000045AC3000100000301"),
            twoPairs ? hex("09022E000101008032"
                           "0904000004FF000000"
                           "07058502000200"
                           "07050602000200"
                           "07050202000200"
                           "07058102000200")
                     : hex("090220000101008032"
                           "0904000002FF000000"
                           "07050202000200"
                           "07058102000200"),
            "R-1",
            take,
            {}};
}

UsbModel atSerialAdapter(const UsbModel& device)
{
    static constexpr unsigned kBulkIn = 1;
    return {hex("12010002020000402505A7A4000100000301"),
            hex("090243000201008032"
                "090400000102020100"
                "052400100105240100010424020205240600010705830308000A"
                "09040100020A000000"
                "07058102000200"
                "07050202000200"),
            device.serial,
            [out = device.out](unsigned endpoint, ByteView bytes) {
                Bytes line;
                for (const auto& [pipe, said] : out(endpoint, bytes)) {
                    line.insert(line.end(), said.begin(), said.end());
                }
                return std::map<unsigned, Bytes>{{kBulkIn, line}};
            },
            // Speed and control lines are set and mean nothing here.
            [](const Setup&) { return Bytes(7); }};
}

UsbModel handScannerModel()
{
    return {hex("12010002000000402E0C610B000100000301"),
            hex("090222000101008032"
                "090400000103010100"
                "092111010001223F00"
                "07058103080001"),
            "S-1",
            {},
            [](const Setup&) { return Bytes(); }, // idle rate, lights
            hex("05010906A101050719E029E71500250175019508810295017508810395057501050819012905"
                "910295017503910395067508150025650507190029658100C0")};
}

/// Modifiers, nothing, up to six keys: HID usage tables, keyboard page.
std::vector<Bytes> keystrokes(std::string_view text)
{
    constexpr std::byte kShift{0x02};
    std::vector<Bytes> reports;
    for (const char each : text) {
        Bytes pressed(8);
        if (each == '\n') {
            pressed[2] = std::byte{0x28};
        } else if (each >= 'A' && each <= 'Z') {
            pressed[0] = kShift;
            pressed[2] = static_cast<std::byte>(0x04 + each - 'A');
        } else {
            pressed[2] = static_cast<std::byte>(each == '0' ? 0x27 : 0x1E + each - '1');
        }
        reports.push_back(std::move(pressed));
        reports.emplace_back(8);
    }
    return reports;
}

} // namespace guichet::lab
