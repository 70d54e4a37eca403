// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "peripherals/classes/bitmap.h"

/// Draws a queue ticket: the same dots on every printer and in every preview, whatever characters
/// the printer itself knows.
namespace guichet::escpos {

/// All text in UTF-8; control characters are left out, long lines wrap.
struct TicketText {
    std::string outlet;
    std::string number; ///< drawn as large as the paper allows: "A012"
    std::string service;
    std::vector<std::pair<std::string, std::string>> rows; ///< label and value
    std::vector<std::string> footer;
    std::string qrText; ///< left out if empty
    bool large = false; ///< all but the number, which is large anyway, a third larger
    int copyIndex = 1;  ///< from 2 on the paper says which copy it is
};

/// The fonts are opened once and kept. Thread: any, one at a time.
class TicketRenderer {
public:
    /// Fails with Errc::NotFound and CallStaff, naming the file, if the fonts of the packages
    /// fonts-noto-cjk and fonts-noto-core are not installed.
    [[nodiscard]] static Result<TicketRenderer> open();

    TicketRenderer(TicketRenderer&&) noexcept;
    TicketRenderer& operator=(TicketRenderer&&) noexcept;
    ~TicketRenderer();

    /// A picture of exactly `widthDots`, black on white, as high as it needs to be.
    /// Fails with Errc::Invalid: a text for the code longer than a code holds, a code or picture
    /// that does not fit the paper, or a width below 200 dots.
    [[nodiscard]] Result<Bitmap> render(const TicketText& ticket, int widthDots = 576) const;

private:
    class Fonts;
    explicit TicketRenderer(std::unique_ptr<Fonts> fonts);

    std::unique_ptr<Fonts> m_fonts;
};

} // namespace guichet::escpos
