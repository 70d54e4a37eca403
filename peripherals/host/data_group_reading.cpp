// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/data_group_reading.h"

#include <utility>

#include "peripherals/host/secret_json.h"

namespace guichet::host {

using nlohmann::json;

namespace {

constexpr int kZoneGroup = 1, kFaceGroup = 2;
constexpr const char* kZoneName = "DG1";
constexpr const char* kFaceName = "DG2";

void addGroup(SecretJson& content, const char* name, const mrtd::Document& document, int number)
{
    if (const auto file = document.groups.find(number); file != document.groups.end()) {
        content.add(name, Secret(toBase64(file->second.reveal())).reveal());
    }
}

Secret<std::string> takeGroup(json& content, const char* name)
{
    const auto text = content.find(name);
    return text != content.end() && text->is_string()
               ? Secret(std::move(text->get_ref<std::string&>()))
               : Secret<std::string>();
}

} // namespace

Result<json> readDataGroups(CardChannel& channel, const ShownDocument& shown, bool withFace,
                            const SealingKey& recipient, const std::stop_token& stop)
{
    mrtd::ReadOptions options;
    options.groups = {kZoneGroup};
    if (withFace) {
        options.groups.push_back(kFaceGroup);
    }
    options.proveChip = false; // nobody would be told of it
    options.stop = stop;
    const auto document = mrtd::MrtdReader(channel, std::move(options)).read(shown.key);
    if (!document) {
        return tl::unexpected(document.error());
    }
    SecretJson content;
    addGroup(content, kZoneName, *document, kZoneGroup);
    addGroup(content, kFaceName, *document, kFaceGroup);
    return recipient.seal(std::move(content).take()).map([](std::string sealed) {
        return json{{"sealed", std::move(sealed)}};
    });
}

Result<DataGroups> openDataGroups(const OpeningKey& key, const std::string& sealed)
{
    const auto text = key.open(sealed);
    auto content = text ? json::parse(text->reveal(), nullptr, false) : json();
    if (!content.is_object()) {
        return fail(Errc::Protocol, "data groups: not what was asked to be sealed");
    }
    return DataGroups{takeGroup(content, kZoneName), takeGroup(content, kFaceName)};
}

} // namespace guichet::host
