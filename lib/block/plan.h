/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.h - what has to change in a file of blocks for what is wanted */
#ifndef BLOCK_PLAN_H
#define BLOCK_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "block/block.h"
#include "block/client.h"
#include "block/edit.h"
#include "block/guard.h"
#include "block/names.h"

enum plan_action {
	PLAN_BLOCK,     /* these clients are to be refused */
	PLAN_UNBLOCK,   /* our blocks of these clients are to end */
	PLAN_CLEAR_OLD, /* our blocks that are over are to end */
};

#define PLAN_FOREVER (-1)

/* What is wanted. */
struct plan_wish {
	enum plan_action action;
	const struct client *client;
	size_t n;
	/* The rest is for PLAN_BLOCK. */
	int64_t expire;     /* seconds, or PLAN_FOREVER */
	bool expire_said;   /* it was asked for, and is no default */
	struct span value;  /* of the entries, as of the server's reply() */
	bool value_said;    /* the same */
	const char *reason; /* NULL: none */
	bool wide;          /* networks of many owners, too */
};

enum plan_verb {
	PLAN_SAME, /* it is so already; text says how */
	PLAN_ADD,
	PLAN_RENEW, /* another time, or another reply */
	PLAN_REMOVE,
	PLAN_EXPIRE,
};

/* What happens to one client. */
struct plan_step {
	enum plan_verb verb;
	struct client key;
	char *text; /* "until ...: REJECT" */
};

/* What a plan has to know beside the wish. */
struct plan_env {
	const struct guard *guard;
	const struct names *names; /* of the clients, for PLAN_BLOCK */
	const struct block_place *place;
	const char *by; /* who does it */
	int64_t now;    /* seconds since 1970 */
};

struct plan {
	struct edit edit; /* to the whole new text */
	struct plan_step *step;
	size_t nsteps, nchanges;
	struct buf notes; /* whole lines */
};

#define PLAN_INIT                               \
	{                                       \
		EDIT_INIT, NULL, 0, 0, BUF_INIT \
	}

/*
 * Pure.  bytes are the text as it is.  0; or -1 with a line added to *why:
 * refused, or out of memory.  Free it in both cases.
 */
int plan_make(struct plan *, const struct plan_wish *, const struct plan_env *,
    const struct buf *bytes, struct buf *why);
void plan_free(struct plan *);

/* "blocked 192.0.2.66 until ...", or "would block ...", as one line. */
void plan_add_step(struct buf *, const struct plan_step *, bool done);

#endif
