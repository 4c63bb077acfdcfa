/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * when.c - the time of day, a steady clock, and a deadline
 *
 * CLOCK_MONOTONIC stands still while a Linux machine is suspended.  Compared
 * with the time of day, that looks as if the clock had been set.
 */
#include <time.h>

#include "base/when.h"

static int64_t
when_system_wall(void *arg)
{
	(void)arg;
	return (int64_t)time(NULL);
}

static int64_t
when_system_mono(void *arg)
{
	struct timespec ts;

	(void)arg;
	if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0)
		return 0; /* cannot happen with this clock */
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

const struct when_clock when_system = { when_system_wall, when_system_mono,
	NULL };

int64_t
when_wall(const struct when_clock *c)
{
	return c->wall(c->arg);
}

int64_t
when_mono(const struct when_clock *c)
{
	return c->mono(c->arg);
}

struct when_deadline
when_after(const struct when_clock *c, int64_t ms)
{
	return (struct when_deadline){ c, when_mono(c) + ms };
}

bool
when_passed(const struct when_deadline *d)
{
	return when_mono(d->clock) >= d->at;
}

int64_t
when_left(const struct when_deadline *d)
{
	int64_t left = d->at - when_mono(d->clock);

	return left > 0 ? left : 0;
}
