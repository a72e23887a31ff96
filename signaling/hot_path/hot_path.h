/* What the compiled part shares with Python, which reads this file as it stands: plain declarations, no directives. */

enum { SLOTS = 128, SLOT_BYTES = 2048, NAME_BYTES = 28, CONTROL_BYTES = 40, GROUPS = 1024, MOST_LOST = 8192,
       MOST_TOLD = 4096, MOST_SOURCES = 64, MOST_TRACKS = 32, MOST_NOTED = 1024, KEPT = 512 };

/* Datagrams that wait to be sent with one system call; `messages` are the kernel's mmsghdr, one for each slot. */
struct batch {
    int fd;
    uint32_t used;
    uint64_t unsent;
    uint8_t *memory;
    void *messages;
};

/* Packets that were sent within a few milliseconds, from number `first` on; all in one type, so that Python reads them
   as an array. Times are seconds. */
struct group {
    double first, began_at, ended_at, octets;
};

/* A train of packets that probes the way: its first and last number, how many of them have come, and the ticks of the
   earliest and the latest; no number is 0, so that a train from 0 to 0 is none. */
struct train {
    int64_t first, last;
    int64_t came, earliest, latest;
};

/* The numbering of all packets to one seat. Group n, counted from 0, is at n % GROUPS, and whether packet n was told to
   be lost at n % MOST_LOST; all packets up to `told` have been told of, and groups before `oldest` are done with. */
struct sent {
    int64_t number;
    int64_t begun, oldest;
    int64_t told;
    double group_s;
    struct group groups[GROUPS];
    uint8_t lost[MOST_LOST];
    struct train train;
};

/* A seat's connection: how to encrypt, where to send, and from where, as a control message for the kernel. */
struct way {
    int is_open;
    int (*protect)(void *session, void *packet, int *size);
    void *session;
    uint32_t name_size, control_size;
    uint8_t name[NAME_BYTES];
    uint8_t control[CONTROL_BYTES];
};

/* One unbroken numbering for a listener; `run` names the stretch that is under way, 0 if none is. */
struct numbering {
    int64_t run, begins_at, offset, highest;
    uint32_t timestamp, timestamp_offset;
    double last_at;
};

/* A listener's end of one track. */
struct lane {
    struct batch *batch;
    struct way *way;
    struct sent *sent;
    struct numbering numbering;
    uint32_t ssrc, repeats_ssrc;
    uint8_t payload_type, repeats_type;
    uint16_t repeats_sequence;
    uint16_t picture_offset, latest_picture;
    uint8_t level_offset, latest_level, has_latest;
    uint64_t packets, octets;
};

/* Which header extensions some listeners get: their number of the transport-wide counter, and, by the source's numbers,
   theirs of all that pass; 0 for none. */
struct shape {
    uint8_t counter, is_passing;
    uint8_t passing[256];
};

/* Where the value of a header extension stands in a packet, and how many octets it has. */
struct extension {
    uint8_t number;
    uint16_t at, length;
};

/* A packet in the shape of some listeners. Offsets of 0 say that there is nothing: of the transport-wide counter, and,
   from the payload on, of a picture's number and level. */
struct packet {
    uint8_t data[SLOT_BYTES];
    int size;
    uint32_t payload_at, counter_at, picture_at, level_at;
    int64_t run, index;
    uint32_t timestamp;
    uint8_t marker;
    uint16_t picture;
    uint8_t level;
};

int read_extensions(const uint8_t *data, uint32_t payload_at, struct extension *found, int most);
int read_value(const uint8_t *data, uint32_t payload_at, uint32_t number, uint32_t octets);
int shape_packet(struct packet *packet, const uint8_t *data, int size, uint32_t payload_at, const struct shape *shape);

int place(struct numbering *numbering, int64_t index, uint32_t timestamp, double now,
          uint16_t *sequence, uint32_t *stamped);
uint16_t note(struct sent *sent, uint32_t octets, double now);
int fan_out(struct lane **lanes, int count, const struct packet *packet, double now);
int send_packet(struct lane *lane, const struct packet *packet, double now);
int send_repeat(struct lane *lane, const struct packet *packet, double now);
int send_padding(struct lane *lane, const struct packet *packet, double now);
void send_all(struct batch *batch);

/* A message of feedback: when each of `count` packets arrived, in ticks of the seat's clock, from the packet with the
   16-bit number `base` on; NOT_COME for one that has not. */
struct feedback {
    uint16_t base;
    int count;
    int64_t ticks[MOST_TOLD];
};

/* A group of packets as far as one feedback tells of it; `began_at` names it. Times are seconds, `arrived_at` by the
   seat's clock. */
struct arrived {
    double began_at, ended_at, arrived_at, octets;
};

/* What a feedback tells anew (see `sent_packets.py`); the latest arrival and all octets are those of the groups. */
struct told {
    int64_t first;
    int packets, lost, count;
    double arrived_at, octets;
    struct arrived groups[GROUPS];
};

enum { WINDOW = 20, NORMAL = 0, OVER = 1, UNDER = 2 };

struct point {
    double x, y;
};

/* What all feedback has told since the last look at it; `end` is the number behind the last one told of, and it is urgent
   where packets are lost or a queue grows; `is_any_urgent` says that some is, until Python has looked. */
extern int is_any_urgent;
struct news {
    int messages, packets, lost, is_urgent;
    int64_t end;
    double octets, arrived_at;
};

/* Whether a queue grows (see `delay_trend.py`). */
struct trend {
    int usage, groups, points, since_begin, has_group, has_before, is_judged, is_over;
    struct arrived group;
    double before_sent, before_arrived;
    double sum, smooth, threshold, judged_at, over_since, trend;
    double origin, x, y, xx, xy;
    struct point line[WINDOW];
};

int read_feedback(const uint8_t *body, int size, struct feedback *feedback);
void take(struct sent *sent, const struct feedback *feedback, double tick_s, struct told *told);
void hear(struct trend *trend, const struct told *told);
int hear_feedback(struct sent *sent, struct trend *trend, struct news *news, const uint8_t *body, int size,
                  double tick_s);

/* How much may still be asked for (see `allowance.py`); `at` is when that was last reckoned, below 0 before the first. */
struct allowance {
    double per_s, reserve, left, at;
};

/* Where a seat's packets come in: how they are decrypted, which SSRCs they have had, how many more may come, and who hears
   what is told of packets to the seat, in ticks of `tick_s`; where they go on to, and when the last one came that only the
   seat can have sent. */
struct entrance {
    int (*unprotect)(void *session, void *packet, int *size);
    int (*unprotect_control)(void *session, void *packet, int *size);
    void *session;
    int known;
    uint32_t sources[MOST_SOURCES];
    struct allowance packets, control;
    struct sent *sent;
    struct trend *trend;
    struct news *news;
    double tick_s;
    struct intake *intake;
    double heard_at;
};

/* Why a packet is dropped, or that nothing is left to do about it. To look up NUMBERS_LIKE_A_PACKET packets costs about
   as much as to decrypt and to read one. */
enum { HEARD = 0, TOO_EARLY = -1, TOO_MANY_SOURCES = -2, FORGED = -3, TOO_MANY = -4, MALFORMED = -5, NOT_AGREED = -6,
       NUMBERS_LIKE_A_PACKET = 50 };

int enter(struct entrance *entrance, uint8_t *datagram, int size, double now);
int enter_control(struct entrance *entrance, uint8_t *datagram, int size, double now);
int has_entered(const struct entrance *entrance, uint32_t ssrc);

/* What the payload of a VP8 packet says; offsets count from its start, 0 where there is none (see `vp8.py`). */
struct descriptor {
    uint8_t starts_key_frame, level;
    uint16_t lines, picture;
    uint32_t size, picture_at, level_at;
};

void read_vp8(const uint8_t *data, int size, uint32_t at, struct descriptor *found);

/* How a stream arrives (see `reception.py`); indexes are sequence numbers without the wrap. */
struct reception {
    uint32_t clock_rate;
    int64_t packets, octets, first, highest, transit;
    double jitter;
};

/* Octets of the last second (see `rate.py`). */
struct rate {
    double began_at, before;
    int64_t octets;
};

void count(struct reception *reception, int64_t index, uint32_t timestamp, int octets, double now);
void add_octets(struct rate *rate, int octets, double now);
double octets_per_second(struct rate *rate, double now);

/* Listeners that get a track in one shape. */
struct route {
    const struct shape *shape;
    struct lane **lanes;
    int count;
};

/* One SSRC of a seat, as far as every packet of it is concerned. `had` has the index of each of the last packets, `packet` is
   where they are shaped, and Python looks at each of one that `is_followed`. */
struct source {
    uint32_t ssrc;
    uint8_t payload_type, level_number, is_video, is_vp8, is_followed;
    int64_t run, highest;
    struct reception reception;
    struct rate rate;
    double came_at;
    struct packet *packet;
    struct route *routes;
    int count;
    int64_t had[KEPT];
};

/* A packet that was taken: its header, its place among the sources, what else was read of it, and how many listeners
   wait for a stretch to begin; the level is -1 where none is told. */
struct taken {
    int place, level, waiting;
    uint8_t payload_type, marker;
    uint16_t sequence;
    uint32_t timestamp, ssrc, payload_at;
    int64_t index;
    struct descriptor found;
};

/* All that a seat sends: its sources, the transport-wide numbers that have come, each with the time of arrival, and the level
   of the loudest packet since that was last asked for, -1 if there was none. */
struct intake {
    uint8_t counter;
    int loudest;
    int count;
    struct source *sources[MOST_TRACKS];
    int noted;
    uint16_t numbers[MOST_NOTED];
    double arrived[MOST_NOTED];
};

enum { REPEATED = 0, RECEIVED = 1, UNKNOWN = 2 };

int read_header(const uint8_t *data, int size, struct taken *taken);
void begin_source(struct source *source, uint32_t ssrc, int64_t run, uint32_t clock_rate);
int receive(struct source *source, const uint8_t *data, int size, struct taken *taken, double now);
int take_packet(struct intake *intake, const uint8_t *data, int size, double now, double arrived, struct taken *taken);

enum { PATH_BYTES = 44 };

/* One end of a path and the other (see `datagram_batches.py`), whose packets come by it, and when the last one came that only
   the seat can have sent. */
struct path {
    uint8_t size;
    uint8_t address[PATH_BYTES];
    struct entrance *entrance;
    double heard_at;
};

/* All paths, in a table of `places`, a power of two, of which half are free. */
struct paths {
    uint32_t places;
    struct path *at;
};

struct path *find_path(const struct paths *paths, const uint8_t *address, int size);
void put_path(struct paths *paths, const uint8_t *address, int size, struct entrance *entrance, double heard_at);
void drop_path(struct paths *paths, const uint8_t *address, int size);

/* The shortest datagram that means anything is RTCP without a tag. After so many system calls others have their turn. */
enum { RECEIVE_SLOTS = 32, RECEIVED_CONTROL_BYTES = 96, FILLS_PER_TURN = 8, SHORTEST_BYTES = 8, MAX_RTP_BYTES = 1600 };

/* What comes in at the port: slots for the kernel, of which `filled` have a datagram and those before `at` are done with;
   and the last datagram: what of it has been decrypted, why it was dropped or what was taken of it, from where it came,
   and when, in seconds since 1970. */
struct receiver {
    int fd;
    int fills, filled, at;
    void *messages;
    struct paths *paths;
    uint32_t name_size;
    uint8_t *data;
    int size, result, sender_size;
    uint8_t sender[PATH_BYTES];
    double arrived;
    struct taken *taken;
};

/* What is left to be done: nothing, or to look at a datagram that is one of these. */
enum { NOTHING = 0, NONSENSE = 1, STUN = 2, STRAY = 3, STRAY_CONTROL = 4, DTLS = 5, DROPPED = 6, PACKET = 7, CONTROL = 8 };

int take_next(struct receiver *receiver, double now);
