/* What a seat's feedback says of the way to it, for every packet and every group of packets. What follows from that is
   decided in Python (`bandwidth.py`). */

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "hot_path.h"

static const int64_t NOT_COME = INT64_MIN;

/* -- what a message says -------------------------------------------------------------------------------------------- */

enum { HEAD_BYTES = 8, CHUNK_BYTES = 2, REFERENCE_TICKS = 256 };
enum { IS_VECTOR = 0x8000, IS_TWO_BIT = 0x4000, RUN_LIMIT = 0x1FFF };
enum { SMALL_DELTA = 1, LARGE_DELTA = 2 };

static uint16_t get16(const uint8_t *at)
{
    return at[0] << 8 | at[1];
}

/* The statuses that a chunk tells, at most `most`; gives how many, 0 for an empty run. */
static int read_chunk(uint16_t chunk, uint8_t *statuses, int most)
{
    int count = 0;
    if (!(chunk & IS_VECTOR)) {
        int run = chunk & RUN_LIMIT;
        for (count = 0; count < run && count < most; count++)
            statuses[count] = chunk >> 13 & 3;
    } else if (chunk & IS_TWO_BIT) {
        for (int shift = 12; shift >= 0 && count < most; shift -= 2)
            statuses[count++] = chunk >> shift & 3;
    } else {
        for (int shift = 13; shift >= 0 && count < most; shift--)
            statuses[count++] = chunk >> shift & 1;
    }
    return count;
}

/* Read the body of a message, behind the two SSRCs; 0 if it is truncated or tells of too many packets.
   Source: draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1. */
int read_feedback(const uint8_t *body, int size, struct feedback *feedback)
{
    uint8_t statuses[MOST_TOLD];
    if (size < HEAD_BYTES)
        return 0;
    feedback->base = get16(body);
    feedback->count = get16(body + 2);
    if (feedback->count > MOST_TOLD)
        return 0;
    int32_t reference = (int32_t)((uint32_t)body[4] << 24 | body[5] << 16 | body[6] << 8) >> 8;
    int at = HEAD_BYTES;
    for (int known = 0; known < feedback->count; at += CHUNK_BYTES) {
        if (at + CHUNK_BYTES > size)
            return 0;
        int more = read_chunk(get16(body + at), statuses + known, feedback->count - known);
        if (!more)
            return 0;
        known += more;
    }
    int64_t tick = (int64_t)reference * REFERENCE_TICKS;
    for (int n = 0; n < feedback->count; n++) {
        int bytes = statuses[n] == SMALL_DELTA ? 1 : statuses[n] == LARGE_DELTA ? 2 : 0;
        if (at + bytes > size)
            return 0;
        tick += bytes == 1 ? body[at] : bytes == 2 ? (int16_t)get16(body + at) : 0;
        feedback->ticks[n] = bytes ? tick : NOT_COME;
        at += bytes;
    }
    return 1;
}

/* -- what was sent, and has arrived ------------------------------------------------------------------------------- */

static struct group *group_at(struct sent *sent, int64_t place)
{
    return &sent->groups[place % GROUPS];
}

/* How many packets that were told to be lost have arrived, among those from `first` to before `end`. */
static int come_after_all(struct sent *sent, const int64_t *ticks, int64_t first, int64_t end)
{
    int come = 0;
    int64_t at = sent->told > MOST_LOST ? sent->told - MOST_LOST + 1 : 1;
    for (at = first > at ? first : at; at < end; at++) {
        uint8_t *lost = &sent->lost[at % MOST_LOST];
        if (*lost && ticks[at - first] != NOT_COME) {
            *lost = 0;
            come++;
        }
    }
    return come;
}

/* Tell of the packets from `at` to before `end`, which are of one group, or of none that is remembered. */
static void tell_group(struct sent *sent, const int64_t *ticks, int64_t at, int64_t end, double tick_s,
                       const struct group *group, int64_t group_end, struct told *told)
{
    int came = 0;
    int64_t latest = INT64_MIN;
    for (int64_t number = at; number < end; number++) {
        int64_t tick = ticks[number - at];
        sent->lost[number % MOST_LOST] = group && tick == NOT_COME;
        if (tick == NOT_COME)
            continue;
        came++;
        latest = tick > latest ? tick : latest;
    }
    if (!group)
        return;
    told->packets += came;
    told->lost += end - at - came;
    if (!came)
        return;
    struct arrived *arrived = &told->groups[told->count++];
    *arrived = (struct arrived){
        .began_at = group->began_at,
        .ended_at = group->ended_at,
        .arrived_at = latest * tick_s,
        .octets = floor(group->octets * came / (group_end - group->first)),
    };
    told->octets += arrived->octets;
    told->arrived_at = arrived->arrived_at > told->arrived_at ? arrived->arrived_at : told->arrived_at;
}

/* Note which packets of the train have come; a message tells of each once. */
static void note_train(struct train *train, const int64_t *ticks, int64_t first, int64_t end)
{
    int64_t at = first > train->first ? first : train->first;
    for (end = end < train->last + 1 ? end : train->last + 1; at < end; at++) {
        int64_t tick = ticks[at - first];
        if (tick == NOT_COME)
            continue;
        train->earliest = !train->came || tick < train->earliest ? tick : train->earliest;
        train->latest = !train->came || tick > train->latest ? tick : train->latest;
        train->came++;
    }
}

/* What is told that was not told before. */
void take(struct sent *sent, const struct feedback *feedback, double tick_s, struct told *told)
{
    const int64_t *ticks = feedback->ticks;
    int64_t first = sent->number + (int16_t)(feedback->base - (uint16_t)sent->number);
    int64_t end = first + feedback->count;
    int64_t at = sent->told + 1;
    end = end < sent->number + 1 ? end : sent->number + 1;
    note_train(&sent->train, ticks, first, end);
    told->first = first;
    told->packets = told->lost = told->count = 0;
    told->octets = told->arrived_at = 0;
    if (first < at)
        told->lost = -come_after_all(sent, ticks, first, end < at ? end : at);
    at = first > at ? first : at;
    while (at < end) {
        int64_t place = sent->begun - GROUPS > sent->oldest ? sent->begun - GROUPS : sent->oldest;
        while (place + 1 < sent->begun && group_at(sent, place + 1)->first <= at)
            place++;
        sent->oldest = place;
        struct group *group = group_at(sent, place);
        int64_t upto = place + 1 < sent->begun ? group_at(sent, place + 1)->first : sent->number + 1;
        if (group->first > at) { /* forgotten */
            upto = group->first;
            group = 0;
        }
        int64_t stop = upto < end ? upto : end;
        tell_group(sent, ticks + (at - first), at, stop, tick_s, group, upto, told);
        at = stop;
    }
    if (end - 1 > sent->told)
        sent->told = end - 1;
}

/* -- whether a queue grows ---------------------------------------------------------------------------------------- */

static const double SMOOTHING = 0.9, GAIN = 4.0;
static const int MOST_COUNTED = 60;
static const double LASTING_S = 0.15; /* growth for less is no congestion: a computer that was busy for a moment */
static const double LOWEST_THRESHOLD = 6.0, HIGHEST_THRESHOLD = 600.0, UP = 0.0087, DOWN = 0.039;
static const double OUTLIER = 15.0; /* a trend so far above the threshold does not move it */
static const double LONGEST_STEP_S = 0.1;
static const double NO_SPREAD = 1e-6; /* of points above one another, in milliseconds squared: what rounding leaves */

/* Sum up afresh from the first point, so that numbers stay small and nothing cancels out. */
static void begin_again(struct trend *trend, int oldest)
{
    trend->since_begin = 1;
    trend->origin = trend->line[oldest].x;
    trend->x = trend->y = trend->xx = trend->xy = 0;
    int count = trend->points < WINDOW ? trend->points : WINDOW;
    for (int n = 0; n < count; n++) {
        double x = trend->line[n].x - trend->origin, y = trend->line[n].y;
        trend->x += x, trend->y += y, trend->xx += x * x, trend->xy += x * y;
    }
}

/* Take a point into the line nearest to the last ones, by sums that each enters and leaves; 0 while there are too few
   for a slope, which is 0 where they all lie above one another. */
static int add_point(struct trend *trend, double x, double y, double *slope)
{
    int place = trend->points % WINDOW;
    double moved = x - trend->origin;
    trend->x += moved, trend->y += y, trend->xx += moved * moved, trend->xy += moved * y;
    if (trend->points >= WINDOW) {
        double gone = trend->line[place].x - trend->origin, height = trend->line[place].y;
        trend->x -= gone, trend->y -= height, trend->xx -= gone * gone, trend->xy -= gone * height;
    }
    trend->line[place] = (struct point){x, y};
    trend->points++;
    if (trend->points == 2 * WINDOW * 1000) /* far from the limit of an int */
        trend->points = WINDOW;
    if (++trend->since_begin > WINDOW || trend->points == 1)
        begin_again(trend, trend->points < WINDOW ? 0 : trend->points % WINDOW);
    if (trend->points < WINDOW)
        return 0;
    double spread = WINDOW * trend->xx - trend->x * trend->x;
    *slope = spread > NO_SPREAD ? (WINDOW * trend->xy - trend->x * trend->y) / spread : 0;
    return 1;
}

static void adapt(struct trend *trend, double value, double now)
{
    double elapsed = trend->is_judged ? fmin(LONGEST_STEP_S, fmax(0, now - trend->judged_at)) : 0;
    double size = fabs(value);
    trend->is_judged = 1;
    trend->judged_at = now;
    if (size > trend->threshold + OUTLIER)
        return;
    double pace = size > trend->threshold ? UP : DOWN;
    double moved = trend->threshold + pace * (size - trend->threshold) * 1000 * elapsed;
    trend->threshold = fmin(HIGHEST_THRESHOLD, fmax(LOWEST_THRESHOLD, moved));
}

static void judge(struct trend *trend, double value, double now)
{
    if (value > trend->threshold) {
        if (!trend->is_over)
            trend->over_since = now;
        trend->is_over = 1;
        if (now - trend->over_since > LASTING_S && value >= trend->trend)
            trend->usage = OVER;
    } else {
        trend->is_over = 0;
        trend->usage = value < -trend->threshold ? UNDER : NORMAL;
    }
    trend->trend = value;
    adapt(trend, value, now);
}

/* Take the change of spacing between a whole group and the one before it. */
static void close_group(struct trend *trend)
{
    double sent = trend->group.ended_at, arrived = trend->group.arrived_at, slope;
    if (trend->has_before) {
        trend->groups += trend->groups < MOST_COUNTED;
        trend->sum += 1000 * ((arrived - trend->before_arrived) - (sent - trend->before_sent));
        trend->smooth = SMOOTHING * trend->smooth + (1 - SMOOTHING) * trend->sum;
        if (add_point(trend, 1000 * arrived, trend->smooth, &slope))
            judge(trend, slope * trend->groups * GAIN, arrived);
    }
    trend->has_before = 1;
    trend->before_sent = sent;
    trend->before_arrived = arrived;
}

/* Take groups in the order they were sent; the first may be more of the last one before. */
void hear(struct trend *trend, const struct told *told)
{
    for (int n = 0; n < told->count; n++) {
        const struct arrived *group = &told->groups[n];
        if (trend->has_group && trend->group.began_at == group->began_at) {
            trend->group.ended_at = group->ended_at;
            trend->group.arrived_at = fmax(group->arrived_at, trend->group.arrived_at);
            continue;
        }
        if (trend->has_group)
            close_group(trend);
        trend->has_group = 1;
        trend->group = *group;
    }
}

/* -- a message, from its bytes to what it means --------------------------------------------------------------------- */

int is_any_urgent;

/* Take the body of a message; gives how many packets it tells of, or -1 if it cannot be read. */
int hear_feedback(struct sent *sent, struct trend *trend, struct news *news, const uint8_t *body, int size,
                  double tick_s)
{
    static struct feedback feedback; /* for a moment, and too large for the stack; one thread calls */
    static struct told told;
    if (!read_feedback(body, size, &feedback))
        return -1;
    take(sent, &feedback, tick_s, &told);
    hear(trend, &told);
    int64_t end = told.first + feedback.count;
    news->messages++;
    news->packets += told.packets;
    news->lost += told.lost;
    if (told.lost > 0 || trend->usage == OVER)
        news->is_urgent = is_any_urgent = 1;
    news->octets += told.octets;
    news->end = news->end > end ? news->end : end;
    news->arrived_at = told.octets ? told.arrived_at : news->arrived_at;
    return feedback.count;
}
