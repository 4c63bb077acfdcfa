/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cache.c - the last report, and who makes the next one
 *
 * Owns two descriptors: one of a directory that only this user can write to,
 * and one of a lock file in it.  The process that has the lock counts.  The
 * kernel releases the lock of a process that dies.  The lock file is never
 * removed.  The report is replaced by a rename, so that readers need no lock.
 *
 * A failure here does no harm, except that one more count is made.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/fsx.h"
#include "plug/state.h"
#include "report/read.h"
#include "tools/mqreport/cache.h"

#define MQREPORT_CACHE_WAIT     1000 /* for a younger one; milliseconds */
#define MQREPORT_CACHE_STEP     10   /* between two looks, at first */
#define MQREPORT_CACHE_STEP_MAX 100

/* What makes reports different: which queues, and whether with relays. */
static void
mqreport_cache_identity(struct buf *b, const struct mqreport_config *c)
{
	const struct queue *q;
	size_t i, j;

	buf_addf(b, "%zu relays\nroot %s\n", c->relays, c->root);
	for (i = 0; i < c->queues.n; i++) {
		q = &c->queues.v[i];
		buf_addf(b, "%s %s\n", q->name, queue_role_name(q->role));
		for (j = 0; j < q->ndirs; j++)
			buf_addf(b, "\t%s\n", q->dirs[j].path);
	}
}

int
mqreport_cache_open(struct mqreport_cache *cache,
    const struct mqreport_config *c, uid_t uid, struct buf *why)
{
	struct buf identity = BUF_INIT;
	int rc = -1;

	*cache = (struct mqreport_cache)MQREPORT_CACHE_INIT;
	mqreport_cache_identity(&identity, c);
	if (!identity.oom)
		state_key(&cache->key, "report", buf_str(&identity));
	if (identity.oom || cache->key.oom)
		buf_adds(why, "out of memory");
	else if ((cache->dir = state_open(c->cache_dir, uid, "mqreport",
		      why)) != -1)
		rc = 0;
	buf_free(&identity);
	return rc;
}

void
mqreport_cache_close(struct mqreport_cache *cache)
{
	if (cache->lock != -1)
		close(cache->lock);
	if (cache->dir != -1)
		close(cache->dir);
	buf_free(&cache->key);
	*cache = (struct mqreport_cache)MQREPORT_CACHE_INIT;
}

/*
 * Is a report young enough?  Its age begins at the end of its count.  A report
 * that took longer to count than max_age is used for as long as it took, so
 * that a server never spends more than half of its time on counting.
 */
static bool
mqreport_cache_is_young(const struct report *r, int64_t now, int64_t max_age)
{
	int64_t took = r->took / 1000, age = now - (r->time + took);

	/*
	 * The clock was set back, so that the age of the report is not known.
	 */
	if (r->time > now)
		return false;
	return age <= (took > max_age ? took : max_age);
}

/* The report that is there; false: none. */
static bool
mqreport_cache_load(const struct mqreport_cache *cache, struct report *r)
{
	struct buf text = BUF_INIT;
	enum report_fault fault = REPORT_GARBAGE;
	const char *why;

	if (fsx_read(cache->dir, buf_str(&cache->key), O_NOFOLLOW, REPORT_MAX,
		&text) == 0)
		fault = report_read(r, text.data, text.len, &why);
	if (fault == REPORT_FAILED)
		report_free(r);
	buf_free(&text);
	return fault == REPORT_FINE;
}

/*
 * Takes the lock if nobody has it.  True also if locks are not possible here.
 */
static bool
mqreport_cache_lock(struct mqreport_cache *cache)
{
	struct buf name = BUF_INIT;
	int fd = -1, error;

	buf_adds(&name, buf_str(&cache->key));
	buf_adds(&name, ".lock");
	if (!name.oom)
		fd = openat(cache->dir, buf_str(&name),
		    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	buf_free(&name);
	if (fd == -1)
		return true;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		cache->lock = fd;
		return true;
	}
	error = errno;
	close(fd);
	return error != EWOULDBLOCK && error != EINTR;
}

/* A young report, or the lock; false: neither yet. */
static bool
mqreport_cache_try(struct mqreport_cache *cache, int64_t max_age,
    const struct when_clock *clock, struct report *r,
    enum mqreport_cache_answer *answer)
{
	bool locked = false;

	*answer = MQREPORT_CACHE_YOUNG;
	for (;;) {
		if (mqreport_cache_load(cache, r)) {
			if (mqreport_cache_is_young(r, when_wall(clock),
				max_age))
				return true;
			report_free(r);
		}
		if (locked) {
			*answer = MQREPORT_CACHE_COUNT;
			return true;
		}
		/*
		 * Another process may have stored a report just before we got
		 * the lock.
		 */
		if (!(locked = mqreport_cache_lock(cache)))
			return false;
	}
}

static void
mqreport_cache_sleep(long ms)
{
	const struct timespec t = { .tv_nsec = ms * 1000000 };

	nanosleep(&t, NULL);
}

/*
 * Loads an older report if it is good enough.  Before the time is over, it has
 * to be one that readers do not take for stale; after that, any report is
 * better than none.
 */
static bool
mqreport_cache_old(const struct mqreport_cache *cache, bool passed,
    const struct when_clock *clock, struct report *r)
{
	const char *why;

	if (!mqreport_cache_load(cache, r))
		return false;
	if (passed ||
	    report_check_time(r, when_wall(clock), REPORT_STALE, &why) ==
		REPORT_FINE)
		return true;
	report_free(r);
	return false;
}

enum mqreport_cache_answer
mqreport_cache_get(struct mqreport_cache *cache, int64_t max_age,
    const struct when_deadline *deadline, struct report *r)
{
	struct when_deadline patience = when_after(deadline->clock,
	    MQREPORT_CACHE_WAIT);
	enum mqreport_cache_answer answer;
	long step = MQREPORT_CACHE_STEP;
	bool passed;

	for (;;) {
		if (mqreport_cache_try(cache, max_age, deadline->clock, r,
			&answer))
			return answer;
		passed = when_passed(deadline);
		if ((passed || when_passed(&patience)) &&
		    mqreport_cache_old(cache, passed, deadline->clock, r))
			return MQREPORT_CACHE_OLD;
		if (passed)
			return MQREPORT_CACHE_NONE;
		mqreport_cache_sleep(step);
		step = step * 3 / 2;
		if (step > MQREPORT_CACHE_STEP_MAX)
			step = MQREPORT_CACHE_STEP_MAX;
	}
}

void
mqreport_cache_put(struct mqreport_cache *cache, const struct buf *text)
{
	/*
	 * A failure is ignored: the caller has its answer, and only the next
	 * one pays for another count.
	 */
	if (cache->dir != -1 && !text->oom && text->len <= REPORT_MAX)
		(void)fsx_replace(cache->dir, buf_str(&cache->key), text->data,
		    text->len);
	if (cache->lock != -1)
		close(cache->lock);
	cache->lock = -1;
}
