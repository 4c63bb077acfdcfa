/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reader.c - reads control files, many under way at once
 *
 * What is in the page cache is read at once; for the rest the disk is told to
 * begin, and the file waits in a ring until its turn comes.  So the disk
 * always has many requests to choose from, and a warm queue costs nothing
 * more.  Owns the descriptors of the ring.
 *
 * A file that is replaced between listing and opening is read as it is then.
 * Type and size are not asked for: a link, a socket, a FIFO or a directory in
 * the place of a file shows in the errors of open(2) and pread(2).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fsx.h"
#include "base/sys.h"
#include "look/reader.h"

#define READER_STARVED 2000 /* tries without a descriptor, 1 ms each */

struct reader_slot {
	int fd;
	const struct lister *lister;
	struct lister_entry entry;
};

int
reader_init(struct reader *r, size_t window, size_t room)
{
	int rc = source_init(&r->source, room);

	r->slot = calloc(window, sizeof(*r->slot));
	r->nslots = window;
	r->noatime = r->nowait = true;
	return rc == 0 && r->slot != NULL ? 0 : -1;
}

/* Closes what is set aside, unread. */
static void
reader_drop(struct reader *r)
{
	for (; r->parked != 0; r->parked--) {
		close(r->slot[r->first].fd);
		r->first = (r->first + 1) % r->nslots;
	}
}

void
reader_free(struct reader *r)
{
	reader_drop(r);
	free(r->slot);
	source_free(&r->source);
	r->slot = NULL;
}

/*
 * Keeps one example of what can't be read: the first by name, since which one
 * is met first is a matter of chance.
 */
static void
reader_fail_example(struct reader_count *c, const struct queue *q,
    const struct queue_dir *dir, const char *name, int error)
{
	if (c->failed_dir != NULL && strcmp(name, c->failed_name) >= 0)
		return;
	c->failed_queue = q;
	c->failed_dir = dir;
	c->error = error;
	snprintf(c->failed_name, sizeof(c->failed_name), "%s", name);
}

void
reader_count_add(struct reader_count *to, const struct reader_count *from)
{
	if (from->failed_dir != NULL)
		reader_fail_example(to, from->failed_queue, from->failed_dir,
		    from->failed_name, from->error);
	to->started += from->started;
	to->read += from->read;
	to->vanished += from->vanished;
	to->refused += from->refused;
	to->unreadable += from->unreadable;
}

/* Counts a file that can't be read for this errno. */
static void
reader_failed(struct reader *r, const struct lister *l,
    const struct lister_entry *e, int error)
{
	struct reader_count *c = &r->count;

	if (sys_is_link_error(error))
		error = ENOENT; /* counts the same */
	switch (error) {
	case ENOENT:
	case ENXIO:  /* a socket, or a device without a driver */
	case ESPIPE: /* a FIFO or a terminal */
	case EISDIR:
		c->vanished++;
		return;
	default:
		break;
	}
	c->unreadable++;
	reader_fail_example(c, l->queue, l->dir, e->name, error);
}

/* Reads what was asked for, and that only.  -1 with errno. */
static int
reader_fetch(struct source *s, int fd, bool wait)
{
	ssize_t n = fsx_read_at(fd, source_room(s), s->asked,
	    (off_t)s->asked_from, wait);

	if (n < 0)
		return -1;
	source_took(s, (size_t)n);
	return 0;
}

/*
 * Parses the bytes read, and more as long as the parser asks for it.
 * Recipients are told last, so that none is told twice.  -1 with errno.
 */
static int
reader_parse(struct reader *r, const struct mta *mta, int fd,
    struct envelope *env)
{
	while (mta->parse(env, &r->source, r->all_recipients, NULL, NULL))
		if (reader_fetch(&r->source, fd, true) != 0)
			return -1;
	if (r->recipient != NULL)
		mta->parse(env, &r->source, r->all_recipients, r->recipient,
		    r->arg);
	return 0;
}

/* An impossible time of arrival is not known, to all who use the envelope. */
static void
reader_date(const struct reader *r, struct envelope *env)
{
	env->dated = dated_judge(env->arrival, when_wall(r->clock));
	if (env->dated != DATED_FINE)
		env->arrival = -1;
}

/* Parses what was read, and hands it on; closes the file. */
static int
reader_deliver(struct reader *r, const struct lister *l,
    const struct lister_entry *e, int fd)
{
	struct envelope env;
	int rc = 0;

	if (reader_parse(r, l->queue->mta, fd, &env) != 0) {
		reader_failed(r, l, e, errno);
	} else {
		reader_date(r, &env);
		rc = r->done(r->arg, l, e, &env);
		r->count.read += rc != 1;
		r->count.refused += rc == 1;
	}
	close(fd);
	return rc == -1 ? -1 : 0;
}

/* Finishes the file that was set aside first. */
static int
reader_finish(struct reader *r)
{
	struct reader_slot *s = &r->slot[r->first];
	int64_t began = when_mono(r->clock);
	int rc;

	r->first = (r->first + 1) % r->nslots;
	r->parked--;
	source_start(&r->source, s->lister->queue->mta->first);
	rc = reader_fetch(&r->source, s->fd, true);
	r->waited_ms += when_mono(r->clock) - began;
	r->waited++;
	if (rc == 0)
		return reader_deliver(r, s->lister, &s->entry, s->fd);
	reader_failed(r, s->lister, &s->entry, errno);
	close(s->fd);
	return 0;
}

int
reader_drain(struct reader *r)
{
	int rc = 0;

	while (rc == 0 && r->parked != 0)
		rc = reader_finish(r);
	/* Here, since another thread may not have these descriptors. */
	reader_drop(r);
	return rc;
}

int64_t
reader_backlog(const struct reader *r)
{
	return r->waited == 0 ?
	    0 :
	    (int64_t)r->parked * r->waited_ms / (int64_t)r->waited;
}

static int
reader_park(struct reader *r, const struct lister *l,
    const struct lister_entry *e, int fd)
{
	int rc = 0;

	if (r->parked == r->nslots)
		rc = reader_finish(r);
	r->slot[(r->first + r->parked++) % r->nslots] = (struct reader_slot){
		fd, l, *e
	};
	return rc;
}

/* May this thread wait for others to close a file? */
static bool
reader_may_wait(struct reader *r)
{
	if (r->deadline != NULL && when_passed(r->deadline))
		return false;
	if (r->starved == READER_STARVED)
		return false;
	r->starved++;
	return true;
}

/*
 * Opens a file.  Without descriptors, finishes files that have one, or waits
 * for other threads to do so.  *rc is what done said.
 */
static int
reader_open(struct reader *r, const struct lister *l,
    const struct lister_entry *e, int *rc)
{
	static const struct timespec moment = { 0, 1000000 };
	int fd;

	for (;;) {
		fd = fsx_open_at(l->fd, e->name, &r->noatime);
		if (fd != -1)
			r->starved = 0;
		if (fd != -1 || (errno != EMFILE && errno != ENFILE))
			return fd;
		if (r->parked != 0) {
			if ((*rc = reader_finish(r)) != 0)
				return -1;
		} else if (reader_may_wait(r)) {
			nanosleep(&moment, NULL);
		} else {
			return -1;
		}
	}
}

/*
 * Opens a file, in its directory or in one that it may have gone to: *l is
 * then that one.
 */
static int
reader_find(struct reader *r, const struct lister **l,
    const struct lister_entry *e, int *rc)
{
	const struct lister *from = *l, *at = from;
	size_t i = 0;
	int fd;

	while ((fd = reader_open(r, at, e, rc)) == -1 && *rc == 0 &&
	    errno == ENOENT && r->elsewhere != NULL &&
	    (at = r->elsewhere(r->arg, from, i++)) != NULL)
		*l = at;
	return fd;
}

/*
 * For entries whose listing left this open.  A device must not be read, and a
 * file that is not whole yet is not a message.
 */
static bool
reader_is_message(int fd, const struct mta_dir *kind)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & kind->whole) == kind->whole;
}

int
reader_start(struct reader *r, const struct lister *l,
    const struct lister_entry *e)
{
	int fd, rc = 0;

	r->count.started++;
	if ((fd = reader_find(r, &l, e, &rc)) == -1) {
		if (rc == 0)
			reader_failed(r, l, e, errno);
		return rc;
	}
	if (e->unsure && !reader_is_message(fd, l->kind)) {
		r->count.vanished++;
		close(fd);
		return 0;
	}
	source_start(&r->source, l->queue->mta->first);
	rc = reader_fetch(&r->source, fd, !r->nowait);
	if (rc != 0 && errno == EOPNOTSUPP && r->nowait) {
		r->nowait = false;
		rc = reader_fetch(&r->source, fd, true);
	}
	if (rc == 0)
		return reader_deliver(r, l, e, fd);
	if (errno == EAGAIN && r->nowait)
		return reader_park(r, l, e, fd);
	reader_failed(r, l, e, errno);
	close(fd);
	return 0;
}
