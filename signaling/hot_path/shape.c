/* What the header of a packet carries besides, and what of that a listener gets. Offsets count from the start of the
   packet, whose header has been found to be whole (`rtp.parse`). */

#include <stdint.h>
#include <string.h>

#include "hot_path.h"

enum { HEADER_BYTES = 12, COUNTER_AT = HEADER_BYTES + 4 + 1 };
enum { HAS_EXTENSION = 0x10, COUNT_CSRC = 0x0F };
enum { SHAPE_BYTES = 12 }; /* that a shape adds at most */
enum { ONE_BYTE = 0xBEDE, TWO_BYTE = 0x1000, STOP = 15 };

/* Through the extensions of a packet: the element at hand, and where the next one begins. */
struct walk {
    const uint8_t *data;
    uint32_t next, end;
    int is_short;
    uint32_t number, at, length;
};

static uint16_t get16(const uint8_t *at)
{
    return at[0] << 8 | at[1];
}

static struct walk walk_through(const uint8_t *data, uint32_t payload_at)
{
    struct walk walk = {.data = data, .next = payload_at, .end = payload_at};
    uint32_t block = HEADER_BYTES + 4 * (data[0] & COUNT_CSRC);
    if (!(data[0] & HAS_EXTENSION))
        return walk;
    uint16_t profile = get16(data + block);
    walk.is_short = profile == ONE_BYTE;
    if (walk.is_short || (profile & 0xFFF0) == TWO_BYTE)
        walk.next = block + 4;
    return walk;
}

/* Go on to the next element; 0 at the end, -1 if it runs over that. Source: RFC 8285, 4.2 and 4.3. */
static int step(struct walk *walk)
{
    const uint8_t *data = walk->data;
    while (walk->next < walk->end && !data[walk->next])
        walk->next++;
    if (walk->next >= walk->end)
        return 0;
    if (walk->is_short) {
        walk->number = data[walk->next] >> 4;
        walk->length = (data[walk->next] & 0x0F) + 1;
        walk->at = walk->next + 1;
        if (walk->number == STOP)
            return 0;
    } else {
        if (walk->next + 2 > walk->end)
            return -1;
        walk->number = data[walk->next];
        walk->length = data[walk->next + 1];
        walk->at = walk->next + 2;
    }
    walk->next = walk->at + walk->length;
    return walk->next > walk->end ? -1 : 1;
}

/* All of them, in their order, at most `most`; -1 if they cannot be read. */
int read_extensions(const uint8_t *data, uint32_t payload_at, struct extension *found, int most)
{
    struct walk walk = walk_through(data, payload_at);
    int count = 0, more;
    while ((more = step(&walk)) > 0 && count < most)
        found[count++] = (struct extension){walk.number, walk.at, walk.length};
    return more < 0 ? -1 : count;
}

/* The value of the one with this number, if it has so many octets, one or two; -1 if there is none, -2 if they cannot be
   read. */
int read_value(const uint8_t *data, uint32_t payload_at, uint32_t number, uint32_t octets)
{
    struct walk walk = walk_through(data, payload_at);
    int value = -1, more;
    while ((more = step(&walk)) > 0)
        if (walk.number == number && walk.length == octets)
            value = octets == 1 ? data[walk.at] : get16(data + walk.at);
    return more < 0 ? -2 : value;
}

/* Copy those that pass under the listener's numbers; gives where they end, 0 if they cannot be read. */
static uint32_t copy_passing(const uint8_t *data, uint32_t payload_at, const struct shape *shape, uint8_t *to,
                             uint32_t at)
{
    struct walk walk = walk_through(data, payload_at);
    int more;
    while ((more = step(&walk)) > 0) {
        uint8_t theirs = shape->passing[walk.number];
        if (!theirs || walk.length < 1 || walk.length > 16)
            continue;
        to[at] = theirs << 4 | (walk.length - 1);
        memcpy(to + at + 1, data + walk.at, walk.length);
        at += 1 + walk.length;
    }
    return more < 0 ? 0 : at;
}

/* Put a packet into the shape of some listeners: without contributing sources, and with only the extensions that pass,
   behind room for the transport-wide counter. 0 if its extensions cannot be read, or it is too long. */
int shape_packet(struct packet *packet, const uint8_t *data, int size, uint32_t payload_at, const struct shape *shape)
{
    uint8_t *to = packet->data;
    uint32_t block = HEADER_BYTES + 4, at = block;
    if (size + SHAPE_BYTES > SLOT_BYTES)
        return 0;
    memcpy(to, data, HEADER_BYTES);
    if (shape->counter) {
        to[at] = shape->counter << 4 | 1;
        to[at + 1] = to[at + 2] = 0;
        at += 3;
    }
    if (shape->is_passing)
        at = copy_passing(data, payload_at, shape, to, at);
    if (!at)
        return 0;
    to[0] &= ~(HAS_EXTENSION | COUNT_CSRC);
    if (at > block) {
        to[0] |= HAS_EXTENSION;
        while (at % 4)
            to[at++] = 0;
        to[HEADER_BYTES] = ONE_BYTE >> 8;
        to[HEADER_BYTES + 1] = ONE_BYTE & 0xFF;
        to[HEADER_BYTES + 2] = (at - block) / 4 >> 8;
        to[HEADER_BYTES + 3] = (at - block) / 4;
    } else {
        at = HEADER_BYTES;
    }
    memcpy(to + at, data + payload_at, size - payload_at);
    packet->size = at + size - payload_at;
    packet->payload_at = at;
    packet->counter_at = shape->counter ? COUNTER_AT : 0;
    packet->timestamp = (uint32_t)get16(data + 4) << 16 | get16(data + 6);
    packet->marker = data[1] & 0x80;
    return 1;
}
