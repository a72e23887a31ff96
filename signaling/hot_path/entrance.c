/* What a seat sends, from the socket to a packet in the clear. It is decrypted in place, and only what may have been sent
   by the seat: the SRTP library keeps something for each SSRC that it has seen, so there are not more than MOST_SOURCES
   of them, for good. Most of its reports are one message of transport-wide feedback, which is heard at once. */

#include <stdint.h>

#include "hot_path.h"

enum { SSRC_AT = 8, CONTROL_SSRC_AT = 4, TRANSPORT_FEEDBACK = 205, TRANSPORT_WIDE = 15, BODY_AT = 12 };

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

/* As `Allowance.take`. */
static int take_one(struct allowance *allowance, double now)
{
    if (allowance->at >= 0) {
        allowance->left += allowance->per_s * (now - allowance->at);
        if (allowance->left > allowance->reserve)
            allowance->left = allowance->reserve;
    }
    allowance->at = now;
    if (allowance->left < 1)
        return 0;
    allowance->left--;
    return 1;
}

int has_entered(const struct entrance *entrance, uint32_t ssrc)
{
    for (int n = 0; n < entrance->known; n++)
        if (entrance->sources[n] == ssrc)
            return 1;
    return 0;
}

/* Decrypt a datagram; gives the size of what was in it, or why it is dropped. */
static int enter_by(int (*unprotect)(void *, void *, int *), struct entrance *entrance, struct allowance *allowance,
                    uint8_t *datagram, int size, uint32_t ssrc, double now)
{
    if (!entrance->session)
        return TOO_EARLY;
    int is_known = has_entered(entrance, ssrc);
    if (!is_known && entrance->known == MOST_SOURCES)
        return TOO_MANY_SOURCES;
    if (unprotect(entrance->session, datagram, &size))
        return FORGED;
    if (!is_known)
        entrance->sources[entrance->known++] = ssrc;
    return take_one(allowance, now) ? size : TOO_MANY;
}

int enter(struct entrance *entrance, uint8_t *datagram, int size, double now)
{
    if (size < SSRC_AT + 4)
        return FORGED;
    return enter_by(entrance->unprotect, entrance, &entrance->packets, datagram, size, get32(datagram + SSRC_AT), now);
}

/* Whether a compound is one message of transport-wide feedback, and nothing else (draft-holmer-rmcat-transport-wide-cc-
   extensions-01, 3.1). */
static int is_feedback(const uint8_t *data, int size)
{
    return size >= BODY_AT && data[0] == (0x80 | TRANSPORT_WIDE) && data[1] == TRANSPORT_FEEDBACK &&
           size == 4 + 4 * (data[2] << 8 | data[3]);
}

int enter_control(struct entrance *entrance, uint8_t *datagram, int size, double now)
{
    if (size < CONTROL_SSRC_AT + 4)
        return FORGED;
    uint32_t ssrc = get32(datagram + CONTROL_SSRC_AT);
    size = enter_by(entrance->unprotect_control, entrance, &entrance->control, datagram, size, ssrc, now);
    if (!entrance->news || !is_feedback(datagram, size))
        return size;
    int packets = hear_feedback(entrance->sent, entrance->trend, entrance->news, datagram + BODY_AT, size - BODY_AT,
                                entrance->tick_s);
    if (packets < 0)
        return MALFORMED;
    entrance->control.left -= (double)packets / NUMBERS_LIKE_A_PACKET;
    return HEARD;
}
