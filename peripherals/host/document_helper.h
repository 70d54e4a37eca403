// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "peripherals/classes/document_printer.h"
#include "peripherals/host/helper_device.h"

namespace guichet::host {

/// The document printer inside its helper process. Operations: printNative {"id", "data": base64 of
/// a PDF, "repairMs"}, resume {"id", "printerJob", "repairMs"}, reset. The document exists in this
/// process's memory only and is wiped after the job. Before its first byte it asks: accepted
/// {"printerJob", "bytes"}. Events: sent; stopped {"remedy"}. A job that was not printed is no
/// error here: the result says {"outcome","printerJob","pages","error"}.
class DocumentHelper final : public HelperDevice {
public:
    explicit DocumentHelper(std::unique_ptr<DocumentPrinter> printer);

    [[nodiscard]] Result<nlohmann::json> perform(const std::string& operation,
                                                 const nlohmann::json& arguments, HelperLine& line,
                                                 std::stop_token stop) override;
    void watch(HelperLine& line) override;

private:
    [[nodiscard]] Result<nlohmann::json> print(const nlohmann::json& arguments, HelperLine& line,
                                               std::stop_token stop);
    [[nodiscard]] Result<nlohmann::json> resume(const nlohmann::json& arguments, HelperLine& line,
                                                std::stop_token stop);

    std::unique_ptr<DocumentPrinter> m_printer;
};

/// The status members of XFS4IoT for what a printer says; an Error is a printer that is away.
[[nodiscard]] nlohmann::json documentStatusMembers(const Result<DocumentPrinterStatus>& status);

} // namespace guichet::host
