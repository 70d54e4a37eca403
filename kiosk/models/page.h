// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QHash>
#include <QList>
#include <QMetaType>
#include <QString>
#include <optional>

/// What one customer page shows, as plain values in the customer's language. The engine side
/// fills it, the views show it; neither knows the other.
namespace guichet::kiosk {

/// The small fixed set of pages that a journey may name.
enum class PageKind {
    Attract,       ///< nobody is here: greeting, line length, touch to start
    Choose,        ///< one question, two to six choices
    InsertCard,    ///< picture of the slot, live hint, may be skipped
    ScanCode,      ///< "look at the camera": its live picture, hints, a way to type the code
    Keypad,        ///< digits to type: a field in groups, keys 0 to 9, one to take back
    Form,          ///< fields to fill in, each with what is wrong about it
    PlaceDocument, ///< lay a document on its reader or hold it before the camera
    LookAtCamera,  ///< the customer's own face, and what to do so that it is seen well
    Sign,          ///< a pad for finger or pen
    Write,         ///< the same, for words instead of a name
    Review,        ///< facts to confirm
    Print,         ///< paper on its way; the ticket is shown as it will be printed
    Result,        ///< done or not done, and what to do next
    Call,          ///< a person is being asked to help
    Warning,       ///< time is nearly up, card forgotten: one thing to do now
};

/// So many fit beside each other, and in large letters.
inline constexpr qsizetype kMostChoices = 6, kMostLargeChoices = 5;

/// Something to press. `event` is what the journey hears, with `value` as its data.
struct Choice {
    QString event;
    QString value;
    QString title;
    QString note;          ///< second line, e.g. "about 10-20 minutes"
    bool emphasis = false; ///< the one next step, in jade
    bool enabled = true;
    QString icon; ///< a name of kiosk/views/icons.h ("cash", "card" ...); empty: no picture

    [[nodiscard]] bool operator==(const Choice&) const = default;
};

struct Fact {
    QString label;
    QString value;
};

/// One field of a form. Its name and values go back as they came.
struct FormField {
    enum class Kind { Digits, Choice };
    QString name;
    Kind kind = Kind::Digits;
    QString label;
    QString mask; ///< Digits: '#' stands for a digit
    QString value;
    QString error; ///< what is wrong and what to do; empty: nothing
    QList<Choice> options;
};

struct TicketFace {
    QString label;   ///< "A012"
    QString service; ///< "Cash"
    QList<Fact> facts;
    QString qrText; ///< empty: no code
    QString qrNote;
};

struct Page {
    QString id; ///< name of the journey's state; stable, for tests and for the log
    PageKind kind = PageKind::Attract;
    QString title;         ///< one question or statement
    QString subtitle;      ///< one sentence, may be empty
    QList<Choice> choices; ///< kMostChoices at most on a Choose page
    QList<Fact> facts;
    QList<FormField> fields; ///< Form
    std::optional<TicketFace> ticket;
    std::optional<Choice> primary; ///< the one jade button, bottom right of the content's frame
    std::optional<Choice> back;    ///< bottom bar, left
    bool help = true;              ///< bottom bar, right: always the same place
    bool busy = false;             ///< something is under way: show progress, say what in subtitle
    bool trouble = false;          ///< the page tells of a fault: red mark beside the title
    int countdownSeconds = 0;      ///< above 0: a visible count-down from this value
    QString secondTitle;           ///< Attract: the greeting in the other language
    QString live;                  ///< what is live, e.g. "7 people waiting"; empty: not shown
    QString liveAge;               ///< how old `live` is, e.g. "as of 10:42"
    QString picture; ///< Result, Call, Warning: a name of kiosk/views/icons.h; empty: by kind
    QString mask;    ///< Keypad: '#' stands for a digit, e.g. "### #### ###"
    QString typed;   ///< Keypad: what is in the field at first; Form: the same as JSON
    QString erase;   ///< Keypad, Form: name of the key that takes the last digit back; Sign: stroke
    QString clear;   ///< Keypad, Form: word on the key that takes all digits back; Sign: strokes
    /// PlaceDocument, LookAtCamera: what the customer should do now, by the device's event.
    QHash<QString, QString> advice;
    bool camera = false; ///< PlaceDocument: the document is held before the camera
    int progress = -1;   ///< 0 to 100 while `busy`; below 0: under way, end not known
};

/// The frame around every page.
struct Frame {
    QString outlet;
    QString time;     ///< "10:42"
    QString activity; ///< what the customer is doing
    QString language = QStringLiteral("zh-CN");
    bool elder = false;
    bool highContrast = false;
    QList<QString> notices; ///< amber strip: what is missing and what still works
    bool reducedMotion = false;
};

} // namespace guichet::kiosk

Q_DECLARE_METATYPE(guichet::kiosk::Page)
Q_DECLARE_METATYPE(guichet::kiosk::Frame)
