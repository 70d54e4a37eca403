// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cloudbranch/server/words.h"
#include "peripherals/net/http.h"

/// What every page of the hub has in common.
namespace guichet::hub {

/// Text for HTML content and quoted attributes.
[[nodiscard]] std::string escaped(std::string_view text);

struct Page {
    const Words& words;
    std::string title; ///< not yet escaped
    std::string outlet = {};
    std::string style = "site.css";
    std::string script = {}; ///< "visit.js"; empty: none
    bool speaks = false;     ///< the script says words of the page, not only the site's
    std::string data = {};   ///< further attributes of <main>, escaped
    std::string main;        ///< HTML
    bool refreshes = false;  ///< reloads itself where scripts do not run
    std::string choice = {}; ///< escaped "&amp;name=value"s that the other language keeps
    bool topBar = true;      ///< the outlet's name and the other language
};
[[nodiscard]] std::string render(const Page& page);

/// What a page's scripts may do beyond running: the seat cleans sound with WebAssembly.
enum class Scripts { Plain, WebAssembly };

/// An HTML response under the site's policy: nothing from elsewhere, no inline script or style, no
/// frame, no referrer, never stored. Compressed if the client accepts it.
[[nodiscard]] net::Response html(const net::Request& request, int status, std::string text,
                                 Scripts scripts = Scripts::Plain);

} // namespace guichet::hub
