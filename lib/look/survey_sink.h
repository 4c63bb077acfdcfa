/* SPDX-License-Identifier: GPL-3.0-or-later */
/* survey_sink.h - what a survey is asked for, and who gets the messages */
#ifndef LOOK_SURVEY_SINK_H
#define LOOK_SURVEY_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/when.h"
#include "mail/envelope.h"
#include "mail/mta.h"
#include "mail/queue.h"

#define SURVEY_WORKERS 4 /* at most */

/*
 * One message, as it is visited; everything ends with the visit.  So does a
 * descriptor that the visit opens: a worker's descriptors may be its own.
 */
struct survey_message {
	const struct queue *queue;
	const struct queue_dir *dir;
	const struct mta_dir *kind; /* of directory */
	int control_fd;             /* names are from here */
	const char *name;           /* of the control file */
	struct span id;
	enum mta_state state;
	const struct envelope *envelope;
};

/*
 * What becomes of the messages.  Each worker has a context of its own, so
 * that none waits for another; contexts are worked on by one thread at a time.
 */
struct survey_sink {
	void *context[SURVEY_WORKERS];
	size_t ncontexts; /* how many workers there may be, 1 or more */

	/* 0; or -1, out of memory, which ends the survey. */
	int (*visit)(void *context, const struct survey_message *);

	/*
	 * Called for each context when all that was visited so far is a fair
	 * sample, or all.  In the end the context must discard what was
	 * visited after the last call, which is neither.  0, or -1.
	 */
	int (*commit)(void *context);

	/* For the parser; NULL if recipients don't matter. */
	envelope_recipient_fn *recipient;
};

struct survey_options {
	int64_t now;                          /* seconds since 1970 */
	const struct when_deadline *deadline; /* NULL: none */
	bool held;                            /* also held and lost ones */
	bool all_recipients;                  /* read on, to the limit */
	uint64_t seed;                        /* which sample is drawn */
	unsigned int window; /* reads under way a worker; 0: 128 */

	/* Called now and then by the calling thread; may be NULL. */
	void (*progress)(void *arg, uint64_t done, uint64_t total);
	void *progress_arg; /* total is 0 when not known yet */
};

#endif
