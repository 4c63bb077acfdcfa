/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * linger.c - locked files that stay locked for a moment after their change
 *
 * Owns the descriptors that it is given.  Threads may give it some at once;
 * one that finds no room waits, and the others behind it.  It never fails once
 * it has started.
 *
 * A process that is stopped between its open and its lock for longer than the
 * files are kept gets the lock all the same.
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "mta/sendmail/linger.h"

int
sendmail_linger_start(struct sendmail_linger *l, const struct when_clock *clock,
    int64_t ms, size_t max)
{
	*l = (struct sendmail_linger){ .clock = clock, .ms = ms };
	pthread_mutex_init(&l->lock, NULL);
	if (ms <= 0 || max == 0)
		return 0;
	if ((l->v = calloc(max, sizeof(*l->v))) == NULL)
		return -1;
	l->max = max;
	return 0;
}

/* A signal does not end it earlier. */
static void
sendmail_linger_sleep(int64_t ms)
{
	struct timespec t = { (time_t)(ms / 1000),
		(long)(ms % 1000) * 1000000 };

	while (nanosleep(&t, &t) != 0 && errno == EINTR)
		;
}

static void
sendmail_linger_close_first(struct sendmail_linger *l)
{
	close(l->v[l->first].fd);
	l->first = (l->first + 1) % l->max;
	l->n--;
}

/* Closes what was kept long enough; the oldest in any case if wait. */
static void
sendmail_linger_expire(struct sendmail_linger *l, bool wait)
{
	int64_t now = when_mono(l->clock);

	if (wait && l->n != 0 && l->v[l->first].until > now) {
		sendmail_linger_sleep(l->v[l->first].until - now);
		now = l->v[l->first].until;
	}
	while (l->n != 0 && l->v[l->first].until <= now)
		sendmail_linger_close_first(l);
}

void
sendmail_linger_keep(struct sendmail_linger *l, int fd)
{
	if (l->max == 0) {
		close(fd);
		return;
	}
	pthread_mutex_lock(&l->lock);
	sendmail_linger_expire(l, l->n == l->max);
	l->v[(l->first + l->n) % l->max] = (struct sendmail_linger_file){
		.fd = fd,
		.until = when_mono(l->clock) + l->ms,
	};
	l->n++;
	pthread_mutex_unlock(&l->lock);
}

void
sendmail_linger_drain(struct sendmail_linger *l)
{
	pthread_mutex_lock(&l->lock);
	while (l->n != 0)
		sendmail_linger_expire(l, true);
	pthread_mutex_unlock(&l->lock);
}

void
sendmail_linger_end(struct sendmail_linger *l)
{
	sendmail_linger_drain(l);
	free(l->v);
	l->v = NULL;
	l->max = 0;
	pthread_mutex_destroy(&l->lock);
}
