/* What is done for every packet and every listener: number, write, encrypt, send. All else about a stream is decided in
   Python (`outgoing_stream.py`), which also says why: what stands here has no opinion.

   One law is kept here (see `continuity.py`): a number is given to one packet only, for ever. With AES-GCM it is the
   nonce, and two different packets under one nonce give the key away. */

#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "hot_path.h"

enum { NUMBER_BYTES = 2, TAG_BYTES = 144 };

static void put16(uint8_t *at, uint32_t value)
{
    at[0] = value >> 8;
    at[1] = value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value);
}

/* The listener's number and timestamp of a packet; 0 if it is older than its stretch. */
int place(struct numbering *numbering, int64_t index, uint32_t timestamp, double now,
          uint16_t *sequence, uint32_t *stamped)
{
    if (!numbering->run || index < numbering->begins_at)
        return 0;
    int64_t placed = index + numbering->offset;
    *sequence = placed;
    *stamped = timestamp + numbering->timestamp_offset;
    if (placed > numbering->highest) {
        numbering->highest = placed;
        numbering->timestamp = *stamped;
        numbering->last_at = now;
    }
    return 1;
}

/* Count a packet to a seat; gives its number, from 1. */
uint16_t note(struct sent *sent, uint32_t octets, double now)
{
    struct group *group = &sent->groups[(sent->begun + GROUPS - 1) % GROUPS];
    sent->number++;
    if (!sent->begun || now - group->began_at > sent->group_s) {
        group = &sent->groups[sent->begun++ % GROUPS];
        *group = (struct group){.first = sent->number, .began_at = now};
    }
    group->ended_at = now;
    group->octets += octets;
    return sent->number;
}

void send_all(struct batch *batch)
{
    struct mmsghdr *messages = batch->messages;
    uint32_t at = 0;
    while (at < batch->used) {
        int sent = sendmmsg(batch->fd, messages + at, batch->used - at, MSG_DONTWAIT);
        if (sent > 0) {
            at += sent;
        } else if (errno == EAGAIN || errno == ENOBUFS) { /* late is lost */
            batch->unsent += batch->used - at;
            break;
        } else if (errno != EINTR) { /* a bad destination */
            batch->unsent++;
            at++;
        }
    }
    batch->used = 0;
}

static uint8_t *claim(struct batch *batch)
{
    if (batch->used == SLOTS)
        send_all(batch);
    return batch->memory + batch->used * SLOT_BYTES;
}

/* Encrypt what stands in the claimed slot and let it be sent. */
static int commit(struct lane *lane, uint8_t *slot, int size, uint32_t counter_at, double now)
{
    struct batch *batch = lane->batch;
    struct way *way = lane->way;
    if (counter_at)
        put16(slot + counter_at, note(lane->sent, size, now));
    if (way->protect(way->session, slot, &size))
        return 0;
    struct msghdr *header = &((struct mmsghdr *)batch->messages)[batch->used++].msg_hdr;
    header->msg_iov->iov_len = size;
    header->msg_namelen = way->name_size;
    memcpy(header->msg_name, way->name, way->name_size);
    header->msg_controllen = way->control_size;
    memcpy(header->msg_control, way->control, way->control_size);
    return 1;
}

static int can_send(const struct lane *lane, const struct packet *packet)
{
    return lane->way->is_open && packet->size + NUMBER_BYTES + TAG_BYTES <= SLOT_BYTES;
}

static void write_header(uint8_t *slot, uint8_t second, uint16_t sequence, uint32_t timestamp, uint32_t ssrc)
{
    slot[1] = second;
    put16(slot + 2, sequence);
    put32(slot + 4, timestamp);
    put32(slot + 8, ssrc);
}

/* Renumber a picture whose layer has changed (see `picture_numbers.py`). */
static void write_picture(const struct lane *lane, uint8_t *payload, const struct packet *packet)
{
    if (!packet->picture_at)
        return;
    put16(payload + packet->picture_at, 0x8000 | ((packet->picture + lane->picture_offset) & 0x7FFF));
    if (packet->level_at)
        payload[packet->level_at] = packet->level + lane->level_offset;
}

static int is_moved(const struct lane *lane)
{
    return lane->picture_offset || lane->level_offset;
}

/* Send under the track's own number; the same packet is the same to the byte whenever it is sent, but for the counter
   of the connection. */
int send_packet(struct lane *lane, const struct packet *packet, double now)
{
    uint16_t sequence;
    uint32_t timestamp;
    if (!place(&lane->numbering, packet->index, packet->timestamp, now, &sequence, &timestamp))
        return 0;
    if (packet->index + lane->numbering.offset == lane->numbering.highest) {
        lane->has_latest = 1;
        lane->latest_picture = packet->picture;
        lane->latest_level = packet->level;
    }
    if (!can_send(lane, packet))
        return 0;
    uint8_t *slot = claim(lane->batch);
    memcpy(slot, packet->data, packet->size);
    write_header(slot, packet->marker | lane->payload_type, sequence, timestamp, lane->ssrc);
    if (is_moved(lane))
        write_picture(lane, slot + packet->payload_at, packet);
    if (!commit(lane, slot, packet->size, packet->counter_at, now))
        return 0;
    lane->packets++;
    lane->octets += packet->size;
    return 1;
}

/* A new packet to every lane whose stretch it belongs to; gives how many lanes wait for a stretch to begin. */
int fan_out(struct lane **lanes, int count, const struct packet *packet, double now)
{
    int waiting = 0;
    for (int n = 0; n < count; n++) {
        if (lanes[n]->numbering.run == packet->run)
            send_packet(lanes[n], packet, now);
        else
            waiting++;
    }
    return waiting;
}

/* Send in the stream of repeats, behind the number it had. Source: RFC 4588, 4. */
int send_repeat(struct lane *lane, const struct packet *packet, double now)
{
    uint16_t sequence;
    uint32_t timestamp, payload_at = packet->payload_at;
    if (!can_send(lane, packet) ||
        !place(&lane->numbering, packet->index, packet->timestamp, now, &sequence, &timestamp))
        return 0;
    uint8_t *slot = claim(lane->batch);
    memcpy(slot, packet->data, payload_at);
    put16(slot + payload_at, sequence);
    memcpy(slot + payload_at + NUMBER_BYTES, packet->data + payload_at, packet->size - payload_at);
    write_header(slot, packet->marker | lane->repeats_type, ++lane->repeats_sequence, timestamp, lane->repeats_ssrc);
    if (is_moved(lane))
        write_picture(lane, slot + payload_at + NUMBER_BYTES, packet);
    return commit(lane, slot, packet->size + NUMBER_BYTES, packet->counter_at, now);
}

/* Send a packet of padding in the stream of repeats, at the time of the track's latest packet. */
int send_padding(struct lane *lane, const struct packet *packet, double now)
{
    if (!can_send(lane, packet))
        return 0;
    uint8_t *slot = claim(lane->batch);
    memcpy(slot, packet->data, packet->size);
    write_header(slot, lane->repeats_type, ++lane->repeats_sequence, lane->numbering.timestamp, lane->repeats_ssrc);
    return commit(lane, slot, packet->size, packet->counter_at, now);
}
