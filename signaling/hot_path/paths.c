/* Which seat is at the other end of a path. An open hash table with linear probing; who asks for a place sees to it that there
   is one free. Paths come from authentic checks, a few of each seat, so that nobody can choose many with one hash. */

#include <stdint.h>
#include <string.h>

#include "hot_path.h"

/* FNV-1a. Source: RFC 9923. */
static uint32_t hash_of(const uint8_t *address, int size)
{
    uint32_t hash = 2166136261u;
    for (int n = 0; n < size; n++)
        hash = (hash ^ address[n]) * 16777619u;
    return hash ^ hash >> 15;
}

/* Where a path stands, or is to stand. */
static uint32_t place_of(const struct paths *paths, const uint8_t *address, int size)
{
    uint32_t at = hash_of(address, size) & (paths->places - 1);
    while (paths->at[at].entrance &&
           (paths->at[at].size != size || memcmp(paths->at[at].address, address, size)))
        at = (at + 1) & (paths->places - 1);
    return at;
}

/* 0 where nobody is. */
struct path *find_path(const struct paths *paths, const uint8_t *address, int size)
{
    struct path *path = paths->places ? &paths->at[place_of(paths, address, size)] : 0;
    return path && path->entrance ? path : 0;
}

void put_path(struct paths *paths, const uint8_t *address, int size, struct entrance *entrance, double heard_at)
{
    struct path *path = &paths->at[place_of(paths, address, size)];
    path->size = size;
    memcpy(path->address, address, size);
    path->entrance = entrance;
    path->heard_at = heard_at;
}

/* Take one out, and put those behind it anew that might have stood in its place. */
void drop_path(struct paths *paths, const uint8_t *address, int size)
{
    uint32_t at = place_of(paths, address, size);
    paths->at[at].entrance = 0;
    for (at = (at + 1) & (paths->places - 1); paths->at[at].entrance; at = (at + 1) & (paths->places - 1)) {
        struct path moved = paths->at[at];
        paths->at[at].entrance = 0;
        put_path(paths, moved.address, moved.size, moved.entrance, moved.heard_at);
    }
}
