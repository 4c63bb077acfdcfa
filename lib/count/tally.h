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
 * The most groups that are kept.  When a table is full, its smallest groups
 * go into one exact sum, "others"; a group that holds more than a thousandth
 * of the messages is never among these (Manku and Motwani's lossy counting).
 */
#define TALLY_GROUPS 65536

/* What is kept of the groups that hold much of the queue. */
struct tally_detail {
	struct arrivals arrivals;
	struct distinct senders;
	uint64_t seen; /* messages since it is kept */
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
	bool host_proven; /* whole, and belongs to the */
	/* address */
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

	uint64_t read;    /* messages added; of these without an age, */
	uint64_t undated; /* as their time can't be true, */
	uint64_t future;  /* or is still to come */
	struct tally_rest classes[RELAY_CLASSES];
	struct tally_rest unnamed; /* smtp, but without a key */
	struct tally_rest others;  /* of groups that did not fit */
	struct arrivals arrivals;  /* of all messages */

	struct tally_group *group;
	size_t ngroups;
	size_t size;
	uint32_t *index; /* hash to group + 1 */
	size_t nindex;   /* a power of two, or 0 */

	struct span *domains; /* of one's recipients */
	size_t ndomains;
	bool domains_oom;
};

/* The older of two times of arrival; -1: not known. */
int64_t tally_older(int64_t, int64_t);

/* Makes an empty tally; its flags and the seed may then be set. */
void tally_init(struct tally *, enum key_by, int64_t now);
void tally_free(struct tally *); /* empties it; settings stay */

/*
 * Adds a message.  For KEY_RECIPIENT_DOMAIN, tally_recipient() is what the
 * parser has to call first for its recipients.  0, or -1: out of memory.
 */
int tally_add(struct tally *, const struct envelope *);
void tally_recipient(void *tally, struct span address);

/*
 * Adds all of the second, which has the same settings, to the first, and
 * empties it.  0, or -1: out of memory.
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
 * The selector, selector.h, for the messages of a group: one word, that may
 * need a shell's quotes, but has no ' in it.  Another has to follow it where
 * this host's own mail may say the same of itself: " class:smtp", or "".
 */
void tally_add_selector(struct buf *, const struct tally *,
    const struct tally_group *);
const char *tally_selector_class(const struct tally *);

/* The same of KEY_RELAY and KEY_NETWORK only, not as text. */
struct addr_prefix tally_prefix(const struct tally *,
    const struct tally_group *);

/*
 * The name of a relay.  Of several the same one in every run: one that is
 * proven, and of these the first by its bytes.
 */
struct span tally_host(const struct tally_group *);

/* Of KEY_STATUS, whose keys are folded: one reply as it came. */
struct span tally_example(const struct tally_group *);

/* Envelope senders; *exact: counted, else an estimate.  0: not known. */
uint64_t tally_senders(const struct tally_group *, bool *exact);

/* The group's flood, n and rate of all its messages.  False: not known. */
bool tally_flood(const struct tally_group *, struct arrivals_flood *);

#endif
