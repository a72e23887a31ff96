/* What the payload of a VP8 packet says. Source: RFC 7741, 4.2 (payload descriptor), 4.3 (payload header); RFC 6386, 9.1
   (size in a key frame). */

#include <stdint.h>
#include <string.h>

#include "hot_path.h"

enum { EXTENDED = 0x80, STARTS_PARTITION = 0x10, PARTITION = 0x07 };
enum { HAS_PICTURE = 0x80, HAS_LEVEL = 0x40, HAS_TEMPORAL = 0x20, HAS_KEY_INDEX = 0x10, IS_LONG = 0x80 };
enum { NOT_KEY = 0x01, HEIGHT_AT = 8, HEIGHT = 0x3FFF };

/* Its size, and where in it a 15-bit picture number and the running number of base pictures stand. */
static void find_places(const uint8_t *payload, uint32_t octets, struct descriptor *found)
{
    found->size = 1;
    if (!(payload[0] & EXTENDED))
        return;
    found->size = 2;
    if (octets <= 2)
        return;
    uint8_t flags = payload[1];
    if (flags & HAS_PICTURE) {
        found->picture_at = payload[2] & IS_LONG ? 2 : 0;
        found->size += found->picture_at ? 2 : 1;
    }
    if (flags & HAS_LEVEL)
        found->level_at = found->size++;
    if (flags & (HAS_TEMPORAL | HAS_KEY_INDEX))
        found->size++;
}

/* Of a broken one nothing is known but its size. */
void read_vp8(const uint8_t *data, int size, uint32_t at, struct descriptor *found)
{
    memset(found, 0, sizeof *found);
    if (at >= (uint32_t)size)
        return;
    const uint8_t *payload = data + at;
    uint32_t octets = size - at;
    find_places(payload, octets, found);
    if (found->size >= octets) {
        *found = (struct descriptor){.size = found->size};
        return;
    }
    const uint8_t *frame = payload + found->size;
    int is_start = payload[0] & STARTS_PARTITION && !(payload[0] & PARTITION);
    found->starts_key_frame = is_start && !(frame[0] & NOT_KEY);
    if (found->starts_key_frame && octets - found->size >= HEIGHT_AT + 2)
        found->lines = (frame[HEIGHT_AT] | frame[HEIGHT_AT + 1] << 8) & HEIGHT;
    if (found->picture_at)
        found->picture = (payload[2] & 0x7F) << 8 | payload[3];
    if (found->level_at)
        found->level = payload[found->level_at];
}
