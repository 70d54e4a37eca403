// SPDX-License-Identifier: Apache-2.0
#include "drivers/ipp/ipp_requests.h"

#include <array>

#include "drivers/ipp/ipp_message.h"

namespace guichet::ipp {
namespace {

constexpr const char* kUser = "guichet";
constexpr int kMostJobsAsked = 500;

constexpr std::array kPrinterAttributes{
    "printer-state",   "printer-state-reasons", "printer-is-accepting-jobs",
    "cups-version",    "operations-supported",  "document-format-supported",
    "media-supported", "sides-supported",
};
constexpr std::array kJobAttributes{
    "job-id",
    "job-name",
    "job-state",
    "job-state-reasons",
    "job-impressions-completed",
    "number-of-documents",
};

Message request(const Address& to, ipp_op_t operation, int job = 0)
{
    Message message(ippNew());
    auto* raw = message.get();
    ippSetVersion(raw, 2, 0);
    ippSetOperation(raw, operation);
    ippSetRequestId(raw, to.requestId);
    ippAddString(raw, IPP_TAG_OPERATION, IPP_TAG_CHARSET, "attributes-charset", nullptr, "utf-8");
    ippAddString(raw, IPP_TAG_OPERATION, IPP_TAG_LANGUAGE, "attributes-natural-language", nullptr,
                 "en");
    ippAddString(raw, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", nullptr,
                 to.printerUri.c_str());
    if (job > 0) {
        ippAddInteger(raw, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", job);
    }
    ippAddString(raw, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", nullptr, kUser);
    return message;
}

template <std::size_t N> void ask(const Message& message, const std::array<const char*, N>& names)
{
    ippAddStrings(message.get(), IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes",
                  static_cast<int>(N), nullptr, names.data());
}

} // namespace

Bytes encodeGetPrinter(const Address& to)
{
    const auto message = request(to, IPP_OP_GET_PRINTER_ATTRIBUTES);
    ask(message, kPrinterAttributes);
    return toBytes(message.get());
}

Bytes encodeCreateJob(const Address& to, std::string_view name, Sides sides)
{
    const auto message = request(to, IPP_OP_CREATE_JOB);
    auto* raw = message.get();
    ippAddString(raw, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", nullptr,
                 std::string(name).c_str());
    ippAddInteger(raw, IPP_TAG_JOB, IPP_TAG_INTEGER, "copies", 1);
    ippAddString(raw, IPP_TAG_JOB, IPP_TAG_KEYWORD, "media", nullptr, "iso_a4_210x297mm");
    ippAddString(raw, IPP_TAG_JOB, IPP_TAG_KEYWORD, "sides", nullptr,
                 sides == Sides::One ? "one-sided" : "two-sided-long-edge");
    return toBytes(raw);
}

Bytes encodeSendDocument(const Address& to, int job, std::string_view name)
{
    const auto message = request(to, IPP_OP_SEND_DOCUMENT, job);
    auto* raw = message.get();
    ippAddString(raw, IPP_TAG_OPERATION, IPP_TAG_NAME, "document-name", nullptr,
                 std::string(name).c_str());
    ippAddString(raw, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", nullptr,
                 "application/pdf");
    ippAddBoolean(raw, IPP_TAG_OPERATION, "last-document", 1);
    return toBytes(raw);
}

Bytes encodeGetJob(const Address& to, int job)
{
    const auto message = request(to, IPP_OP_GET_JOB_ATTRIBUTES, job);
    ask(message, kJobAttributes);
    return toBytes(message.get());
}

Bytes encodeGetJobs(const Address& to, WhichJobs which)
{
    const auto message = request(to, IPP_OP_GET_JOBS);
    ippAddString(message.get(), IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", nullptr,
                 which == WhichJobs::Completed ? "completed" : "not-completed");
    ippAddInteger(message.get(), IPP_TAG_OPERATION, IPP_TAG_INTEGER, "limit", kMostJobsAsked);
    ask(message, kJobAttributes);
    return toBytes(message.get());
}

Bytes encodeCancelJob(const Address& to, int job)
{
    return toBytes(request(to, IPP_OP_CANCEL_JOB, job).get());
}

} // namespace guichet::ipp
