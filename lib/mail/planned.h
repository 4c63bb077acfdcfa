/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planned.h - the queues that configurations name, before each has its own */
#ifndef MAIL_PLANNED_H
#define MAIL_PLANNED_H

#include "base/rooted.h"
#include "mail/queue.h"

/*
 * A directory is watched once, though several queues may name it: the one with
 * the first claim has it.  Among equal claims it is the one that names it more
 * closely: by its path rather than by a wildcard, by the longer path, and then
 * the one that was planned first.
 */
enum planned_claim {
	PLANNED_INCOMING, /* what a content scanner takes its messages from */
	PLANNED_GROUP,    /* a queue group with a path of its own */
	PLANNED_OUTGOING, /* where a content scanner puts its messages */
	PLANNED_BASE,     /* what is left of the MTA's queue directory */
	PLANNED_CLIENT,   /* submitted here */
};

/* Whose name it is, if two queues want the same. */
enum planned_naming {
	PLANNED_TAIL, /* name is NULL, or what fits it if it is free */
	PLANNED_OWN,  /* the MTA calls it so, and others give way */
	PLANNED_MAIN, /* the same for "mqueue", if another had that name; */
};                    /* else as the last component of its path */

struct planned_queue {
	const struct mta *mta;
	char *name; /* NULL: the last component of its first path */
	char *source;
	enum queue_role role;
	enum planned_claim claim;
	enum planned_naming naming;
	char **paths; /* with the root; see queue_list_add() */
	size_t npaths;
};

struct planned {
	const struct mta *mta; /* the server of what is planned next */
	struct planned_queue *v;
	size_t n;
};

#define PLANNED_INIT          \
	{                     \
		NULL, NULL, 0 \
	}

void planned_free(struct planned *);

/*
 * Adds a queue without a directory, whose pointer holds until the next call;
 * its naming is PLANNED_TAIL.  NULL: out of memory.
 */
struct planned_queue *planned_new(struct planned *, const char *name,
    enum queue_role, enum planned_claim, const char *source);

/* Calls it so from now on.  0, or -1 with why. */
int planned_set_name(struct planned_queue *, const struct rooted *,
    const char *name);

/* Adds a directory, or a sendmail wildcard, to it.  0, or -1 with why. */
int planned_add_path(struct planned_queue *, const struct rooted *,
    const char *path);
/* The same for a path that has the root. */
int planned_add_found(struct planned_queue *, const struct rooted *,
    const char *path);

/*
 * Adds them to the list, in the order in which they were planned.  One that
 * has no directory of its own is left out; the source of the queue that has
 * its first one tells its name, if it has one.  0, or -1 with why.
 */
int planned_commit(const struct planned *, const struct rooted *,
    struct queue_list *);

#endif
