/* SPDX-License-Identifier: GPL-3.0-or-later */
/* survey.h - reads the control files of queues, all of them or a sample */
#ifndef LOOK_SURVEY_H
#define LOOK_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "look/survey_sink.h"
#include "mail/queue.h"

/* How many contexts there should be: as the machine has CPUs, or as wanted. */
size_t survey_workers(unsigned int wanted);

struct survey_queue {
	uint64_t queued; /* by names, or read */
	uint64_t held;
	uint64_t lost;
	size_t failed; /* directories that can't be read */
};

struct survey_result {
	uint64_t total;      /* messages there are, a guess if */
	uint64_t read;       /* sampled; how many were read */
	bool sampled;        /* read is a fair sample of total */
	bool cut_short;      /* not all names were seen in time: */
			     /* total is a lower bound */
	uint64_t vanished;   /* left while we looked: no messages */
	uint64_t held;       /* by what is in the file: not asked for, */
			     /* and in no number above */
	uint64_t moved;      /* counted in an incoming queue */
	uint64_t unreadable; /* files that can't be read */
	size_t failed;       /* directories that can't be read */

	/* The first of either, and why; name "" for a directory. */
	const struct queue *failed_queue;
	const struct queue_dir *failed_dir;
	char failed_name[32];
	int error; /* errno */

	struct survey_queue *queue; /* one for each of the list */
};

/*
 * Reads the messages of all queues, incoming queues first, and gives each to
 * the sink.  A message that the content scanner moves from an incoming to
 * another queue meanwhile, or that is in both, is given once, from where it
 * was read first.
 *
 * Only regular files are read, and only their beginning; no file is locked, no
 * body is opened.  What vanishes is nothing.  What can't be read is counted.
 *
 * With a deadline, names are listed first, then read in an order that has
 * nothing to do with the order they arrived in; when time runs out, what was
 * committed is a fair sample.  Without one, all is read as it is listed.
 *
 * 0, also when a directory or file can't be read; -1 with errno: out of
 * memory.  Free with survey_free() in both cases.
 */
int survey_run(const struct queue_list *, const struct survey_options *,
    const struct survey_sink *, struct survey_result *);
void survey_free(struct survey_result *);

#endif
