// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/plugged_devices.h"

namespace guichet::host {

std::string_view pluggedDevices()
{
    return R"([cardreader]
driver = "pcsc"

[residentreader]
driver = "sdt"
connection = "usb:0400:c35a"

[receiptprinter]
driver = "escpos"
connection = "usb:printer"

[camera]
driver = "camera"
source = "v4l2:/dev/video0"

[barcodereader]
driver = "codes"
camera = "camera"

[idreader]
driver = "mrz"
camera = "camera"

[face]
driver = "face"
camera = "camera"
)";
}

} // namespace guichet::host
