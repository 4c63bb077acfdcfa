/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tally.h - counts messages by relay, sender ..., in bounded memory */
#ifndef COUNT_TALLY_H
#define COUNT_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "count/arrivals.h"
#include "count/distinct.h"
#include "mail/envelope.h"
#include "mail/key_by.h"

/*
 * At most this many groups are kept.  When a table is full, its smallest
 * groups are added to one exact sum, "others".  A group with more than a
 * thousandth of the messages is never among these (Manku and Motwani's lossy
 * counting).
 */
#define TALLY_GROUPS 65536

/* Details of the groups that have a large part of the queue. */
struct tally_detail {
	struct arrivals arrivals;
	struct distinct senders;
	uint64_t seen; /* messages since the detail is kept */
};

struct tally_group {
	uint64_t count;      /* messages */
	uint64_t smtp;       /* of these, from another host */
	uint64_t recipients; /* those seen; see envelope.h */
	int64_t oldest;      /* arrival, since 1970; */
	int64_t newest;      /* -1: not known */
	uint64_t hash;
	char *bytes; /* key, then host or example */
	uint16_t key_len;
	uint16_t host_len;
	bool host_proven;            /* not cut, belongs to the address */
	struct tally_detail *detail; /* NULL: a small group */
};

/* The part of a tally that is not in any group. */
struct tally_rest {
	uint64_t count;
	int64_t oldest; /* arrival; -1: not known */
};

struct tally {
	enum key_by by;
	int64_t now;     /* seconds since 1970 */
	bool detail_all; /* for each group */
	bool smtp_only;  /* group no other class */
	uint64_t seed;   /* of the hashes */

	uint64_t read;    /* messages added */
	uint64_t undated; /* of these, with an impossible time, */
	uint64_t future;  /* or a time in the future: no age */
	struct tally_rest classes[RELAY_CLASSES];
	struct tally_rest unnamed; /* smtp, but without a key */
	struct tally_rest others;  /* of groups that did not fit */
	struct arrivals arrivals;  /* of all messages */

	struct tally_group *group;
	size_t ngroups;
	size_t size;
	uint32_t *index; /* hash to group + 1 */
	size_t nindex;   /* a power of two, or 0 */

	struct span *domains; /* of one message's recipients */
	size_t ndomains;
	bool domains_oom;
};

/* The older of two times of arrival; -1: not known. */
int64_t tally_older(int64_t, int64_t);

/* Makes an empty tally; its flags and the seed may then be set. */
void tally_init(struct tally *, enum key_by, int64_t now);
void tally_free(struct tally *); /* empties it; settings stay */

/*
 * Adds a message.  For KEY_RECIPIENT_DOMAIN, the parser must first call
 * tally_recipient() for each of its recipients.  0, or -1: out of memory.
 */
int tally_add(struct tally *, const struct envelope *);
void tally_recipient(void *tally, struct span address);

/*
 * Adds the second tally, which has the same settings, to the first, and
 * empties the second.  0, or -1: out of memory.
 */
int tally_merge(struct tally *, struct tally *);

/*
 * Puts the groups in order, largest first, then by key.  After it a tally can
 * only be asked, by the functions below, and freed.
 */
void tally_sort(struct tally *);

/* The key as text: an address is canonical, other text may hold any byte. */
void tally_add_key(struct buf *, const struct tally *,
    const struct tally_group *);

/*
 * Adds the selector (selector.h) for the messages of a group: one word, which
 * may need quotes in a shell, but contains no '.  tally_selector_class()
 * returns the word that must follow it: " class:smtp" if mail of this host may
 * match as well, else "".
 */
void tally_add_selector(struct buf *, const struct tally *,
    const struct tally_group *);
const char *tally_selector_class(const struct tally *);

/* The key of KEY_RELAY and KEY_NETWORK as an address, not as text. */
struct addr_prefix tally_prefix(const struct tally *,
    const struct tally_group *);

/*
 * The name of a relay.  If it has several names, this is the same one in every
 * run: a proven name if there is one, and then the first by its bytes.
 */
struct span tally_host(const struct tally_group *);

/* One reply of KEY_STATUS as the server sent it; its keys are folded. */
struct span tally_example(const struct tally_group *);

/*
 * The number of envelope senders, or 0 if it is not known.  *exact is false if
 * it is an estimate.
 */
uint64_t tally_senders(const struct tally_group *, bool *exact);

/*
 * The flood of a group, with n and rate of all its messages.  Returns false if
 * it is not known.
 */
bool tally_flood(const struct tally_group *, struct arrivals_flood *);

#endif
