/* SPDX-License-Identifier: GPL-3.0-or-later */
/* queue.h - named sets of queue directories */
#ifndef MAIL_QUEUE_H
#define MAIL_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct mta;
struct mta_dir;

enum queue_role {
	QUEUE_OUT,    /* waits for delivery */
	QUEUE_IN,     /* accepted, waits for a content scanner */
	QUEUE_CLIENT, /* submitted here, waits for the main MTA */
};

struct queue_dir {
	char *path;
	int error; /* errno when it can't be found, else 0 */
	dev_t dev; /* dev and ino only without an error */
	ino_t ino;
};

/*
 * One queue as an operator names it: a directory, or the several that a
 * wildcard or a configuration file stands for.
 */
struct queue {
	const struct mta *mta; /* the server that it is of */
	char *name;
	char *from;   /* the path that the name is made of; or NULL */
	char *source; /* who says that it is one */
	enum queue_role role;
	struct queue_dir *dirs;
	size_t ndirs;
};

struct queue_list {
	struct queue *v;
	size_t n;
};

#define QUEUE_LIST_INIT \
	{               \
		NULL, 0 \
	}

void queue_list_free(struct queue_list *);

/* "in", "out" or "client". */
const char *queue_role_name(enum queue_role);

/* The role that a queue's name suggests: *.in, clientmqueue, mqueue-client. */
enum queue_role queue_role_of(const char *name);

/*
 * Adds a queue of that server with the given directories.  Each is a path, or
 * a sendmail wildcard: a path that ends in '*' stands for the directories, and
 * links to directories, of its parent whose names have that prefix, and for
 * the parent itself when there are none (sendmail's multiqueue_cache()).  A
 * directory that the list has already, by device and inode, is left out; one
 * that is missing is kept with its error.
 *
 * name NULL: the last component of the first path, before any wildcard.  A
 * name that the list has already is made longer by its parent directory's.
 *
 * Returns 0; or -1 with errno, and nothing was added: EEXIST when nothing new
 * was left of the directories, ENOMEM, or what kept a wildcard's parent from
 * being listed.
 */
int queue_list_add(struct queue_list *, const struct mta *, const char *name,
    enum queue_role, const char *source, const char *const *paths,
    size_t npaths);

/*
 * Adds to the source of the queue which has a directory, or the first one that
 * a sendmail wildcard stands for, that it is a queue group of this name, too,
 * unless that is its own name.  0, or -1 with errno as queue_list_add().
 */
int queue_list_add_alias(struct queue_list *, const char *pattern,
    const char *name);

/*
 * Gives the queue at this place of the list the name.  Another queue that had
 * it is called by its first directory from now on.  0, or -1 with errno.
 */
int queue_list_rename(struct queue_list *, size_t at, const char *name);

/*
 * queue_list_add() of what a user typed, "[NAME=]DIR"; who does not know the
 * server calls mta_table_add_spec().  The role comes from the name, or else
 * from DIR's last component.  Which of several queues without a NAME gets the
 * shorter one does not depend on their order: it is the one whose DIR comes
 * first in the alphabet.
 * EINVAL: nothing before or after the '='.  EEXIST: also for a NAME that was
 * given before.
 */
int queue_list_add_spec(struct queue_list *, const struct mta *,
    const char *spec);

/* What to tell that user: a constant text, or one of strerror(3). */
const char *queue_spec_error(int error);

/*
 * Opens a subdirectory of a queue directory, or the queue directory itself
 * when it has no such subdirectory, or subdir is NULL.  A descriptor, or -1
 * with errno.
 */
int queue_open_dir(const struct queue_dir *, const char *subdir);

/* Opens its directory of a kind.  A descriptor, or -1 with errno. */
int queue_open_kind(const struct queue_dir *, const struct mta_dir *);

const struct queue *queue_list_find(const struct queue_list *,
    const char *name);

/*
 * The order in which queues are told, whatever the order in which they were
 * named: incoming ones, outgoing ones, the client queue; of a role, by name.
 * As of strcmp(3).
 */
int queue_compare(const struct queue *, const struct queue *);
void queue_list_sort(struct queue_list *);

/*
 * Leaves only the queues of this role in the list.  Without any, it stays as
 * it is, and false is returned.
 */
bool queue_list_keep(struct queue_list *, enum queue_role);

#endif
