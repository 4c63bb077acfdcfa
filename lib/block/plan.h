/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.h - what a command makes of the text of an access map */
#ifndef TOOLS_QBLOCK_PLAN_H
#define TOOLS_QBLOCK_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "tools/qblock/config.h"
#include "block/edit.h"
#include "block/guard.h"

enum qblock_plan_verb {
	QBLOCK_PLAN_SAME, /* it is so already; text says how */
	QBLOCK_PLAN_ADD,
	QBLOCK_PLAN_RENEW, /* another time, or another reply */
	QBLOCK_PLAN_REMOVE,
	QBLOCK_PLAN_EXPIRE,
};

/* What happens to one client. */
struct qblock_plan_step {
	enum qblock_plan_verb verb;
	struct accesskey key;
	char *text; /* "until ...: REJECT" */
};

/* What a plan has to know beside its command. */
struct qblock_plan_env {
	const struct qblock_guard *guard;
	const struct qblock_names *names; /* of the clients, for add */
	const struct sendmail_access *cf;
	const char *file; /* of the text */
	const char *by;   /* who does it */
	int64_t now;      /* seconds since 1970 */
};

struct qblock_plan {
	struct qblock_edit edit; /* to the whole new text */
	struct qblock_plan_step *step;
	size_t nsteps, nchanges;
	struct buf notes; /* whole lines */
};

#define QBLOCK_PLAN_INIT                               \
	{                                              \
		QBLOCK_EDIT_INIT, NULL, 0, 0, BUF_INIT \
	}

/*
 * Pure.  c is for add, remove or expire; bytes are the text as it is.  0; or -1
 * with a line added to *why: refused, or out of memory.  Free it in both cases.
 */
int qblock_plan_make(struct qblock_plan *, const struct qblock_config *c,
    const struct qblock_plan_env *, const struct buf *bytes, struct buf *why);
void qblock_plan_free(struct qblock_plan *);

/* "blocked 192.0.2.66 until ...", or "would block ...", as one line. */
void qblock_plan_add_step(struct buf *, const struct qblock_plan_step *,
    bool done);

#endif
