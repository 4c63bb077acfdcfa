/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planned.h - the queues that configurations name, as a plan */
#ifndef MAIL_PLANNED_H
#define MAIL_PLANNED_H

#include "base/rooted.h"
#include "mail/queue.h"

/*
 * A directory is watched once, even if several queues name it: the queue whose
 * claim comes first in this list gets it.  Among equal claims, the queue that
 * names the directory more precisely gets it: by its path rather than by a
 * wildcard, by the longer path, and then the queue that was planned first.
 */
enum planned_claim {
	PLANNED_INCOMING, /* a content scanner takes its messages from it */
	PLANNED_GROUP,    /* a queue group with a path of its own */
	PLANNED_OUTGOING, /* a content scanner puts its messages there */
	PLANNED_BASE,     /* the rest of the MTA's queue directory */
	PLANNED_CLIENT,   /* programs of this host submit mail to it */
};

/* Which queue gets a name, if two queues want the same one. */
enum planned_naming {
	PLANNED_TAIL, /* the name is NULL, or is used only if it is free */
	PLANNED_OWN,  /* the MTA uses this name, and other queues give way */
	PLANNED_MAIN, /* as OWN for "mqueue", if another queue has that */
};                    /* name; else the last component of its path */

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
 * Adds a queue without a directory.  Its naming is PLANNED_TAIL, and the
 * pointer is valid until the next call.  Returns NULL if it is out of memory.
 */
struct planned_queue *planned_new(struct planned *, const char *name,
    enum queue_role, enum planned_claim, const char *source);

/* Gives the queue another name.  0, or -1 with why. */
int planned_set_name(struct planned_queue *, const struct rooted *,
    const char *name);

/* Adds a directory, or a sendmail wildcard, to it.  0, or -1 with why. */
int planned_add_path(struct planned_queue *, const struct rooted *,
    const char *path);
/* The same for a path that has the root. */
int planned_add_found(struct planned_queue *, const struct rooted *,
    const char *path);

/*
 * Adds the queues to the list, in the order in which they were planned.  A
 * queue that gets no directory is left out.  If it has a name, the source of
 * the queue that got its first directory mentions that name.  0, or -1 with
 * why.
 */
int planned_commit(const struct planned *, const struct rooted *,
    struct queue_list *);

#endif
