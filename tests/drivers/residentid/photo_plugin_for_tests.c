/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for a maker's library: an even gray of the first byte's level. First byte FF: it cannot; FE: half a file. */
#include <string.h>

#include "drivers/residentid/photo_plugin.h"

__attribute__((visibility("default"))) int guichet_decode_photo(const unsigned char* wlt, size_t size,
                                                               unsigned char* bmp, size_t room)
{
    static const unsigned char header[54] = {'B', 'M', 0xCE, 0x97, 0, 0, 0,  0, 0, 0, 54, 0, 0, 0, 40,
                                             0,   0,   0,    102,  0, 0, 0,  126, 0, 0, 0, 1, 0, 24};
    if (size == 0 || room < GUICHET_PHOTO_BMP_BYTES || wlt[0] == 0xFF) {
        return -1;
    }
    memcpy(bmp, header, sizeof header);
    memset(bmp + sizeof header, wlt[0], GUICHET_PHOTO_BMP_BYTES - sizeof header);
    return wlt[0] == 0xFE ? GUICHET_PHOTO_BMP_BYTES / 2 : GUICHET_PHOTO_BMP_BYTES;
}
