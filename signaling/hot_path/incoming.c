/* A seat's packet in the clear: read, counted, told from a repeat, and sent to all whom its routes name. Everything that is
   not of every packet is done in Python, after that (`incoming_track.py`) or instead (`track_finder.py`). */

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "hot_path.h"

enum { HEADER_BYTES = 12, VERSION_SHIFT = 6, VERSION = 2 };
enum { HAS_EXTENSION = 0x10, COUNT_CSRC = 0x0F, MARKER = 0x80, PAYLOAD_TYPE = 0x7F, LEVEL = 0x7F };
enum { BROKEN = -2 };

static uint16_t get16(const uint8_t *at)
{
    return at[0] << 8 | at[1];
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)get16(at) << 16 | get16(at + 2);
}

/* 0 if it is no RTP, or its header is longer than it. Source: RFC 3550, 5.1. */
int read_header(const uint8_t *data, int size, struct taken *taken)
{
    if (size < HEADER_BYTES || data[0] >> VERSION_SHIFT != VERSION)
        return 0;
    uint32_t payload_at = HEADER_BYTES + 4 * (data[0] & COUNT_CSRC);
    if (data[0] & HAS_EXTENSION) {
        if ((uint32_t)size < payload_at + 4)
            return 0;
        payload_at += 4 + 4 * get16(data + payload_at + 2);
    }
    if ((uint32_t)size < payload_at)
        return 0;
    taken->payload_at = payload_at;
    taken->payload_type = data[1] & PAYLOAD_TYPE;
    taken->marker = data[1] & MARKER;
    taken->sequence = get16(data + 2);
    taken->timestamp = get32(data + 4);
    taken->ssrc = get32(data + 8);
    return 1;
}

/* -- counting ------------------------------------------------------------------------------------------------------ */

/* Source: RFC 3550, A.8 (jitter). */
void count(struct reception *reception, int64_t index, uint32_t timestamp, int octets, double now)
{
    int64_t transit = (int64_t)(now * reception->clock_rate) - timestamp;
    if (!reception->packets) {
        reception->first = reception->highest = index;
        reception->transit = transit;
    } else if (index > reception->highest) {
        int64_t change = (int32_t)(uint32_t)(transit - reception->transit);
        reception->jitter += ((double)(change < 0 ? -change : change) - reception->jitter) / 16;
        reception->highest = index;
        reception->transit = transit;
    }
    reception->packets++;
    reception->octets += octets;
}

/* Begin another second where one is over. */
static void turn(struct rate *rate, double now)
{
    double elapsed = now - rate->began_at;
    if (elapsed < 1)
        return;
    rate->before = elapsed < 2 ? rate->octets / elapsed : 0;
    rate->began_at = now;
    rate->octets = 0;
}

void add_octets(struct rate *rate, int octets, double now)
{
    turn(rate, now);
    rate->octets += octets;
}

/* Of the last whole second and the part of the present one. */
double octets_per_second(struct rate *rate, double now)
{
    turn(rate, now);
    return rate->octets + rate->before * (1 - (now - rate->began_at));
}

/* -- one source ---------------------------------------------------------------------------------------------------- */

/* Count afresh; the routes stay. */
void begin_source(struct source *source, uint32_t ssrc, int64_t run, uint32_t clock_rate)
{
    source->ssrc = ssrc;
    source->run = run;
    source->highest = 0;
    source->reception = (struct reception){.clock_rate = clock_rate};
    source->rate = (struct rate){0};
    source->came_at = -INFINITY;
    memset(source->had, 0, sizeof source->had);
}

/* The number without its wrap: the one nearest to the highest so far; the first is not so small that one before it could
   be negative. */
static int64_t unwrap(struct source *source, uint16_t sequence)
{
    if (!source->highest)
        return source->highest = (int64_t)sequence + 0x10000;
    return source->highest + (int16_t)(sequence - (uint16_t)source->highest);
}

/* Whether the packet of a picture has come, or is so old that this cannot be said; from now on it has. */
static int is_repeated(struct source *source, int64_t index)
{
    int64_t *had = &source->had[index % KEPT];
    if (index <= source->highest - KEPT || *had == index)
        return 1;
    *had = index;
    return 0;
}

static void send_to_routes(struct source *source, const uint8_t *data, int size, struct taken *taken, double now)
{
    struct packet *packet = source->packet;
    for (int n = 0; n < source->count; n++) {
        const struct route *route = &source->routes[n];
        if (!shape_packet(packet, data, size, taken->payload_at, route->shape))
            continue;
        packet->run = source->run;
        packet->index = taken->index;
        packet->picture_at = taken->found.picture_at;
        packet->picture = taken->found.picture;
        packet->level_at = taken->found.level_at;
        packet->level = taken->found.level;
        taken->waiting += fan_out(route->lanes, route->count, packet, now);
    }
}

/* Take a packet of this source, whose header has been read. The repeat of one of a picture that came goes nowhere: a
   listener would be given its number twice, and with it the same nonce (see `continuity.py`). */
int receive(struct source *source, const uint8_t *data, int size, struct taken *taken, double now)
{
    int64_t index = taken->index = unwrap(source, taken->sequence);
    taken->waiting = 0;
    memset(&taken->found, 0, sizeof taken->found);
    if (source->is_video && is_repeated(source, index))
        return REPEATED;
    if (index > source->highest)
        source->highest = index;
    count(&source->reception, index, taken->timestamp, size, now);
    add_octets(&source->rate, size, now);
    source->came_at = now;
    if (source->is_vp8)
        read_vp8(data, size, taken->payload_at, &taken->found);
    send_to_routes(source, data, size, taken, now);
    return RECEIVED;
}

/* -- all sources --------------------------------------------------------------------------------------------------- */

/* Take a packet of whichever source it is. */
int take_packet(struct intake *intake, const uint8_t *data, int size, double now, double arrived, struct taken *taken)
{
    taken->level = -1;
    if (!read_header(data, size, taken))
        return MALFORMED;
    if (intake->counter) {
        int number = read_value(data, taken->payload_at, intake->counter, 2);
        if (number == BROKEN)
            return MALFORMED;
        if (number >= 0 && intake->noted < MOST_NOTED) {
            intake->numbers[intake->noted] = number;
            intake->arrived[intake->noted++] = arrived;
        }
    }
    int place = 0;
    while (place < intake->count && intake->sources[place]->ssrc != taken->ssrc)
        place++;
    if (place == intake->count)
        return UNKNOWN;
    struct source *source = intake->sources[taken->place = place];
    if (taken->payload_type != source->payload_type)
        return NOT_AGREED;
    if (source->level_number) {
        int level = read_value(data, taken->payload_at, source->level_number, 1);
        if (level == BROKEN)
            return MALFORMED;
        taken->level = level < 0 ? -1 : level & LEVEL;
        if (level >= 0 && (intake->loudest < 0 || taken->level < intake->loudest))
            intake->loudest = taken->level;
    }
    return receive(source, data, size, taken, now);
}
