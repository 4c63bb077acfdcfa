/* SPDX-License-Identifier: GPL-3.0-or-later */
/* linger.h - locked files that stay locked for a moment after their change */
#ifndef MTA_SENDMAIL_LINGER_H
#define MTA_SENDMAIL_LINGER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/when.h"

/*
 * MailScanner opens a control file, then locks it, and then does not look
 * whether the file still has its name.  If it opens one just before it is
 * held, and could lock it just after, it would deliver the message and remove
 * its body.  So both files that had the name stay locked: it does not wait for
 * a lock, but skips the message.  The old file has no name any more, so that
 * nobody else misses it.
 *
 * How long: the gap between open and lock is 10 microseconds in perl, but as
 * long as another process is let run in it.  Of 250,000 opens by four
 * processes on two CPUs, beside eight that only use up time, the longest took
 * 164 ms; and of 3,800 to 9,000 holds meanwhile so many were locked too late:
 *   kept for   0   5  20  50  100  250 ms
 *   too late  22  12   3   2    0    0
 * Without the eight: 8 to 14 ms, and 5 of 16,746 holds at 0, 1 of 19,137 at
 * 1 ms, none of 13,755 at 20 ms.
 */
struct sendmail_linger_file {
	int fd;
	int64_t until; /* mono, milliseconds */
};

struct sendmail_linger {
	const struct when_clock *clock;
	int64_t ms;
	struct sendmail_linger_file *v; /* a ring of max, the oldest at first */
	size_t max, first, n;
	pthread_mutex_t lock;
};

/*
 * Files are kept for ms milliseconds, and max of them at once; with either 0
 * they are closed at once.  0; or -1: out of memory.  End it in both cases.
 */
int sendmail_linger_start(struct sendmail_linger *, const struct when_clock *,
    int64_t ms, size_t max);

/* Takes a descriptor.  Waits for the oldest if there is no room. */
void sendmail_linger_keep(struct sendmail_linger *, int fd);

/* Waits until all have been kept long enough, and closes them. */
void sendmail_linger_drain(struct sendmail_linger *);

/* The same, and frees what it owns. */
void sendmail_linger_end(struct sendmail_linger *);

#endif
