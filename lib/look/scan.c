/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * scan.c - counts the messages of a queue by its directory entries
 *
 * First all names are listed; then the few messages whose names say too much
 * are looked at: the oldest, and those with a time that cannot be true.
 *
 * Owns descriptors of directories only.  POSIX leaves open whether an entry
 * made or removed during the listing is seen; on ext4 and XFS those that stay
 * are seen exactly once, on tmpfs a queue whose files are renamed all the
 * time may be off by some percent.
 *
 * Limit: a getdents(2) that hangs, as on a dead NFS server, is not ended by
 * the deadline; the caller needs an alarm behind it.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sys.h"
#include "look/elders.h"
#include "look/scan.h"
#include "look/walk.h"
#include "mail/dated.h"

#define SCAN_CLOCK_EVERY 256 /* entries between two looks at the clock */
#define SCAN_LOOKS_LATE  4   /* messages looked at after the deadline */
#define SCAN_SLACK       60  /* seconds; an age is as good as exact */

/* A queue while it is counted. */
struct scan {
	const struct mta *mta;
	const struct scan_options *opt;
	struct scan_count *count;
	struct elders old; /* over a limit by their names */
	struct elders odd; /* by names that can't be true */
	uint64_t over;     /* late by their names */

	/* Whose descriptors these are, for a look; -1: can't be opened. */
	const struct queue_dir *dir;
	const struct mta_dir *kind;
	int control_fd;
	int body_fd;
};

/* A queue's directory of a kind while it is listed. */
struct scan_dir {
	struct scan *scan;
	const struct queue_dir *dir;
	const struct mta_dir *kind;
	struct walk walk;
	int body_fd; /* -1: not needed yet */
	int error;   /* of an inode, or 0 */
	const struct scan_options *opt;
	struct scan_count *count;
};

/* Adds a message of this age, which is known. */
static void
scan_aged(struct scan *s, int64_t age)
{
	struct scan_count *c = s->count;

	if (age > c->oldest)
		c->oldest = age;
	if (age > s->opt->late_after)
		c->late++;
}

/* The age of a time, which may be ahead by a little. */
static int64_t
scan_age(const struct scan *s, int64_t when)
{
	return when < s->opt->now ? s->opt->now - when : 0;
}

/*
 * A queued message with a time in its name: it came then, or if that is not
 * exact perhaps later.
 */
static void
scan_by_name(struct scan_dir *d, const char *name, const struct mta_entry *e)
{
	struct scan *s = d->scan;
	const struct scan_options *opt = s->opt;
	int64_t age = scan_age(s, e->time);

	switch (dated_judge(e->time, opt->now)) {
	case DATED_FUTURE:
		s->count->future++;
		return;
	case DATED_NEVER:
		s->count->undated++;
		elders_add(&s->odd, name, d->dir, d->kind, age);
		return;
	default:
		break;
	}
	if (!e->exact &&
	    (age > opt->late_after ||
		(opt->look_over != 0 && age > opt->look_over))) {
		s->over += age > opt->late_after;
		elders_add(&s->old, name, d->dir, d->kind, age);
	} else {
		scan_aged(s, age);
	}
}

/* When one without came; -1 with errno. */
static int
scan_arrival(struct scan_dir *d, const char *name, int64_t *when)
{
	const struct mta *mta = d->scan->mta;

	if (d->body_fd == -1 && mta->body_subdir != NULL)
		d->body_fd = queue_open_dir(d->dir, mta->body_subdir);
	return mta->arrival(d->walk.fd,
	    d->body_fd != -1 ? d->body_fd : d->walk.fd, name, when);
}

/* A queued one without.  False when it left the queue. */
static bool
scan_by_inode(struct scan_dir *d, const char *name, int64_t *when)
{
	/* A message, of which no age is known. */
	*when = d->opt->now;
	if (d->kind->age_cost == MTA_COST_READ) {
		d->count->ageless++;
		return true;
	}
	if (scan_arrival(d, name, when) != 0) {
		if (errno == ENOENT)
			return false;
		d->error = errno;
		*when = d->opt->now;
		return true;
	}
	switch (dated_judge(*when, d->opt->now)) {
	case DATED_FUTURE:
		d->count->future++;
		break;
	case DATED_NEVER:
		d->count->undated++;
		break;
	default:
		scan_aged(d->scan, scan_age(d->scan, *when));
		break;
	}
	return true;
}

/* A held one: how old is it, if that is known? */
static void
scan_held(struct scan_dir *d, const char *name, const struct mta_entry *e)
{
	struct scan_count *c = d->count;
	int64_t when = e->time, now = d->opt->now;

	c->held++;
	if (!e->has_time &&
	    (d->kind->age_cost == MTA_COST_READ ||
		scan_arrival(d, name, &when) != 0))
		return;
	if (dated_judge(when, now) == DATED_FINE &&
	    scan_age(d->scan, when) > c->oldest_held)
		c->oldest_held = scan_age(d->scan, when);
}

/* Is it a regular file, and a whole message? */
static bool
scan_is_message(struct scan_dir *d, const struct walk_entry *w)
{
	const mode_t whole = d->kind->whole;
	struct stat st;

	if (w->type != SYS_UNKNOWN && (w->type != SYS_FILE || whole == 0))
		return w->type == SYS_FILE;
	if (fstatat(d->walk.fd, w->path, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return S_ISREG(st.st_mode) && (st.st_mode & whole) == whole;
	if (errno != ENOENT)
		d->error = errno;
	return false;
}

/* The same is looked at again for what no queue run delivers. */
static void
scan_note(const struct scan_dir *d, const struct mta_entry *e, const char *path,
    int64_t age)
{
	if (d->opt->stranded != NULL)
		stranded_note(d->opt->stranded, d->scan->mta, e, path, age);
}

static void
scan_entry(struct scan_dir *d, const struct walk_entry *w)
{
	struct mta_entry e;
	int64_t when;

	d->scan->mta->classify(d->kind, w->name, w->len, d->opt->now, &e);
	if (e.state == MTA_NOTHING)
		scan_note(d, &e, w->path, STRANDED_NO_AGE);
	if (e.state == MTA_NOTHING || !scan_is_message(d, w))
		return;
	switch (e.state) {
	case MTA_HELD:
		scan_held(d, w->path, &e);
		scan_note(d, &e, w->path, STRANDED_NO_AGE);
		return;
	case MTA_LOST:
		d->count->lost++;
		return;
	default:
		break;
	}
	when = e.time;
	if (e.has_time)
		scan_by_name(d, w->path, &e);
	else if (!scan_by_inode(d, w->path, &when))
		return;
	d->count->queued++;
	scan_note(d, &e, w->path, scan_age(d->scan, when));
}

/* Lists one directory.  0 also when cut short; -1 with errno. */
static int
scan_list(struct scan_dir *d)
{
	struct walk_entry e;
	unsigned int n = 0;
	int rc;

	while ((rc = walk_next(&d->walk, &e)) == 1) {
		scan_entry(d, &e);
		if (++n % SCAN_CLOCK_EVERY == 0 &&
		    when_passed(d->opt->deadline)) {
			d->count->cut_short = true;
			return 0;
		}
	}
	if (rc == 0 && d->error != 0) {
		errno = d->error;
		rc = -1;
	}
	return rc;
}

static int
scan_kind(struct scan *s, const struct queue *q, const struct queue_dir *dir,
    const struct mta_dir *kind)
{
	const struct scan_options *opt = s->opt;
	struct scan_dir d = {
		.scan = s,
		.dir = dir,
		.kind = kind,
		.body_fd = -1,
		.opt = opt,
		.count = s->count,
	};
	int rc, error;

	if (walk_open(&d.walk, dir, kind) != 0)
		return -1;
	if (kind->state_cost == MTA_COST_READ)
		s->count->held_unknown = true;
	rc = scan_list(&d);
	error = errno;
	if (opt->stranded != NULL)
		stranded_look(opt->stranded, q, dir, kind, d.walk.fd,
		    opt->deadline);
	walk_close(&d.walk);
	if (d.body_fd != -1)
		close(d.body_fd);
	errno = error;
	return rc;
}

/* Of each kind.  0, or -1 with the first errno. */
static int
scan_directory(struct scan *s, const struct queue *q,
    const struct queue_dir *dir)
{
	int error = 0;
	size_t i;

	for (i = 0; i < q->mta->ndirs && !s->count->cut_short; i++)
		if (scan_kind(s, q, dir, &q->mta->dirs[i]) != 0 && error == 0)
			error = errno;
	errno = error;
	return error == 0 ? 0 : -1;
}

/* --- a look at the messages whose names say too much --------------------- */

static void
scan_close(struct scan *s)
{
	if (s->control_fd != -1)
		close(s->control_fd);
	if (s->body_fd != -1)
		close(s->body_fd);
	s->control_fd = s->body_fd = -1;
	s->dir = NULL;
}

static void
scan_open(struct scan *s, const struct elder *e)
{
	const char *body = s->mta->body_subdir;

	if (s->dir == e->dir && s->kind == e->kind)
		return;
	scan_close(s);
	s->dir = e->dir;
	s->kind = e->kind;
	s->control_fd = queue_open_kind(e->dir, e->kind);
	s->body_fd = body != NULL ? queue_open_dir(e->dir, body) :
				    queue_open_kind(e->dir, e->kind);
}

/*
 * What the body of a message says of its age; -1: nothing that can be true.
 * False when the message left the queue.
 */
static bool
scan_look(struct scan *s, const struct elder *e, int64_t *age)
{
	const struct mta *mta = s->mta;
	int64_t when;

	*age = -1;
	if (mta->received == NULL)
		return true;
	scan_open(s, e);
	if (s->control_fd == -1 || s->body_fd == -1)
		return true;
	if (mta->received(s->body_fd, e->name, &when) == 0) {
		if (dated_judge(when, s->opt->now) == DATED_FINE)
			*age = scan_age(s, when);
		return true;
	}
	/* A message without a body there, or none any longer? */
	return errno != ENOENT ||
	    mta->arrival(s->control_fd, s->body_fd, e->name, &when) == 0 ||
	    errno != ENOENT;
}

/* Is there time for another look, after n of them? */
static bool
scan_may_look(const struct scan *s, size_t n)
{
	return n < SCAN_LOOKS_LATE || !when_passed(s->opt->deadline);
}

/* Messages whose names can't be true may have a body that is. */
static void
scan_look_odd(struct scan *s)
{
	struct scan_count *c = s->count;
	int64_t age;
	size_t i;

	for (i = 0; i < s->odd.n && scan_may_look(s, i); i++) {
		if (!scan_look(s, &s->odd.v[i], &age)) {
			c->queued--;
			c->undated--;
		} else if (age != -1) {
			c->undated--;
			scan_aged(s, age);
		}
	}
}

/*
 * The messages over a limit by their names, from the oldest on.  Of those that
 * are not looked at it is known that they are not older than their names say,
 * which is believed as long as no name was found to be wrong.
 */
static void
scan_look_old(struct scan *s)
{
	struct scan_count *c = s->count;
	uint64_t rest = s->over;
	bool wrong = false;
	int64_t next, age;
	size_t i;

	elders_sort(&s->old);
	for (i = 0; i < s->old.n && scan_may_look(s, i); i++) {
		const struct elder *e = &s->old.v[i];
		bool over = e->age > s->opt->late_after;

		rest -= over;
		if (!scan_look(s, e, &age)) {
			c->queued--;
			continue;
		}
		/* It can't have come before the time in its name. */
		if (age == -1 || age > e->age)
			age = e->age;
		wrong = wrong || (over && age <= s->opt->late_after);
		scan_aged(s, age);
	}
	next = i < s->old.n ? s->old.v[i].age : s->old.next;
	/* All that were looked at may have left: some are late all the same. */
	if (!wrong && rest != 0 && c->oldest <= s->opt->late_after)
		c->oldest = next;
	c->oldest_max = next > c->oldest + SCAN_SLACK ? next : c->oldest;
	c->late_max = c->late + rest;
	if (!wrong)
		c->late += rest;
}

void
scan_count_queue(const struct queue *q, const struct scan_options *opt,
    struct scan_count *count)
{
	struct scan s = {
		.mta = q->mta,
		.opt = opt,
		.count = count,
		.control_fd = -1,
		.body_fd = -1,
	};
	size_t i;

	elders_init(&s.old);
	elders_init(&s.odd);
	*count = (struct scan_count){ 0 };
	for (i = 0; i < q->ndirs && !count->cut_short; i++) {
		if (when_passed(opt->deadline)) {
			count->cut_short = true;
			break;
		}
		if (scan_directory(&s, q, &q->dirs[i]) == 0)
			continue;
		if (count->failed++ == 0) {
			count->failed_dir = &q->dirs[i];
			count->error = errno;
		}
	}
	scan_look_odd(&s);
	scan_look_old(&s);
	scan_close(&s);
}
