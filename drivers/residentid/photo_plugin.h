/* SPDX-License-Identifier: Apache-2.0 */
/* The border to libraries that decode photos of resident cards. Only makers of readers have one,
 * under licences of their own: a bank wraps what it bought in this one function, in C, and names
 * the file in devices.toml. */
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    GUICHET_PHOTO_WIDTH = 102,
    GUICHET_PHOTO_HEIGHT = 126,
    GUICHET_PHOTO_BMP_BYTES =
        38862, /* 54 of headers, 126 rows of 102 dots of 24 bit, filled up to 308 */
};

/* Decodes `size` bytes of WLT (as a rule 1024) to a BMP file of 24 bit a dot, written to `bmp`,
 * which has room for `room` bytes. Returns how many bytes it wrote; anything below 1 says that the
 * photo cannot be decoded. Called from one thread, in a process without network that may read its
 * own folder and write nothing. */
typedef int (*guichet_decode_photo_function)(const unsigned char* wlt, size_t size,
                                             unsigned char* bmp, size_t room);

/* The name under which a library exports it. */
#define GUICHET_DECODE_PHOTO "guichet_decode_photo"

#ifdef __cplusplus
}
#endif
