// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "peripherals/virtual/sdt_reader.h"
#include "tests/lab/usb_emulator.h"

namespace guichet::lab {

/// A receipt printer of the printer class: keeps what it is sent and answers status questions.
struct PrinterOnTable {
    std::mutex lock;
    Bytes received;
    std::size_t answered = 0; ///< of the received bytes
    std::uint8_t port = 0x18; ///< selected, no error
    [[nodiscard]] Bytes paper()
    {
        const std::lock_guard guard(lock);
        return received;
    }
};
[[nodiscard]] UsbModel printerModel(const std::shared_ptr<PrinterOnTable>& printer,
                                    const std::string& serial = "P-1");

enum class ReaderPipes {
    OnePair,
    TwoPairs, ///< head and rest of a frame go different ways
    Crossed,  ///< two pairs, and each part of an answer comes on the other's pipe
};
/// A resident card reader.
[[nodiscard]] UsbModel residentReaderModel(const std::shared_ptr<virtualdevices::SdtReader>& reader,
                                           ReaderPipes pipes);

/// The same device at a serial line, behind an adapter of the CDC ACM class.
[[nodiscard]] UsbModel atSerialAdapter(const UsbModel& device);

/// A hand scanner that types like a keyboard (HID), and what it says on its interrupt pipe when it
/// reads digits or capital letters: one report each. '\n': Enter.
constexpr unsigned kScannerPipe = 1;
[[nodiscard]] UsbModel handScannerModel();
[[nodiscard]] std::vector<Bytes> keystrokes(std::string_view text);

} // namespace guichet::lab
