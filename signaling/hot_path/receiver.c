/* The port, from the kernel to what is left for Python to do: many datagrams are taken with one system call, and media and
   feedback of seats that are known go all their way here. STUN, DTLS, what comes from nowhere, all that is dropped and
   whatever Python follows packet by packet is given to it, one after the other and in the order of its coming. */

#define _GNU_SOURCE
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "hot_path.h"

enum { TIMESTAMPNS = 35 }; /* SO_TIMESTAMPNS, which is also the type of the message that comes */
enum { V4_BYTES = 4, V6_BYTES = 16 };
enum { FIRST_RTCP = 192, LAST_RTCP = 223 };

/* -- from the kernel ------------------------------------------------------------------------------------------------ */

static struct msghdr *header_at(const struct receiver *receiver, int slot)
{
    return &((struct mmsghdr *)receiver->messages)[slot].msg_hdr;
}

static void fill(struct receiver *receiver)
{
    for (int slot = 0; slot < receiver->filled; slot++) /* the kernel has written over it */
        header_at(receiver, slot)->msg_controllen = RECEIVED_CONTROL_BYTES;
    int filled = recvmmsg(receiver->fd, receiver->messages, RECEIVE_SLOTS, MSG_DONTWAIT, 0);
    receiver->filled = filled > 0 ? filled : 0;
    receiver->at = 0;
    receiver->fills++;
}

/* Whose datagram it is, to which address of ours it was sent, and when it arrived. */
static void read_envelope(struct receiver *receiver, struct msghdr *header)
{
    memcpy(receiver->sender, header->msg_name, receiver->name_size);
    receiver->sender_size = receiver->name_size;
    for (struct cmsghdr *note = CMSG_FIRSTHDR(header); note; note = CMSG_NXTHDR(header, note)) {
        const uint8_t *data = CMSG_DATA(note);
        if (note->cmsg_level == SOL_SOCKET && note->cmsg_type == TIMESTAMPNS) {
            int64_t time[2];
            memcpy(time, data, sizeof time);
            receiver->arrived = time[0] + time[1] / 1e9;
        } else if (note->cmsg_level == IPPROTO_IP && note->cmsg_type == IP_PKTINFO) {
            memcpy(receiver->sender + receiver->name_size, data + 4, V4_BYTES); /* behind the interface */
            receiver->sender_size = receiver->name_size + V4_BYTES;
        } else if (note->cmsg_level == IPPROTO_IPV6 && note->cmsg_type == IPV6_PKTINFO) {
            memcpy(receiver->sender + receiver->name_size, data, V6_BYTES);
            receiver->sender_size = receiver->name_size + V6_BYTES;
        }
    }
}

/* -- to a seat ------------------------------------------------------------------------------------------------------ */

/* Source: RFC 5761, 4. */
static int is_rtcp(uint8_t second)
{
    return second >= FIRST_RTCP && second <= LAST_RTCP;
}

static int drop(struct receiver *receiver, int why)
{
    receiver->result = why;
    return DROPPED;
}

static void hear_by(struct path *path, double now)
{
    path->heard_at = path->entrance->heard_at = now;
}

static int take_control(struct receiver *receiver, struct path *path, double now)
{
    int size = enter_control(path->entrance, receiver->data, receiver->size, now);
    if (size < 0)
        return drop(receiver, size);
    hear_by(path, now);
    receiver->size = size;
    return size == HEARD ? NOTHING : CONTROL;
}

static int take_media(struct receiver *receiver, struct path *path, double now)
{
    int size = enter(path->entrance, receiver->data, receiver->size, now);
    if (size < 0)
        return drop(receiver, size);
    hear_by(path, now);
    receiver->size = size;
    receiver->result = UNKNOWN;
    struct intake *intake = path->entrance->intake;
    if (!intake)
        return PACKET;
    struct taken *taken = receiver->taken;
    int result = receiver->result = take_packet(intake, receiver->data, size, now, receiver->arrived, taken);
    if (result == MALFORMED || result == NOT_AGREED)
        return drop(receiver, result);
    if (result == RECEIVED && !taken->waiting && !intake->sources[taken->place]->is_followed)
        return NOTHING;
    return result == REPEATED ? NOTHING : PACKET;
}

static int take_datagram(struct receiver *receiver, double now)
{
    int slot = receiver->at++;
    struct msghdr *header = header_at(receiver, slot);
    receiver->data = header->msg_iov->iov_base;
    receiver->size = ((struct mmsghdr *)receiver->messages)[slot].msg_len;
    read_envelope(receiver, header);
    if (receiver->size < SHORTEST_BYTES || receiver->size >= MAX_RTP_BYTES)
        return NONSENSE;
    uint8_t first = receiver->data[0];
    if (first < 4)
        return STUN;
    struct path *path = find_path(receiver->paths, receiver->sender, receiver->sender_size);
    if (first >= 128 && first < 192) {
        int is_control = is_rtcp(receiver->data[1]);
        if (!path)
            return is_control ? STRAY_CONTROL : STRAY;
        return is_control ? take_control(receiver, path, now) : take_media(receiver, path, now);
    }
    if (!path)
        return STRAY;
    return first >= 20 && first < 64 ? DTLS : NONSENSE;
}

/* Go on with what waits in the socket until something is left to be done about a datagram: what it is, or NOTHING where
   none waits any more, or so many have been taken that others have to have their turn. */
int take_next(struct receiver *receiver, double now)
{
    for (;;) {
        if (receiver->at == receiver->filled) {
            int is_emptied = receiver->fills && receiver->filled < RECEIVE_SLOTS;
            if (is_emptied || receiver->fills == FILLS_PER_TURN) {
                receiver->fills = 0;
                return NOTHING;
            }
            fill(receiver);
            if (!receiver->filled)
                continue;
        }
        int left = take_datagram(receiver, now);
        if (left != NOTHING)
            return left;
    }
}
