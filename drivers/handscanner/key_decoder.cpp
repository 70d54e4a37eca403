// SPDX-License-Identifier: Apache-2.0
#include "drivers/handscanner/key_decoder.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <string>

#include <linux/input.h>

namespace guichet::handscanner {

static_assert(sizeof(input_event) == KeyDecoder::kRecordBytes);

namespace {

struct Key {
    unsigned code;
    char plain;
    char shifted;
};

constexpr std::array kKeys{
    Key{KEY_1, '1', '!'},          Key{KEY_2, '2', '@'},           Key{KEY_3, '3', '#'},
    Key{KEY_4, '4', '$'},          Key{KEY_5, '5', '%'},           Key{KEY_6, '6', '^'},
    Key{KEY_7, '7', '&'},          Key{KEY_8, '8', '*'},           Key{KEY_9, '9', '('},
    Key{KEY_0, '0', ')'},          Key{KEY_MINUS, '-', '_'},       Key{KEY_EQUAL, '=', '+'},
    Key{KEY_Q, 'q', 'Q'},          Key{KEY_W, 'w', 'W'},           Key{KEY_E, 'e', 'E'},
    Key{KEY_R, 'r', 'R'},          Key{KEY_T, 't', 'T'},           Key{KEY_Y, 'y', 'Y'},
    Key{KEY_U, 'u', 'U'},          Key{KEY_I, 'i', 'I'},           Key{KEY_O, 'o', 'O'},
    Key{KEY_P, 'p', 'P'},          Key{KEY_LEFTBRACE, '[', '{'},   Key{KEY_RIGHTBRACE, ']', '}'},
    Key{KEY_A, 'a', 'A'},          Key{KEY_S, 's', 'S'},           Key{KEY_D, 'd', 'D'},
    Key{KEY_F, 'f', 'F'},          Key{KEY_G, 'g', 'G'},           Key{KEY_H, 'h', 'H'},
    Key{KEY_J, 'j', 'J'},          Key{KEY_K, 'k', 'K'},           Key{KEY_L, 'l', 'L'},
    Key{KEY_SEMICOLON, ';', ':'},  Key{KEY_APOSTROPHE, '\'', '"'}, Key{KEY_GRAVE, '`', '~'},
    Key{KEY_BACKSLASH, '\\', '|'}, Key{KEY_Z, 'z', 'Z'},           Key{KEY_X, 'x', 'X'},
    Key{KEY_C, 'c', 'C'},          Key{KEY_V, 'v', 'V'},           Key{KEY_B, 'b', 'B'},
    Key{KEY_N, 'n', 'N'},          Key{KEY_M, 'm', 'M'},           Key{KEY_COMMA, ',', '<'},
    Key{KEY_DOT, '.', '>'},        Key{KEY_SLASH, '/', '?'},       Key{KEY_SPACE, ' ', ' '},
    Key{KEY_TAB, '\t', '\t'},      Key{KEY_KP0, '0', '0'},         Key{KEY_KP1, '1', '1'},
    Key{KEY_KP2, '2', '2'},        Key{KEY_KP3, '3', '3'},         Key{KEY_KP4, '4', '4'},
    Key{KEY_KP5, '5', '5'},        Key{KEY_KP6, '6', '6'},         Key{KEY_KP7, '7', '7'},
    Key{KEY_KP8, '8', '8'},        Key{KEY_KP9, '9', '9'},         Key{KEY_KPDOT, '.', '.'},
    Key{KEY_KPMINUS, '-', '-'},    Key{KEY_KPPLUS, '+', '+'},      Key{KEY_KPASTERISK, '*', '*'},
    Key{KEY_KPSLASH, '/', '/'},
};

} // namespace

void KeyDecoder::feed(ByteView bytes)
{
    while (!bytes.empty()) {
        const auto count = std::min(bytes.size(), m_record.size() - m_have);
        std::copy_n(bytes.begin(), count, m_record.begin() + static_cast<std::ptrdiff_t>(m_have));
        m_have += count;
        bytes = bytes.subspan(count);
        if (m_have == m_record.size()) {
            m_have = 0;
            record();
        }
    }
}

/// A pulled plug's keys are not seen to go up; a new keyboard's lock is off.
void KeyDecoder::forget()
{
    m_have = 0;
    m_leftShift = m_rightShift = m_capsLock = false;
}

void KeyDecoder::record()
{
    input_event event{};
    std::memcpy(&event, m_record.data(), m_record.size());
    if (event.type == EV_SYN && event.code == SYN_DROPPED) {
        m_leftShift = m_rightShift = false; // their ends may be among what was lost
        return m_scans.spoil("the kernel dropped keys");
    }
    if (event.type == EV_KEY) {
        key(event.code, event.value);
    }
}

void KeyDecoder::key(unsigned code, int value)
{
    constexpr int kUp = 0, kDown = 1; // a key that repeats itself is no further character
    if (code == KEY_LEFTSHIFT) {
        m_leftShift = value != kUp;
    } else if (code == KEY_RIGHTSHIFT) {
        m_rightShift = value != kUp;
    } else if (value == kDown) {
        press(code);
    }
}

void KeyDecoder::press(unsigned code)
{
    switch (code) {
    case KEY_CAPSLOCK:
        m_capsLock = !m_capsLock;
        return;
    case KEY_NUMLOCK: // the number keys are numbers to us in any case
        return;
    case KEY_ENTER:
    case KEY_KPENTER:
        return m_scans.end();
    default:
        break;
    }
    const auto* const known = std::find_if(kKeys.begin(), kKeys.end(),
                                           [code](const Key& each) { return each.code == code; });
    if (known == kKeys.end()) {
        return m_scans.spoil("key " + std::to_string(code) +
                             " stands for no character: set the scanner to the keyboard of the "
                             "United States, or to a serial line for other characters");
    }
    const bool shift = m_leftShift || m_rightShift;
    const bool letter = std::isalpha(static_cast<unsigned char>(known->plain)) != 0;
    m_scans.add(shift != (letter && m_capsLock) ? known->shifted : known->plain);
}

} // namespace guichet::handscanner
